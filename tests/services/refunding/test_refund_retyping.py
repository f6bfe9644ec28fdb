import pytest

from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.models import AuditEntry, Deed, Refund
from pos.reports.office import refunds as shown
from pos.services.refunding import refund_denials, refund_proofs, refund_retyping
from pos.states import RefundProof
from tests.factories import charge, open_shift, usd
from tests.payway import ask
from tests.refunding import WHO
from tests.services.refunding.test_refund_proofs import record, send

pytestmark = pytest.mark.usefixtures("context")

P = RefundProof


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def payment(shift, bank):
    payment = charge(shift, usd("10"))
    bank.pay(payment.qr_string)
    ask(payment)
    return payment


@pytest.fixture
def denied(payment, shop, bank, clock):
    """A refund recorded with the hash of another transfer, some time ago."""
    refund = record(payment, shop, send(bank, payment, amount="2.99"))
    clock.advance(60)
    return refund


def retype(refund, reference, shop):
    refund_retyping.retype(refund.id, reference, approved_by_id=shop.manager.id, who=WHO)
    return db.session.get_one(Refund, refund.id, populate_existing=True)


def state(refund):
    row = db.session.get_one(Refund, refund.id, populate_existing=True)
    return row.proof, row.reference, row.proof_hash, row.wrong_references


def last_entry():
    row = db.session.query(AuditEntry).order_by(AuditEntry.link.desc()).first()
    return row.deed, row.who, row.about, row.details


@pytest.mark.parametrize("length", [64, 8])
def test_the_right_transfer_proves_it_and_both_are_kept(denied, payment, shop, bank, length):
    was, right = denied.reference, send(bank, payment)
    retype(denied, f" {right[:length]} ", shop)
    assert state(denied) == (P.PROVEN, right[:length], right, was)
    told = {"was": was, "now": right[:length], "agreed": "maly"}
    assert last_entry() == (Deed.REFUND_RETYPED, WHO, f"refund {denied.id}", told)
    tills = db.session.query(type(payment).till_id)
    assert shown.count_open(tills) == 0


def test_one_that_was_looked_into_can_still_be_put_right(denied, payment, shop, bank):
    noted = {"approved_by_id": shop.manager.id, "who": WHO}
    refund_denials.take_note(denied.id, "Typed from another receipt", **noted)
    assert retype(denied, send(bank, payment), shop).proof is P.PROVEN
    assert denied.denial_note == "Typed from another receipt"


def test_so_can_one_whose_hash_nobody_has(payment, shop, bank, clock):
    refund = record(payment, shop, "f" * 64)
    clock.advance(60)
    assert retype(refund, send(bank, payment), shop).proof is P.PROVEN


WRONG = {
    "not there": ({}, "a" * 64, "does not show this transfer"),
    "another amount": ({"amount": "2.98"}, "", "not this refund, either"),
    "to another account": ({"to_account": "friend@bank"}, "", "not this refund, either"),
    "before the payment": ({"at": 1_700_000_000_000}, "", "not this refund, either"),
}


@pytest.mark.parametrize(("changes", "typed", "says"), WRONG.values(), ids=WRONG)
def test_what_the_bank_does_not_bear_out_changes_nothing_and_is_audited(
    denied, payment, shop, bank, changes, typed, says
):
    before = state(denied)
    typed = typed or send(bank, payment, **changes)
    with pytest.raises(Refused, match=says):
        retype(denied, typed, shop)
    assert state(denied) == before
    deed, _who, about, told = last_entry()
    assert (deed, about, told["reference"]) == (Deed.REFUSED, f"refund {denied.id}", typed)


def test_a_silent_bank_changes_nothing(denied, payment, shop, bank):
    before, right = state(denied), send(bank, payment)
    bank.misbehave(cut=True)
    with pytest.raises(Refused, match="Nothing was changed"):
        retype(denied, right, shop)
    assert state(denied) == before


def test_a_transfer_that_proves_another_refund_proves_no_second(denied, payment, shop, bank, clock):
    sent = send(bank, payment)
    assert record(payment, shop, sent).proof is P.PROVEN
    for typed in (sent, sent[:8]):
        clock.advance(60)
        with pytest.raises(Refused, match="proves another refund"):
            retype(denied, typed, shop)
    assert state(denied)[0] is P.DENIED


def test_what_is_proven_stays_as_it_is(payment, shop, bank, clock):
    refund = record(payment, shop, send(bank, payment))
    clock.advance(60)
    with pytest.raises(AlreadyDecided):
        retype(refund, send(bank, payment), shop)
    assert state(refund)[3] == ""


@pytest.mark.parametrize("typed", ["", "FT-0001", "xyz", "g" * 64, "a" * 65, "same"])
def test_what_the_bank_cannot_be_asked_for_is_refused_unasked(denied, shop, bank, typed):
    asked = len(bank.calls())
    with pytest.raises(BadInput):
        retype(denied, denied.reference.upper() if typed == "same" else typed, shop)
    assert len(bank.calls()) == asked


def test_the_bank_is_asked_once_in_ten_seconds(denied, payment, shop, bank):
    with pytest.raises(Refused, match="does not show"):
        retype(denied, "a" * 64, shop)
    with pytest.raises(Refused, match="ten seconds"):
        retype(denied, send(bank, payment), shop)
    assert refund_proofs.is_hash(denied.reference)
