"""G18: money that goes back at the bank, by somebody else, after we booked it."""

import pytest
from sqlalchemy import func, select

from pos.errors import AlreadyDecided, BadInput
from pos.extensions import db
from pos.models import PaymentEvent, Resolution
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.reconciling import returned
from pos.services.selling import checkout
from pos.states import EventName, PaymentStatus, Remark, ResolutionKind, SaleStatus
from pos.states import RefundStatus as R
from tests import racing
from tests.factories import charge, usd
from tests.payway import ask, shift
from tests.refunding import (
    all_refunds,
    at_bank,
    give_back,
    money_of,
    paid,
    payway_shop,
    shop,
)

__all__ = ["paid", "payway_shop", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")


def take_note(refund, shop, note="done in the portal"):
    returned.take_note(
        refund.id, note, asked_by_id=shop.cashier.id, approved_by_id=shop.manager.id, who="m"
    )


def found():
    return [(one.status, one.amount) for one in all_refunds()]


def test_g18_money_that_goes_back_at_the_bank_calls_a_manager(paid, bank):
    at_bank(bank, paid, "4")
    assert ask(paid.payment) is PaymentStatus.PAID
    assert found() == [(R.FOUND, usd("4"))]
    assert (paid.payment.sale.status, paid.left, paid.amount) == (
        SaleStatus.PAID,
        usd("6"),
        usd("10"),
    )


def test_it_is_told_once_and_more_of_it_anew(paid, bank):
    for amount in ("4", "1"):
        at_bank(bank, paid, amount)
        for _ in range(3):
            ask(paid.payment)
    assert found() == [(R.FOUND, usd("4")), (R.FOUND, usd("1"))]
    query = select(func.count(PaymentEvent.id)).where(PaymentEvent.name == EventName.REFUND_FOUND)
    assert db.session.scalar(query) == 2


def test_our_own_refund_is_no_news(paid, shop, bank):
    give_back(paid.id, shop, "3")
    ask(paid.payment)
    at_bank(bank, paid, "2")
    ask(paid.payment)
    assert found() == [(R.DONE, usd("3")), (R.FOUND, usd("2"))]


def test_many_who_hear_of_it_at_once_write_it_once(app, paid, bank):
    at_bank(bank, paid, "4")
    payment_id = paid.payment_id
    racing.race(app, *[lambda: questions.ask(payment_id, who="worker")] * 6)
    assert found() == [(R.FOUND, usd("4"))]


def test_it_counts_once_a_manager_takes_note(paid, shop, shift, bank):
    at_bank(bank, paid, "4")
    ask(paid.payment)
    (refund,) = all_refunds()
    assert refund.shift_id is None
    with pytest.raises(BadInput):
        take_note(refund, shop, note="")
    take_note(refund, shop)
    db.session.refresh(refund)
    assert (refund.status, refund.shift_id) == (R.DONE, shift.id)
    with pytest.raises(AlreadyDecided):
        take_note(refund, shop)


def test_what_went_back_before_we_booked_it_is_told_by_its_remark_alone(shift, bank):
    payment = charge(shift, usd("10"))
    bank.pay(payment.qr_string)
    bank_money = type("Money", (), {"reference": payment.tran_id})
    at_bank(bank, bank_money, "4")
    for _ in range(2):
        ask(payment)
    assert (payment.remark, found()) == (Remark.GIVEN_BACK, [])
    at_bank(bank, bank_money, "1")
    ask(payment)
    assert found() == [(R.FOUND, usd("1"))]


def late(shift, bank, clock):
    """Ten dollars for a sale that was given up: they wait for a decision."""
    payment = charge(shift, usd("10"))
    checkout.cancel(payment, who="cashier:dara")
    clock.advance(10)
    ask(payment)
    clock.advance(600)
    bank.pay(payment.qr_string)
    ask(payment)
    return money_of(payment)


def decided():
    return list(db.session.scalars(select(Resolution.kind).order_by(Resolution.step)))


def test_money_that_waits_for_a_decision_is_decided_when_it_went_back_whole(
    shift, shop, bank, clock
):
    money = late(shift, bank, clock)
    give_back(money.id, shop, "4")
    assert decided() == []
    give_back(money.id, shop, "6")
    assert decided() == [ResolutionKind.REFUND_REQUESTED, ResolutionKind.REFUNDED]


def test_a_refund_while_the_till_is_closed_stands_on_the_next_report(paid, shop, shift, bank):
    shifts.close_shift(shift.id, shop.cashier.id)
    refund = give_back(paid.id, shop)
    assert refund.shift_id is None
    following = shifts.open_shift(shop.till_id, shop.cashier.id, shift.floats)
    db.session.refresh(refund)
    assert refund.shift_id == following.id
