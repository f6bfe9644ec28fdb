from itertools import product

import pytest

from pos.errors import BadInput, Refused
from pos.proof_states import PROOF_MOVES, RefundProof
from pos.reports.closing import refund_part
from pos.services.refunding import refund_proofs, refunds
from tests.factories import ACCOUNT_ID, charge, open_shift, usd
from tests.payway import ask
from tests.refunding import WHO, all_refunds, give_back, money_of, wish

pytestmark = pytest.mark.usefixtures("context")

P = RefundProof
PAYER = "customer@practice"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift, bank):
    payment = charge(shift, usd("10"))
    bank.pay(payment.qr_string)
    ask(payment)
    return payment


def send(bank, payment, amount="3.00", **changes):
    """The shop sends money back in its bank's own app; the transfer's hash."""
    usual = {"from_account": ACCOUNT_ID, "to_account": PAYER, "amount": amount, "currency": "USD"}
    (booked,) = bank.pay(payment.qr_string, **{**usual, **changes})
    return booked["hash"]


def record(payment, shop, reference, amount="3"):
    return give_back(money_of(payment).id, shop, amount, reference=reference)


@pytest.mark.parametrize("length", [64, 8])
def test_the_hash_or_the_receipt_of_the_transfer_proves_a_refund(payment, shop, bank, length):
    full = send(bank, payment)
    refund = record(payment, shop, full[:length])
    assert (refund.status, refund.proof, refund.proof_hash) == ("done", P.PROVEN, full)
    assert refund.next_look_at is None


WRONG = {
    "another amount": {"amount": "2.99"},
    "another currency": {"amount": "3", "currency": "KHR"},
    "from another account": {"from_account": "somebody@bank"},
    "to another account": {"to_account": "friend@bank"},
    "before the payment": {"at": 1_700_000_000_000},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_a_transfer_that_is_not_this_refund_is_told_so(payment, shop, bank, changes):
    refund = record(payment, shop, send(bank, payment, **changes))
    assert (refund.proof, refund.proof_hash, refund.next_look_at) == (P.DENIED, "", None)


def test_one_transfer_proves_one_refund(payment, shift, shop, bank):
    other = charge(shift, usd("10"))
    bank.pay(other.qr_string)
    ask(other)
    sent = send(bank, payment)
    assert record(payment, shop, sent).proof is P.PROVEN
    assert record(other, shop, sent[:8]).proof is P.DENIED


def test_an_unknown_transfer_is_asked_for_again_until_it_is_there(payment, shop, bank, clock):
    refund = record(payment, shop, "f" * 64)
    assert (refund.status, refund.proof) == ("done", P.UNPROVEN)
    refund_proofs.seek_all()
    asked = len(bank.calls())
    clock.advance(60)
    refund_proofs.seek_all()
    assert len(bank.calls()) == asked + 1
    clock.advance(3 * 86_400)
    refund_proofs.seek_all()
    assert all_refunds()[0].next_look_at is None


def test_a_silent_bank_leaves_it_unproven_and_the_worker_proves_it(payment, shop, bank, clock):
    sent = send(bank, payment)
    bank.misbehave(cut=True)
    assert record(payment, shop, sent).proof is P.UNPROVEN
    bank.behave()
    clock.advance(120)
    refund_proofs.seek_all()
    assert all_refunds()[0].proof is P.PROVEN


def test_a_reference_that_is_no_hash_stays_unproven_and_is_never_asked_for(payment, shop, bank):
    asked = len(bank.calls())
    refund = record(payment, shop, "FT-0001")
    refund_proofs.seek_all()
    assert (refund.proof, refund.next_look_at, len(bank.calls())) == (P.UNPROVEN, None, asked)


def test_a_person_may_ask_at_once_and_again_after_ten_seconds(payment, shop, bank, clock):
    refund_id = record(payment, shop, "f" * 64).id
    with pytest.raises(Refused, match="ten seconds"):
        refund_proofs.seek_now(refund_id, who=WHO)
    clock.advance(11)
    assert refund_proofs.seek_now(refund_id, who=WHO) is P.UNPROVEN


def test_nobody_records_a_transfer_alone(payment, shop, bank):
    alone = wish(shop, "3", reference="FT-0001", asked_by_id=shop.manager.id)
    with pytest.raises(BadInput, match="Another person"):
        refunds.give_back(money_of(payment).id, alone, who=WHO)
    assert all_refunds() == []


def test_the_report_says_whether_the_bank_bears_it_out(payment, shift, shop, bank):
    record(payment, shop, send(bank, payment))
    record(payment, shop, "FT-0002", "1")
    told = [line.status_text for line in refund_part.of_shift(shift).lines]
    assert told == ["Proven by the bank", "Not proven yet"]


@pytest.mark.parametrize(("old", "new"), list(product(RefundProof, RefundProof)))
def test_what_the_bank_has_shown_stays_so(old, new):
    assert (new in PROOF_MOVES[old]) is (old == "unproven" and new != "unproven")
