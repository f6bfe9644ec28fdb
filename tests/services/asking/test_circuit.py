import pytest

from pos.extensions import db
from pos.gateways.base import Outcome, Trouble
from pos.models import GatewayAccount
from pos.services.asking import questions, quota
from pos.services.banking import accounts
from pos.services.selling import checkout
from pos.states import PaymentStatus
from tests.budgeting import allow, asked, checks_of
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus


@pytest.fixture
def account(context, shop):
    return db.session.get_one(GatewayAccount, shop.account_id)


@pytest.fixture(autouse=True)
def ten_a_day(context, shop):
    allow(shop, 10)


def test_code_17_closes_the_circuit_for_every_payment_until_midnight(shop, bank, clock):
    first, second = charge(open_shift(shop)), None
    checkout.cancel(first, who="cashier:dara")
    second = charge(first.sale.shift)
    bank.misbehave(daily_limit=0)
    questions.ask(first.id, who="worker")
    bank.behave()
    for one in (first, second):
        questions.ask(one.id, who="worker", by_person=True)
    assert [first.trouble, second.trouble] == ["quota", "quota"]
    assert (first.status, second.status) == (P.CANCEL_REQUESTED, P.AWAITING)
    assert len(checks_of(bank)) == 1
    clock.time = quota.next_day(clock.time)
    questions.ask(first.id, who="worker")
    assert first.status is P.CANCELLED


def test_a_new_key_opens_the_circuit(shop, bank):
    payment = charge(open_shift(shop))
    bank.misbehave(daily_limit=0)
    questions.ask(payment.id, who="worker")
    bank.behave()
    accounts.store_token(shop.account_id, bank.token())
    assert questions.ask(payment.id, who="worker").outcome is Outcome.NOT_FOUND


def test_a_bank_that_asks_for_rest_is_let_alone_as_long_as_it_says(shop, bank, clock):
    payment = charge(open_shift(shop))
    bank.misbehave(status=429, retry_after=40)
    questions.ask(payment.id, who="worker")
    bank.behave()
    clock.advance(38)
    assert questions.check_now(payment, who="cashier:dara").trouble is Trouble.BUSY
    clock.advance(2)
    assert questions.check_now(payment, who="cashier:dara").outcome is Outcome.NOT_FOUND


def fail(payment, times):
    for _ in range(times):
        questions.ask(payment.id, who="worker")


def test_a_dead_bank_is_tried_by_one_question_at_a_time(shop, bank, clock):
    allow(shop, 0)
    payment = charge(open_shift(shop))
    bank.misbehave(status=503)
    fail(payment, 9)
    assert len(checks_of(bank)) == 5
    clock.advance(15)
    fail(payment, 3)
    assert len(checks_of(bank)) == 6
    bank.behave()
    assert questions.check_now(payment, who="cashier:dara").outcome is Outcome.NOT_FOUND
    fail(payment, 1)
    assert len(checks_of(bank)) == 8


def test_with_a_limit_each_pause_is_twice_the_last_and_all_wake_at_an_answer(shop, bank, clock):
    payment = charge(open_shift(shop))
    bank.misbehave(status=503)
    fail(payment, 5)
    for pause in (15, 30):
        clock.advance(pause - 1)
        fail(payment, 1)
        clock.advance(1)
        fail(payment, 1)
    assert len(checks_of(bank)) == 7
    fail(payment, 1)
    bank.behave()
    questions.check_now(payment, who="cashier:dara")
    assert (payment.trouble, asked(shop)) == ("", [8])


def test_a_question_that_never_left_the_house_costs_nothing(shop):
    payment = charge(open_shift(shop))
    fail(payment, 3)
    assert payment.trouble == "unreachable"
    assert asked(shop) == [0]


def test_a_clock_set_back_does_not_lengthen_a_pause(shop, bank, clock):
    payment = charge(open_shift(shop))
    bank.misbehave(status=503)
    fail(payment, 6)
    assert len(checks_of(bank)) == 5
    clock.advance(hours=-1)
    bank.behave()
    fail(payment, 1)
    assert (len(checks_of(bank)), payment.trouble) == (6, "")


def test_a_clock_set_back_by_a_minute_does_not_lengthen_a_short_pause(shop, bank, clock):
    allow(shop, 0)
    payment = charge(open_shift(shop))
    bank.misbehave(status=503)
    fail(payment, 6)
    clock.advance(-90)
    bank.behave()
    fail(payment, 1)
    assert (len(checks_of(bank)), payment.trouble) == (6, "")
