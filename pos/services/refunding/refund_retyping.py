"""A refund by hand whose transfer was typed wrong: its right one, which the bank has to bear out.

Nothing changes unless the bank shows the new transfer and it is this refund. So whoever types it
proves it, and nobody can hide what is denied behind a transfer that nobody finds.
"""

from sqlalchemy.exc import IntegrityError

from pos.database import writing
from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.gateways.base import Answer, Outcome
from pos.models import Deed, Refund, User
from pos.reports.wording import TROUBLE
from pos.services.asking.quota import Purpose
from pos.services.auditing import audit
from pos.services.refunding import refund_moves, refund_proofs
from pos.services.settling import payments
from pos.states import PROOF_MOVES, RefundProof, RefundStatus
from pos.words import _

RAW_LIMIT = 4_000


def refuse_bad(reference: str) -> None:
    """Raise BadInput for what the bank cannot be asked for."""
    if not refund_proofs.is_hash(reference):
        raise BadInput(_("Type the transfer's hash, or the eight characters of its receipt."))


def retype(refund_id: int, reference: str, *, approved_by_id: int, who: str) -> None:
    """Have this transfer prove the refund, in place of the one that was typed wrong.

    Refused, audited, and nothing changed, unless the bank bears it out. AlreadyDecided where the
    refund is proven, or is none by hand.
    """
    refuse_bad(reference)
    typed = reference.strip()
    refund = db.session.get_one(Refund, refund_id, populate_existing=True)
    _refuse_unfit(refund, typed)
    refund_proofs.claim_look(refund_id)
    answer = refund_proofs.ask(refund, typed, Purpose.PERSON)
    try:
        why = _hear(refund_id, typed, answer, approved_by_id, who)
    except IntegrityError:
        why = _("This transfer proves another refund already.")
    if why:
        refund = db.session.get_one(Refund, refund_id, populate_existing=True)
        about, store_id = f"refund {refund_id}", refund.payment.till.store_id
        audit.refused(who, about, store_id, reference=typed, why=str(why))
        raise Refused(why)


def _refuse_unfit(refund: Refund, typed: str) -> None:
    proof = refund.proof
    if refund.status is not RefundStatus.DONE or proof is None:
        raise AlreadyDecided(_("No transfer by hand is to be proven here."))
    if RefundProof.PROVEN not in PROOF_MOVES[proof]:
        raise AlreadyDecided(_("The bank has proven this refund already."))
    if typed.lower() == refund.reference.strip().lower():
        raise BadInput(_("This is the reference that stands there already."))


def _hear(refund_id: int, typed: str, answer: Answer, approved_by_id: int, who: str) -> str:
    """Write what the bank says if it bears the refund out; return why not, else ""."""
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        _refuse_unfit(refund, typed)
        facts = answer.facts
        if facts is None or not refund_proofs.fits(facts, refund.transaction, refund.amount):
            return _why_not(answer)
        was, refund.reference = refund.reference, typed
        refund.wrong_references = "\n".join(filter(None, (refund.wrong_references, was)))
        refund.proof, refund.proof_hash = RefundProof.PROVEN, facts.reference.lower()
        refund.next_look_at, refund.trouble, refund.raw = None, "", answer.raw[:RAW_LIMIT]
        db.session.flush()
        payments.bump_screens(refund.payment.till_id)
        agreed = db.session.get_one(User, approved_by_id).username
        told = {"was": was, "now": typed, "agreed": agreed}
        audit.note(
            Deed.REFUND_RETYPED, who, f"refund {refund.id}", refund.payment.till.store_id, **told
        )
        return ""


def _why_not(answer: Answer) -> str:
    if answer.facts is not None:
        return _("The bank shows this transfer, and it is not this refund, either.")
    if answer.outcome is Outcome.NOT_FOUND or answer.trouble is None:
        return _("The bank does not show this transfer. Nothing was changed.")
    return _("%(trouble)s Nothing was changed.", trouble=TROUBLE[answer.trouble])
