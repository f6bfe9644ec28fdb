from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import func, select, update

from pos.database import writing
from pos.errors import LeaseLost
from pos.extensions import db
from pos.models import GatewayQuestion, Lease, PaymentEvent, Till
from pos.services.asking import questions
from pos.services.settling import answers
from pos.services.shop import lease
from pos.states import PaymentStatus
from tests import racing
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.fixture
def payment(context, shop):
    return charge(open_shift(shop))


def replaced(clock):
    """Hold the lease, pause until another has it, and return the number of before."""
    fence = lease.hold("paused")
    clock.advance(11)
    assert lease.hold("next") == fence + 1
    return fence


def count(table):
    return db.session.scalar(select(func.count(table.id)))


def test_the_number_grows_with_each_holder_and_stays_while_one_renews(clock):
    numbers = []
    for holder in ("one", "one", "two", "two", "one"):
        clock.advance(11)
        numbers.append(lease.hold(holder))
    assert numbers == [1, 1, 2, 2, 3]


def test_a_holder_who_left_and_came_back_before_others_was_not_replaced(clock):
    first = lease.hold("one")
    lease.release("one")
    assert lease.hold("one") == first


def test_a_paused_holder_ends_no_qr_any_more(payment, clock):
    fence = replaced(clock)
    clock.advance(300)
    with lease.fenced(fence), pytest.raises(LeaseLost):
        answers.expire_due()
    db.session.expire_all()
    assert (payment.status, count(PaymentEvent)) == (P.AWAITING, 1)
    with lease.fenced(fence + 1):
        answers.expire_due()
    assert payment.status is P.EXPIRING


def test_a_paused_holder_asks_about_nothing_any_more(payment, bank, clock):
    fence = replaced(clock)
    with lease.fenced(fence), pytest.raises(LeaseLost):
        questions.ask_if_due(payment.id)
    assert bank.calls() == []
    with lease.fenced(fence + 1):
        assert questions.ask_if_due(payment.id)


def ask_and_be_replaced(app, payment, bank, clock):
    """Ask; the lease is taken over while the bank holds the question. Return what was raised."""
    fence, claimed_at = lease.hold("paused"), payment.next_check_at
    bank.misbehave(delay=0.8)

    def ask():
        with app.app_context(), lease.fenced(fence):
            return questions.ask_if_due(payment.id)

    with ThreadPoolExecutor(1) as paused:
        asking = paused.submit(ask)
        while payment.next_check_at == claimed_at:
            db.session.rollback()
        clock.advance(11)
        assert lease.hold("next") == fence + 1
        return asking.exception(10)


def test_an_old_not_found_of_a_paused_holder_is_not_written(app, payment, bank, clock):
    clock.advance(3)
    assert isinstance(ask_and_be_replaced(app, payment, bank, clock), LeaseLost)
    assert count(GatewayQuestion) == 0
    clock.advance(60)
    assert questions.due() == [payment.id]


def test_money_that_a_paused_holder_heard_of_is_booked_all_the_same(app, payment, bank, clock):
    bank.pay(payment.qr_string)
    clock.advance(3)
    assert ask_and_be_replaced(app, payment, bank, clock) is None
    db.session.rollback()
    assert payment.status is P.PAID


def test_outside_a_job_nothing_is_fenced(payment, clock):
    replaced(clock)
    with lease.fenced(1), lease.unfenced():
        questions.check_now(payment, who="cashier:dara")
    questions.ask(payment.id, who="worker")
    assert count(GatewayQuestion) == 2


def test_who_takes_over_waits_for_what_the_old_holder_is_writing(app, clock, payment):
    lease.hold("one")
    with writing(db.session):
        db.session.execute(update(Lease).values(ends_at=clock.time))
    results = racing.race(app, *[partial(numbered, 1)] * 8, partial(lease.hold, "two"))
    assert results[-1] == 2
    assert {type(one) for one in results[:-1]} <= {LeaseLost, int}
    assert all(seen == 1 for seen in results[:-1] if isinstance(seen, int))


def numbered(fence):
    """Write under a number; return which was the newest when all was written."""
    with lease.fenced(fence), writing(db.session):
        db.session.execute(update(Till).values(screen_version=Till.screen_version + 1))
        return db.session.scalar(select(Lease.fence))
