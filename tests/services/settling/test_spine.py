import pytest

from pos.services.asking import questions
from pos.services.settling import answers
from pos.states import PaymentStatus
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")


def test_money_at_the_bank_makes_the_payment_paid(shop, bank, clock):
    payment = charge(open_shift(shop))
    assert payment.status is PaymentStatus.AWAITING
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert payment.status is PaymentStatus.AWAITING
    bank.pay(payment.qr_string)
    clock.advance(3)
    assert questions.ask_if_due(payment.id)
    assert payment.status is PaymentStatus.PAID


def test_expiry_waits_for_a_late_enough_not_found(shop, bank, clock):
    payment = charge(open_shift(shop))
    clock.advance(300)
    answers.expire_due()
    assert payment.status is PaymentStatus.EXPIRING
    assert not questions.ask_if_due(payment.id)
    clock.advance(10)
    assert questions.ask_if_due(payment.id)
    assert payment.status is PaymentStatus.EXPIRED
