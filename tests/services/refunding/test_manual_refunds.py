"""Bakong cannot give back: a manager records the transfer that a person made in the bank's app."""

import pytest
from sqlalchemy import select

from pos.errors import BadInput, Refused
from pos.extensions import db
from pos.models import Resolution
from pos.services.refunding import refunds
from pos.services.settling import attention
from pos.states import RefundKind, RefundStatus, ResolutionKind
from tests import racing, said
from tests.factories import charge, khr, open_shift, usd
from tests.refunding import all_refunds, give_back, money_of, wish

pytestmark = pytest.mark.usefixtures("context")

R = RefundStatus


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def received(shift, price, **facts):
    payment = charge(shift, price)
    said.tell(payment, said.paid(payment, **facts))
    return money_of(payment)


@pytest.fixture
def paid(shift):
    return received(shift, khr("20000"))


def record(money, shop, amount=None, reference="FT-0001"):
    return give_back(money.id, shop, amount or khr("5000"), reference=reference)


def test_it_is_done_when_it_is_written_down_and_nothing_is_sent(paid, shop, shift):
    refund = record(paid, shop)
    assert (refund.kind, refund.status) == (RefundKind.MANUAL, R.DONE)
    assert (refund.reference, refund.shift_id) == ("FT-0001", shift.id)
    assert refund.approved_by.username == "maly"
    db.session.refresh(paid)
    assert paid.left == khr("15000")


@pytest.mark.parametrize("reference", ["", "   ", "abc", "x" * 129, "ring\x07ring"])
def test_a_transfer_without_its_reference_is_refused(paid, shop, reference):
    with pytest.raises(BadInput, match="reference"):
        record(paid, shop, reference=reference)
    assert all_refunds() == []


def test_the_same_transfer_is_recorded_once(paid, shop):
    record(paid, shop)
    with pytest.raises(Refused, match="written down already"):
        record(paid, shop)
    assert record(paid, shop, reference="FT-0002").status is R.DONE
    db.session.refresh(paid)
    assert paid.refunded_minor == 10_000


def test_of_eight_at_once_of_more_than_half_one_is_recorded(app, paid, shop):
    money_id = paid.id
    forms = [wish(shop, khr("12000"), reference=f"FT-{number:04}") for number in range(8)]
    deeds = [lambda form=form: refunds.give_back(money_id, form, who="m").status for form in forms]
    results = racing.race(app, *deeds)
    assert results.count(R.DONE) == 1 and len(racing.errors(results)) == 7
    db.session.refresh(paid)
    assert paid.refunded_minor == sum(one.amount_minor for one in all_refunds()) == 12_000


def test_money_on_another_account_or_given_back_cannot_go_back_from_here(shift, shop):
    stray = received(shift, usd("3"), receiver="somebody@bank")
    gone = received(shift, usd("3"), refunded=usd("1"))
    for money in (stray, gone):
        with pytest.raises(Refused, match="not on the shop's account"):
            record(money, shop, usd("1"))


def decide(money, shop, kind, reason):
    decision = attention.Decision(
        kind=kind,
        reason=reason,
        note="FT-0009",
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    attention.resolve(money.payment_id, money.id, decision, who="cashier:dara")


def test_what_was_decided_as_sent_back_goes_back_once(shift, shop):
    wrong = received(shift, usd("3"), amount=usd("4"))
    decide(wrong, shop, ResolutionKind.REFUND_REQUESTED, "wants_it_back")
    decide(wrong, shop, ResolutionKind.REFUNDED, "sent_back")
    with pytest.raises(Refused, match="sent back already"):
        record(wrong, shop, usd("4"))


def test_what_is_too_much_goes_back_and_the_rest_is_accepted(shift, shop):
    wrong = received(shift, usd("3"), amount=usd("4"))
    record(wrong, shop, usd("1"))
    with pytest.raises(Refused, match="Refund the rest"):
        decide(wrong, shop, ResolutionKind.REFUND_REQUESTED, "wants_it_back")
    decide(wrong, shop, ResolutionKind.ACCEPTED, "goods_given")
    assert wrong.payment.sale.status == "paid"


def test_a_request_to_send_back_ends_with_the_refund(shift, shop):
    wrong = received(shift, usd("3"), amount=usd("4"))
    decide(wrong, shop, ResolutionKind.REFUND_REQUESTED, "wants_it_back")
    record(wrong, shop, usd("4"))
    kinds = list(db.session.scalars(select(Resolution.kind).order_by(Resolution.step)))
    assert kinds == [ResolutionKind.REFUND_REQUESTED, ResolutionKind.REFUNDED]
