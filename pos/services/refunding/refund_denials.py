"""Refunds by hand of which the bank shows another transfer: audited, and noted by a manager.

The refund stays in the figures, for a person said that the money left. It calls for a person
until somebody who may agree has written down what was found out.
"""

import logging

from pos import clock
from pos.database import writing
from pos.errors import AlreadyDecided
from pos.extensions import db
from pos.models import Deed, Refund
from pos.services.auditing import audit
from pos.services.reconciling import returned
from pos.services.refunding import refund_moves
from pos.services.settling import payments
from pos.states import RefundProof
from pos.words import _

log = logging.getLogger(__name__)


def deny(refund: Refund, *, who: str) -> None:
    """Write down, in the open transaction and last in it, that the transfer is not this refund."""
    refund.proof, refund.next_look_at = RefundProof.DENIED, None
    db.session.flush()
    log.warning("refund %d names a transfer that is another one, asked by %s", refund.id, who)
    payments.bump_screens(refund.payment.till_id)
    _note(Deed.REFUND_DENIED, refund, who, reference=refund.reference, amount=str(refund.amount))


def take_note(refund_id: int, note: str, *, approved_by_id: int, who: str) -> None:
    """Write down what was found out, by the word of who may agree; it calls for nobody then.

    AlreadyDecided where somebody else did, or where the bank denies nothing.
    """
    returned.refuse_bad_note(note)
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        if refund.proof is not RefundProof.DENIED or refund.denial_noted_at is not None:
            raise AlreadyDecided(_("Somebody has taken note of this already."))
        refund.denial_noted_at, refund.denial_noted_by_id = clock.now(), approved_by_id
        refund.denial_note = note.strip()
        db.session.flush()
        payments.bump_screens(refund.payment.till_id)
        _note(Deed.REFUND_DENIAL_NOTED, refund, who, why=refund.denial_note)


def _note(deed: Deed, refund: Refund, who: str, **told: str) -> None:
    audit.note(deed, who, f"refund {refund.id}", refund.payment.till.store_id, **told)
