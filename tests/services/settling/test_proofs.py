from datetime import timedelta

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import GatewayQuestion, GatewayTransaction
from pos.money import Currency, Money
from pos.services.asking import questions
from pos.states import PaymentStatus, Remark, SaleStatus
from tests import said
from tests.factories import charge, khr, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus
MINUTES = timedelta(minutes=1)
TEN = 10 * MINUTES
TINY = timedelta(milliseconds=1)


@pytest.fixture
def payment(context, shop):
    return charge(open_shift(shop), usd("3.50"))


def booked():
    return list(db.session.scalars(select(GatewayTransaction).order_by(GatewayTransaction.id)))


def assert_settled(payment):
    (money,) = booked()
    assert (payment.status, payment.sale.status) == (P.PAID, SaleStatus.PAID)
    assert money.settles_sale_id == payment.sale_id
    assert payment.paid_shift_id == payment.sale.shift_id


def assert_not_settled(payment):
    assert payment.status is not P.PAID
    assert payment.sale.status is SaleStatus.OPEN
    assert payment.paid_at is None
    assert [money.settles_sale_id for money in booked() if money.settles_sale_id] == []


@pytest.mark.parametrize("amount", [usd("0.01"), usd("100000"), khr("1"), khr("400000000")])
def test_exactly_the_right_money_settles_the_sale(shop, amount):
    payment = charge(open_shift(shop), amount)
    said.tell(payment, said.paid(payment))
    assert_settled(payment)
    assert payment.remark is None


FITTING = [
    {"receiver": " MEKONG_coffee@Prac "},
    {"tracking": "SUCCESS"},
    {"tracking": "ACKNOWLEDGED_BY_FI"},
    {"tracking": "RECEIVE_AT_RECEIVER_BANK"},
    {"tracking": "a word nobody knows"},
    {"payer": "", "bank_reference": ""},
]


@pytest.mark.parametrize("changes", FITTING, ids=str)
def test_what_proves_nothing_against_it_does_not_hold_it_up(payment, changes):
    said.tell(payment, said.paid(payment, **changes))
    assert_settled(payment)


WRONG = [
    ({"amount": Money(349, Currency.USD)}, Remark.UNDERPAID),
    ({"amount": Money(351, Currency.USD)}, Remark.OVERPAID),
    ({"amount": Money(1, Currency.USD)}, Remark.UNDERPAID),
    ({"amount": Money(350, Currency.KHR)}, Remark.WRONG_CURRENCY),
    ({"amount": Money(14_000, Currency.KHR)}, Remark.WRONG_CURRENCY),
    ({"receiver": "somebody_else@prac"}, Remark.WRONG_RECEIVER),
    ({"receiver": "mekong_coffee@prac.evil"}, Remark.WRONG_RECEIVER),
]


@pytest.mark.parametrize(("changes", "remark"), WRONG)
def test_wrong_money_is_kept_and_settles_nothing(payment, changes, remark):
    said.tell(payment, said.paid(payment, **changes))
    assert_not_settled(payment)
    assert (payment.status, payment.remark) == (P.MISMATCH, remark)
    assert len(booked()) == 1


UNBELIEVABLE = [
    {"paid_at": -TEN - TINY},
    {"paid_at": -timedelta(days=1)},
    {"paid_at": TEN + TINY},
    {"paid_at": timedelta(days=1)},
    {"tracking": "FAILED_AT_ACH"},
    {"tracking": "REFUNDED_BY_RECEIVER"},
    {"tracking": "Reversed"},
    {"tracking": "returned_to_payer"},
]


@pytest.mark.parametrize("changes", UNBELIEVABLE, ids=str)
def test_what_cannot_be_true_books_nothing_and_is_kept_as_trouble(payment, clock, changes):
    if "paid_at" in changes:
        changes = {"paid_at": clock.time + changes["paid_at"]}
    said.tell(payment, said.paid(payment, **changes))
    assert_not_settled(payment)
    assert booked() == []
    assert payment.status is P.AWAITING
    assert payment.trouble in ("garbled", "other")
    assert db.session.scalars(select(GatewayQuestion.outcome)).one() == "paid"


@pytest.mark.parametrize("off", [-TEN, -7 * MINUTES, 7 * MINUTES, TEN], ids=str)
def test_a_clock_at_the_bank_that_is_minutes_off_changes_nothing(payment, clock, off):
    clock.advance(60)
    said.tell(payment, said.paid(payment, paid_at=payment.made_at + off))
    assert_settled(payment)
    assert payment.remark is None


def test_money_of_another_sale_settles_no_second_one(payment, shop):
    said.tell(payment, said.paid(payment, reference="one-and-the-same"))
    second = charge(payment.sale.shift, usd("3.50"))
    said.tell(second, said.paid(second, reference="one-and-the-same"))
    assert_settled(payment)
    assert (second.status, second.trouble) == (P.AWAITING, "garbled")
    assert second.sale.status is SaleStatus.OPEN


def test_the_same_answer_told_again_changes_nothing(payment):
    answer = said.paid(payment)
    said.tell(payment, answer)
    settled_at = payment.changed_at
    said.tell(payment, answer)
    assert_settled(payment)
    assert payment.changed_at == settled_at


def test_what_the_bank_said_is_kept_with_the_money(payment, clock):
    said.tell(payment, said.paid(payment, bank_reference="100FT7", confirmed_at=clock.time))
    (money,) = booked()
    assert (money.gateway, money.reference) == ("bakong", f"hash-of-{payment.tran_id}")
    assert (money.payer, money.bank_reference) == ("customer@practice", "100FT7")
    assert money.amount == payment.amount
    assert money.recorded_at == money.confirmed_at == money.paid_at == clock.time


ON_THE_WIRE = [
    ({"wrong_amount": True}, P.MISMATCH),
    ({"set": {"currency": "KHR", "amount": 14_000}}, P.MISMATCH),
    ({"wrong_currency": True}, P.AWAITING),  # three and a half riel are no money
    ({"wrong_account": True}, P.MISMATCH),
    ({"older_time": 86_400}, P.AWAITING),
    ({"older_time": -86_400}, P.AWAITING),
    ({"tracking_status": "REFUNDED_BY_RECEIVER"}, P.AWAITING),
    ({"no_hash": True}, P.AWAITING),
    ({"null_data": True}, P.AWAITING),
    ({"without": ["toAccountId"]}, P.AWAITING),
    ({"without": ["createdDateMs"]}, P.AWAITING),
    ({"nan_amount": True}, P.AWAITING),
    ({"big_amount": True}, P.AWAITING),
    ({"duplicate_keys": True}, P.AWAITING),
    ({"status_body": 500}, P.AWAITING),
]


@pytest.mark.parametrize(("fault", "status"), ON_THE_WIRE, ids=str)
def test_money_at_the_bank_told_wrongly_settles_nothing(payment, bank, clock, fault, status):
    bank.pay(payment.qr_string)
    bank.misbehave(**fault)
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert payment.status is status
    assert_not_settled(payment)


@pytest.mark.parametrize("fault", ["amount_text", "ms_float", "extra_fields"])
def test_money_told_in_another_form_settles_all_the_same(payment, bank, clock, fault):
    bank.pay(payment.qr_string)
    bank.misbehave(**{fault: True})
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert_settled(payment)


def test_money_paid_wrongly_at_the_bank_is_a_mismatch(payment, bank, clock):
    bank.pay(payment.qr_string, amount="3.49")
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert (payment.status, payment.remark) == (P.MISMATCH, Remark.UNDERPAID)
