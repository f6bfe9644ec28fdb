from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pos import clock as pos_clock
from pos.errors import BadInput, Refused, TooSoon
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayQuestion, GatewayTransaction
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import answers, claims
from pos.states import PaymentStatus, Remark, SaleStatus
from tests import budgeting, said
from tests.factories import NO_FLOAT, charge, mark, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P, S = PaymentStatus, SaleStatus
WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift):
    return charge(shift, usd("3.50"))


def pay(bank, payment, **wishes):
    """Pay a QR at the bank; return the characters of the receipt."""
    (transfer,) = bank.pay(payment.qr_string, **wishes)
    return transfer["hash"][:8]


def claim(payment, receipt):
    return claims.claim(payment, receipt, who=WHO)


def booked():
    return db.session.scalar(select(func.count(GatewayTransaction.id)))


def test_a_receipt_of_this_payment_settles_it(payment, bank):
    result = claim(payment, pay(bank, payment).upper())
    assert (result.is_settled, result.text) == (
        True,
        "At 09:00:00 the bank found the money. The sale is paid.",
    )
    assert (payment.status, payment.sale.status, booked()) == (P.PAID, S.PAID, 1)


def test_each_claim_is_kept_as_a_question_to_the_bank(payment, bank):
    claim(payment, "0badc0de")
    (row,) = db.session.scalars(select(GatewayQuestion))
    assert (row.who, row.outcome, row.payment_id) == (WHO, "not_found", payment.id)


@pytest.mark.parametrize("wishes", [{"amount": "3.49"}, {"to_account": "somebody@else"}])
def test_a_receipt_over_other_money_settles_nothing(payment, bank, wishes):
    result = claim(payment, pay(bank, payment, **wishes))
    assert not result.is_settled
    assert result.text.startswith("At 09:00:00")
    assert (payment.status, booked()) == (P.AWAITING, 0)


def test_what_the_bank_does_not_know_is_not_paid(payment, bank):
    result = claim(payment, "0badc0de")
    assert result.text == "At 09:00:00 the bank had no transfer of $3.50 with these characters."
    assert payment.status is P.AWAITING


def test_a_bank_that_cannot_be_asked_says_nothing_and_opens_no_way_to_a_mark(payment, bank):
    bank.misbehave(status=503)
    assert "does not mean unpaid" in claim(payment, "0badc0de").text
    assert (payment.status, payment.trouble) == (P.AWAITING, "")


def test_a_receipt_is_used_once(payment, shift, bank, clock):
    receipt = pay(bank, payment)
    claim(payment, receipt)
    clock.advance(60)
    fresh = charge(shift, usd("3.50"))
    result = claim(fresh, receipt)
    assert "already used for sale 1 at Till 1" in result.text
    assert (fresh.status, booked()) == (P.AWAITING, 1)


def test_an_old_receipt_pays_no_newer_qr(payment, shift, bank, clock):
    receipt = pay(bank, payment)
    clock.advance(60)
    checkout.cancel(payment, who=WHO)
    clock.advance(60)
    said.tell(payment, said.NOT_FOUND)
    fresh = charge(shift, usd("3.50"))
    result = claim(fresh, receipt)
    assert "sent at 09:00:00, before this QR was made" in result.text
    assert (fresh.status, booked()) == (P.AWAITING, 0)


def test_a_receipt_of_another_tills_qr_pays_the_sale_of_that_qr(payment, shop, bank, clock):
    other = charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT), usd("3.50"))
    clock.advance(5)
    result = claim(payment, pay(bank, other))
    assert "already used for sale 1 at Till 2" in result.text
    assert (other.status, payment.status, booked()) == (P.PAID, P.AWAITING, 1)


def test_a_receipt_that_may_be_another_tills_money_waits_for_the_banks_word(
    payment, shop, bank, clock
):
    charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT), usd("3.50"))
    clock.advance(5)
    # A second transfer on this QR, of which the bank tells by its receipt alone.
    receipt = bank.pay(payment.qr_string, times=2)[1]["hash"][:8]
    bank.misbehave(status=503, path="/v1/check_transaction_by_md5")
    result = claim(payment, receipt)
    assert "may be the money of sale 1 at Till 2" in result.text
    assert booked() == 0
    bank.behave()
    clock.advance(60)
    assert claim(payment, receipt).is_settled


