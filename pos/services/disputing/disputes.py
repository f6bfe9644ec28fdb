"""Disputes: a customer says one thing and the books another, until a manager's last word.

Here alone a dispute and its history are written. It moves no money: what goes back goes back as
a refund, and an end that speaks of money must find it in the books.
"""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.errors import AlreadyDecided, Refused
from pos.extensions import db, settings
from pos.models import Deed, Dispute, DisputeEntry
from pos.services.auditing import audit
from pos.services.disputing import dispute_wishes
from pos.services.disputing.dispute_wishes import Claim, End, Evidence
from pos.states import DisputeDeed, DisputeStatus
from pos.words import _


def of_key(key: str) -> Dispute | None:
    """Return the dispute that the form with this key has opened."""
    return db.session.scalar(select(Dispute).where(Dispute.key == key))


def open_dispute(claim: Claim, *, who: str) -> Dispute:
    """Write down what a customer says and until when it must be answered; return the dispute.

    The same key again returns the same dispute. Refused where one about the payment is open.
    """
    dispute_wishes.refuse_bad(claim)
    known = of_key(claim.key)
    if known is not None:
        return known
    try:
        with writing(db.session):
            dispute = _row(claim)
            db.session.add(dispute)
            db.session.flush()
            _enter(dispute, DisputeDeed.OPENED, claim.says, claim.opened_by_id)
            _note(Deed.DISPUTE_OPENED, dispute, who, kind=str(claim.kind), now=str(claim.amount))
    except IntegrityError:
        known = of_key(claim.key)
        if known is None:
            raise Refused(_("A dispute about this payment is open already.")) from None
        return known
    return dispute


def _row(claim: Claim) -> Dispute:
    now = clock.now()
    return Dispute(
        till_id=claim.till_id,
        payment_id=claim.payment_id,
        key=claim.key,
        kind=claim.kind,
        status=DisputeStatus.OPEN,
        amount_minor=claim.amount.minor,
        currency=claim.amount.currency,
        paid_at=claim.paid_at,
        payer_digits=claim.payer_digits,
        opened_by_id=claim.opened_by_id,
        opened_at=now,
        due_at=now + timedelta(days=settings().dispute_days),
    )


def add_evidence(dispute_id: int, evidence: Evidence, *, who: str) -> None:
    """Add a line to the history of an open dispute, and say which payment is meant if it does.

    AlreadyDecided where it has ended; Refused where another payment is known to be meant.
    """
    dispute_wishes.refuse_bad_evidence(evidence)
    try:
        with writing(db.session):
            dispute = _take(dispute_id)
            deed = DisputeDeed.EVIDENCE
            if evidence.payment_id is not None:
                _link(dispute, evidence.payment_id)
                deed = DisputeDeed.LINKED
            _enter(dispute, deed, evidence.text, evidence.by_id, evidence.reference)
            _note(Deed.DISPUTE_EVIDENCE, dispute, who, kind=str(deed))
    except IntegrityError:
        raise Refused(_("Another dispute about this payment is open.")) from None


def _link(dispute: Dispute, payment_id: int) -> None:
    if dispute.payment_id is not None:
        raise Refused(_("It is known already which payment is meant."))
    dispute.payment_id = payment_id
    db.session.flush()


def end(dispute_id: int, wanted: End, *, who: str) -> None:
    """End a dispute by a manager's word, in one commit; it never opens again.

    Refused where the books do not bear the end out; AlreadyDecided where somebody was quicker.
    """
    with writing(db.session):
        dispute = _take(dispute_id)
        dispute_wishes.refuse_bad_end(dispute, wanted.status, wanted.why)
        was, dispute.status, dispute.ended_at = dispute.status, wanted.status, clock.now()
        _enter(
            dispute,
            DisputeDeed.ENDED,
            wanted.why,
            wanted.asked_by_id,
            approved_by_id=wanted.approved_by_id,
        )
        _note(Deed.DISPUTE_ENDED, dispute, who, was=str(was), now=str(wanted.status))


def _take(dispute_id: int) -> Dispute:
    """Return an open dispute for changing: until the commit nobody else does."""
    dispute = db.session.get_one(Dispute, dispute_id, with_for_update=True, populate_existing=True)
    if dispute.status is not DisputeStatus.OPEN:
        raise AlreadyDecided(_("This dispute has ended. Somebody else was quicker."))
    return dispute


def _enter(
    dispute: Dispute,
    deed: DisputeDeed,
    text: str,
    by_id: int,
    reference: str = "",
    approved_by_id: int | None = None,
) -> None:
    entry = DisputeEntry(
        dispute_id=dispute.id,
        deed=deed,
        status=dispute.status,
        text=text.strip(),
        reference=reference.strip(),
        by_id=by_id,
        approved_by_id=approved_by_id,
        at=clock.now(),
    )
    db.session.add(entry)
    db.session.flush()


def _note(deed: Deed, dispute: Dispute, who: str, **told: str) -> None:
    audit.note(deed, who, f"dispute {dispute.id}", dispute.till.store_id, **told)
