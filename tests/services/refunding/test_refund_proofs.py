from itertools import product

import pytest
from sqlalchemy import select

from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.models import AuditEntry, Deed, Till, User
from pos.permissions import Role
from pos.reports.closing import refund_part
from pos.reports.office import refunds as shown
from pos.services.people import users
from pos.services.refunding import refund_denials, refund_proofs, refunds
from pos.states import PROOF_MOVES, RefundProof
from tests.factories import ACCOUNT_ID, charge, create_user, open_shift, usd
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


@pytest.fixture
def denied(payment, shop, bank):
    return record(payment, shop, send(bank, payment, amount="2.99"))


def entries(deed):
    found = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == deed)).all()
    return [(one.who, one.about, one.details) for one in found]


def calls_for_a_person(shop):
    tills = select(Till.id).where(Till.store_id == shop.store_id)
    return shown.count_open(tills), [one.id for one in shown.calling(tills)]


def test_a_denied_refund_is_audited_and_calls_for_a_person(denied, shop):
    told = {"reference": denied.reference, "amount": "$3.00"}
    assert entries(Deed.REFUND_DENIED) == [(WHO, f"refund {denied.id}", told)]
    assert calls_for_a_person(shop) == (1, [denied.id])


def test_who_looked_into_a_denied_refund_stands_there_and_nobody_is_called(denied, shop):
    note = {"approved_by_id": shop.manager.id, "who": WHO}
    refund_denials.take_note(denied.id, "The hash of another customer", **note)
    assert calls_for_a_person(shop) == (0, [])
    assert (denied.denial_noted_by_id, denied.proof) == (shop.manager.id, P.DENIED)
    (entry,) = entries(Deed.REFUND_DENIAL_NOTED)
    assert entry[2] == {"why": "The hash of another customer"}
    with pytest.raises(AlreadyDecided):
        refund_denials.take_note(denied.id, "Once more, please", **note)


def test_a_proven_refund_calls_for_nobody_and_cannot_be_noted(payment, shop, bank):
    refund = record(payment, shop, send(bank, payment))
    assert calls_for_a_person(shop) == (0, [])
    with pytest.raises(AlreadyDecided):
        refund_denials.take_note(refund.id, "It is there", approved_by_id=1, who=WHO)


@pytest.fixture
def owner(shop):
    """The owner, in a shop whose manager has gone."""
    users.set_active(db.session.get_one(User, shop.manager.id), False)
    return create_user(shop.store_id, "sary", Role.OWNER)


def alone(payment, shop, person):
    people = {"asked_by_id": person.id, "approved_by_id": person.id}
    return refunds.give_back(
        money_of(payment).id, wish(shop, "3", reference="FT-0001", **people), who="owner:sary"
    )


def test_an_owner_without_anybody_records_it_alone_and_it_says_so(payment, shift, shop, owner):
    refund = alone(payment, shop, owner)
    assert (refund.status, refund.is_alone) == ("done", True)
    (line,) = refund_part.of_shift(shift).lines
    assert line.approved_by == "Sary, without a second person"
    told = ("owner:sary", f"refund {refund.id}", {"amount": "$3.00"})
    assert entries(Deed.REFUND_ALONE) == [told]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MANAGER, Role.OWNER])
def test_an_owner_with_somebody_who_may_agree_records_nothing_alone(payment, shop, owner, role):
    create_user(shop.store_id, "nita", role)
    with pytest.raises(BadInput, match="Nita, too, may agree"):
        alone(payment, shop, owner)
    assert all_refunds() == []


@pytest.mark.parametrize("role", [Role.CASHIER, Role.AUDITOR])
def test_who_may_not_agree_is_no_second_person(payment, shop, owner, role):
    create_user(shop.store_id, "nita", role)
    assert alone(payment, shop, owner).is_alone


def test_a_refund_that_two_agreed_to_is_not_alone(payment, shop, bank):
    assert not record(payment, shop, "FT-0001").is_alone
    assert entries(Deed.REFUND_ALONE) == []


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


LEGAL = {("unproven", "proven"), ("unproven", "denied"), ("denied", "proven")}


@pytest.mark.parametrize(("old", "new"), list(product(RefundProof, RefundProof)))
def test_what_is_proven_stays_so_and_nothing_becomes_unproven(old, new):
    assert (new in PROOF_MOVES[old]) is ((old, new) in LEGAL)