@pytest.mark.parametrize("ahead", [90, 3_600])
def test_by_a_fast_clock_a_receipt_still_pays_the_qr_it_was_sent_to(shift, bank, clock, ahead):
    cancelled = charge(shift, usd("3.50"))
    checkout.cancel(cancelled, who=WHO)
    said.tell(cancelled, said.NOT_FOUND)
    wanted = charge(shift, usd("3.50"))
    clock.advance(30 + ahead)
    said.tell(wanted, said.NOT_FOUND)
    sent_ms = pos_clock.epoch_ms(clock.time) + 1_000 * (5 - ahead)
    clock.advance(10)
    claim(cancelled, pay(bank, wanted, at=sent_ms))
    assert (wanted.status, cancelled.remark, booked()) == (P.PAID, None, 1)


def test_a_receipt_of_a_sale_that_was_marked_as_paid_confirms_the_mark(payment, shop, bank, clock):
    other = charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT), usd("3.50"))
    said.tell(other, said.unknown(Trouble.DOWN))
    mark(other.id, shop)
    clock.advance(5)
    assert not claim(payment, pay(bank, other)).is_settled
    assert (other.remark, payment.status, booked()) == (None, P.AWAITING, 1)


def test_a_receipt_sent_too_late_is_kept_for_a_manager(payment, bank, clock):
    clock.time = payment.expires_at
    answers.expire_due()
    clock.advance(10)
    said.tell(payment, said.NOT_FOUND)
    clock.advance(60)
    result = claim(payment, pay(bank, payment))
    assert (result.needs_a_person, result.is_settled) == (True, False)
    assert (payment.status, payment.remark, booked()) == (P.EXPIRED, Remark.PAID_LATE, 1)


def test_claims_at_a_till_come_no_faster_than_checks(payment, clock):
    claim(payment, "0badc0de")
    with pytest.raises(TooSoon):
        claim(payment, "0badc0de")
    clock.advance(2)
    claim(payment, "0badc0de")


@pytest.mark.parametrize("typed", ["", "1a2b3c4", "1a2b3c4d5", "1a2b 3c4", "' or 1=1"])
def test_characters_that_no_receipt_has_are_not_sent(payment, bank, typed):
    with pytest.raises(BadInput):
        claim(payment, typed)
    assert not [call for call in bank.calls() if "short_hash" in call["path"]]


def test_what_is_paid_already_is_not_claimed(payment):
    said.tell(payment, said.paid(payment))
    with pytest.raises(Refused):
        claim(payment, "0badc0de")
    assert claims.claimable(payment.till_id) == ()


def test_only_payments_of_the_till_that_still_wait_are_offered(payment, shop, clock):
    other = charge(shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT))
    assert [one.id for one in claims.claimable(shop.till_id)] == [payment.id]
    assert [one.id for one in claims.claimable(shop.till_ids[1])] == [other.id]
    clock.time = payment.made_at + timedelta(hours=25)
    assert claims.claimable(shop.till_id) == ()


def test_a_claim_takes_one_question_out_of_the_day(payment, shop, bank):
    budgeting.allow(shop, 100)
    claim(payment, "0badc0de")
    assert budgeting.asked(shop) == [1]


def test_a_claim_on_a_day_that_is_used_up_asks_nothing(payment, shop, bank, clock):
    budgeting.allow(shop, 1)
    claim(payment, "0badc0de")
    clock.advance(5)
    before = len(budgeting.checks_of(bank))
    assert "does not mean unpaid" in claim(payment, pay(bank, payment)).text
    assert (len(budgeting.checks_of(bank)), payment.status) == (before, P.AWAITING)


def test_characters_that_no_receipt_has_cost_no_question(payment, shop):
    budgeting.allow(shop, 100)
    with pytest.raises(BadInput):
        claim(payment, "no receipt")
    assert budgeting.asked(shop) == [0]


def test_late_money_that_a_claim_has_used_is_no_riddle_for_the_qr_it_was_sent_to(shop, clock):
    first = charge(open_shift(shop))
    clock.advance(320)
    said.tell(first, said.NOT_FOUND)
    second = charge(first.sale.shift)
    said.tell(second, said.paid(second, reference="used-by-its-receipt"))
    said.tell(first, said.paid(first, reference="used-by-its-receipt"))
    assert (first.status, first.trouble, first.answered_at) == (P.EXPIRED, "", clock.time)
