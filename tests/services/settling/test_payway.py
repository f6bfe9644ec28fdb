"""A payment's life at PayWay: its QR comes from the bank, and is closed there."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from pos.database import writing
from pos.errors import QrWaiting
from pos.extensions import db
from pos.models import GatewayTransaction, Payment
from pos.services.asking import questions
from pos.services.banking import closing
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout, issuing
from pos.services.settling import answers
from pos.states import PaymentStatus, Remark, SaleStatus
from tests.factories import charge, khr, usd
from tests.gateways.payway.practice import MERCHANT_ID
from tests.payway import ask, asked, bills, close, settings, shift, shop

__all__ = ["settings", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus
WHO = "cashier:dara"


@pytest.mark.parametrize("amount", [usd("3.50"), khr("15000")])
def test_a_qr_from_the_bank_is_paid_by_polling_alone(shift, bank, clock, amount):
    payment = charge(shift, amount)
    assert (payment.status, payment.receiver) == (P.AWAITING, MERCHANT_ID)
    clock.advance(3)
    assert questions.ask_if_due(payment.id) and payment.status is P.AWAITING
    bank.pay(payment.qr_string)
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert (payment.status, payment.sale.status) == (P.PAID, SaleStatus.PAID)
    money = db.session.scalars(select(GatewayTransaction)).one()
    assert (money.amount, money.reference) == (amount, payment.tran_id)


@pytest.mark.parametrize("switches", [{"cut": True}, {"hang": 5}, {"status_body": 500}])
def test_a_lost_answer_leaves_no_qr_and_what_was_made_is_closed(shift, bank, switches):
    bank.misbehave(**switches)
    payment = charge(shift)
    assert (payment.status, payment.lookup) == (P.CREATE_FAILED, f"{payment.tran_id}:USD")
    bank.behave()
    close(payment)
    assert bills(bank) == {payment.tran_id: True}
    fresh = checkout.new_qr(payment, who=WHO)
    assert (fresh.status, asked(bank).count("generate-qr")) == (P.AWAITING, 2)
    assert fresh.tran_id != payment.tran_id


def test_a_program_that_died_before_the_answer_leaves_a_number_that_is_closed(shift, bank, clock):
    payment = charge(shift)
    with writing(db.session):
        died = {"status": P.CREATING, "qr_string": None}
        db.session.execute(update(Payment).values(**died))
    clock.advance(31)
    issuing.give_up_stuck()
    close(payment)
    assert payment.status is P.CREATE_FAILED and bills(bank) == {payment.tran_id: True}


def died_before_the_answer(payment):
    with writing(db.session):
        db.session.execute(update(Payment).values(status=P.CREATING, qr_string=None))
    return payment


@pytest.mark.parametrize("deed", ["charge", "look", "close"])
def test_no_till_hangs_on_a_qr_that_was_never_heard_of_while_no_worker_runs(
    shop, shift, bank, clock, deed
):
    payment = died_before_the_answer(charge(shift))
    clock.advance(29)
    with pytest.raises(QrWaiting):
        charge(shift)
    clock.advance(1)
    if deed == "charge":
        assert charge(shift).status is P.AWAITING
    elif deed == "look":
        checkout.go_on_making(shift.till_id, who=WHO)
        assert checkout.new_qr(payment, who=WHO).status is P.AWAITING
    else:
        assert shifts.close_shift(shift.id, shop.cashier.id).number == 1
    assert payment.status is P.CREATE_FAILED
    close(payment)
    assert bills(bank)[payment.tran_id] is True


def test_a_clock_that_was_set_back_keeps_no_till_waiting(shift, bank, clock):
    payment = died_before_the_answer(charge(shift))
    clock.advance(-3_600)
    assert charge(shift).status is P.AWAITING
    assert payment.status is P.CREATE_FAILED


def test_money_for_a_qr_that_was_never_heard_of_is_found_by_its_close(shift, bank, clock):
    payment = charge(shift)
    bank.pay(payment.qr_string)
    died_before_the_answer(payment)
    clock.advance(30)
    issuing.give_up_stuck()
    close(payment)
    assert questions.due() == [payment.id]
    ask(payment)
    assert (payment.status, payment.remark) == (P.CREATE_FAILED, Remark.PAID_LATE)


def test_a_bank_that_says_no_leaves_the_reason(shift, bank):
    bank.misbehave(payway_code="32")
    payment = charge(shift)
    assert payment.status is P.CREATE_FAILED and bills(bank) == {}


def test_a_cancel_closes_the_qr_at_once(shift, bank, clock):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    close(payment)
    assert bills(bank) == {payment.tran_id: True} and closing.due() == []
    clock.advance(10)
    assert ask(payment) is P.CANCELLED


def test_a_close_that_comes_too_late_has_the_money_asked_for_at_once(shift, bank, clock):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    clock.advance(10)
    assert ask(payment) is P.CANCELLED and questions.due() == []
    bank.pay(payment.qr_string)
    close(payment)
    assert payment.close_at is None and questions.due() == [payment.id]
    ask(payment)
    assert (payment.status, payment.remark) == (P.CANCELLED, Remark.PAID_AFTER_CANCEL)


def test_a_cancel_after_the_money_finds_it(shift, bank, clock):
    payment = charge(shift)
    bank.pay(payment.qr_string)
    checkout.cancel(payment, who=WHO)
    close(payment)
    assert payment.close_at is None and ask(payment) is P.PAID


def test_an_ended_qr_is_closed_after_the_grace(shift, bank, clock):
    payment = charge(shift)
    clock.time = payment.expires_at
    answers.expire_due()
    assert payment.status is P.EXPIRING and closing.due() == []
    clock.advance(10)
    close(payment)
    assert ask(payment) is P.EXPIRED


def test_money_for_a_closed_qr_is_kept_and_told(shift, bank, clock):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    close(payment)
    clock.advance(10)
    assert ask(payment) is P.CANCELLED
    clock.advance(600)
    bank.pay(payment.qr_string)
    ask(payment)
    assert (payment.status, payment.remark) == (P.CANCELLED, Remark.PAID_AFTER_CANCEL)
    assert len(db.session.scalars(select(GatewayTransaction)).all()) == 1


def test_a_close_in_trouble_is_tried_again_and_not_for_ever(shift, bank, clock):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    bank.misbehave(status=503)
    close(payment)
    assert closing.due() == []
    clock.advance(60)
    close(payment)
    clock.time = payment.expires_at + closing.LONGEST + timedelta(seconds=1)
    close(payment)
    assert payment.close_at is None


def test_a_qr_is_closed_by_one_asker(shift, bank):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    assert [closing.close_if_due(payment.id) for _ in range(2)] == [True, False]
    assert asked(bank).count("close-transaction") == 1
