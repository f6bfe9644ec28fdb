from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from pos.database import writing
from pos.errors import ConfigError, TooSoon
from pos.extensions import db
from pos.models import GatewayQuestion
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.states import PaymentStatus
from tests import racing, said
from tests.factories import NO_FLOAT, charge, open_shift

pytestmark = pytest.mark.usefixtures("context", "bank")


@pytest.fixture
def payment(context, shop):
    return charge(open_shift(shop))


def asked():
    return db.session.scalar(select(func.count(GatewayQuestion.id)))


def test_a_payment_is_due_when_its_time_comes_and_not_before(payment, clock):
    clock.advance(2.999)
    assert questions.due() == []
    assert not questions.ask_if_due(payment.id)
    clock.advance(0.001)
    assert questions.due() == [payment.id]
    assert questions.ask_if_due(payment.id)
    assert questions.due() == []


def test_the_longest_due_comes_first(payment, shop, clock):
    clock.advance(1)
    other = charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT))
    clock.advance(10)
    assert questions.due() == [payment.id, other.id]
    assert questions.due(limit=1) == [payment.id]


def test_eight_workers_ask_about_a_payment_once(app, payment, clock, bank):
    clock.advance(3)
    results = racing.race(app, *[partial(questions.ask_if_due, payment.id)] * 8)
    assert sorted(results) == [False] * 7 + [True]
    assert len(bank.calls()) == asked() == 1


def test_a_payment_whose_asker_died_is_asked_about_again(payment, clock, settings):
    clock.advance(3)
    sealed, payment_id = replace_seal(payment.account, "broken"), payment.id
    with pytest.raises(ConfigError):
        questions.ask_if_due(payment_id)
    replace_seal(payment.account, sealed)
    clock.advance(settings.gateway_seconds + 2.999)
    assert not questions.ask_if_due(payment.id)
    clock.advance(0.001)
    assert questions.ask_if_due(payment.id)


def replace_seal(account, sealed):
    """Spoil what the asker needs, after its claim; return what stood there."""
    before = account.token_sealed
    with writing(db.session):
        account.token_sealed = sealed
    return before


def test_a_cashier_who_waits_is_answered_at_once(payment, bank):
    bank.pay(payment.qr_string)
    answer = questions.check_now(payment, who="cashier:dara")
    assert (str(answer.outcome), payment.status) == ("paid", PaymentStatus.PAID)
    assert db.session.scalars(select(GatewayQuestion.who)).one() == "cashier:dara"


def test_check_now_is_taken_once_in_two_seconds_at_a_till(payment, clock):
    questions.check_now(payment, who="cashier:dara")
    clock.advance(1.999)
    with pytest.raises(TooSoon) as refused:
        questions.check_now(payment, who="cashier:dara")
    assert (refused.value.status, asked()) == (429, 1)
    clock.advance(0.001)
    questions.check_now(payment, who="cashier:dara")
    assert asked() == 2


def test_eight_presses_at_once_are_one_question(app, payment):
    press = partial(questions.check_now, who="cashier:dara")
    read = partial(db.session.get_one, type(payment), payment.id)
    results = racing.race(app, *[press] * 8, read=read)
    assert [type(one) for one in racing.errors(results)] == [TooSoon] * 7
    assert asked() == 1


def test_the_pause_is_each_tills_own(payment, shop):
    other = charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT))
    for one in (payment, other):
        assert questions.check_now(one, who="cashier:dara")


def test_an_answer_moves_the_next_question_along_the_ladder(payment, clock):
    for seconds, following in ((3, 5), (5, 7), (7, 9)):
        clock.time = payment.shown_at + timedelta(seconds=seconds)
        assert questions.ask_if_due(payment.id)
        assert payment.next_check_at == payment.shown_at + timedelta(seconds=following)
    assert (payment.asked_at, payment.answered_at) == (clock.time, clock.time)


def test_a_question_without_an_answer_is_no_answer(payment, clock, bank):
    bank.misbehave(status=503)
    clock.advance(3)
    questions.ask_if_due(payment.id)
    assert (payment.asked_at, payment.answered_at) == (clock.time, None)


def test_what_is_paid_is_asked_about_no_more(payment, clock):
    said.tell(payment, said.paid(payment))
    clock.advance(days=2)
    assert questions.due() == []


def test_nobody_asks_about_a_given_up_qr_after_a_day(payment, clock):
    clock.time = payment.expires_at + timedelta(seconds=10)
    said.tell(payment, said.NOT_FOUND)
    assert payment.status is PaymentStatus.EXPIRED
    clock.advance(days=1)
    assert questions.ask_if_due(payment.id)
    assert payment.next_check_at is None
