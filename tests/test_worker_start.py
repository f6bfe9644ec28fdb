import time
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayQuestion, Payment
from pos.services.asking import questions
from pos.states import PaymentStatus
from pos.worker import Worker
from tests import factories
from tests.factories import charge, open_shift

pytestmark = pytest.mark.alone("waits eight seconds at most")

P = PaymentStatus


@pytest.fixture
def workers(app):
    made = []

    def worker():
        made.append(Worker(app))
        return made[-1]

    yield worker
    for one in made:
        one.stop()


@pytest.fixture
def payment(context, shop):
    return charge(open_shift(shop))


def test_after_a_start_every_open_qr_is_asked_about_before_any_ends(payment, workers, clock):
    clock.advance(304)
    worker = workers()
    worker.hold_lease()
    assert questions.due() == [payment.id]
    assert not worker.may_end_qrs()
    questions.ask_if_due(payment.id)
    assert worker.may_end_qrs()


def test_a_question_from_before_the_start_does_not_count(payment, workers, clock):
    questions.ask(payment.id, who="worker")
    clock.advance(1)
    worker = workers()
    worker.hold_lease()
    assert not worker.may_end_qrs()


def test_a_worker_that_takes_over_begins_as_one_that_starts(payment, workers, clock):
    first, second = workers(), workers()
    first.hold_lease()
    clock.advance(1)
    questions.ask(payment.id, who="worker")
    assert first.may_end_qrs()
    clock.advance(11)
    second.hold_lease()
    assert not second.may_end_qrs()


def test_a_qr_made_since_the_start_holds_up_nothing(workers, shop, clock, context):
    worker = workers()
    worker.hold_lease()
    charge(open_shift(shop))
    assert worker.may_end_qrs()


class TestNoWait:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"start_asks_seconds": 0})

    def test_a_bank_that_cannot_be_asked_holds_ends_up_for_so_long_only(
        self, payment, workers, clock
    ):
        clock.advance(304)
        worker = workers()
        worker.hold_lease()
        assert worker.may_end_qrs()


def test_a_qr_that_ended_while_no_worker_ran_is_asked_about_first(app, bank, workers):
    bank.misbehave(status=503, delay=0.7)
    with app.app_context():
        payment = charge(open_shift(factories.create_shop(bank.url, bank.token())))
        past = pos_clock.now() - timedelta(seconds=1)
        with writing(db.session):
            db.session.execute(update(Payment).values(expires_at=past))
        workers().start()
        end = time.monotonic() + 8
        while payment.status is P.AWAITING and time.monotonic() < end:
            db.session.rollback()
        asked = db.session.scalar(select(func.count(GatewayQuestion.id)))
        assert (payment.status, asked > 0) == (P.EXPIRING, True)


def test_each_worker_has_a_name_of_its_own(workers):
    one, other = workers(), workers()
    assert one.name != other.name
    assert max(len(one.name), len(other.name)) <= 64
