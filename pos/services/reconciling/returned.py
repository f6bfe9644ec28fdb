"""Money that the bank says went back, beside the refunds made here.

It is written down and shown, and calls for a manager. No total changes by it: it counts once
somebody takes note of it, in the shift that is open then.
"""

import logging

from sqlalchemy import func, select

from pos import clock
from pos.database import writing
from pos.errors import AlreadyDecided, BadInput
from pos.extensions import db
from pos.models import GatewayTransaction, Refund
from pos.money import Money
from pos.services.refunding import refund_moves
from pos.services.settling import payments
from pos.states import EventName, RefundKind, RefundStatus
from pos.words import _

log = logging.getLogger(__name__)

MOST_NOTE = 500

_MAYBE_THERE = (RefundStatus.SENDING, RefundStatus.UNKNOWN, RefundStatus.DONE)


def hear(money: GatewayTransaction, total: Money | None, *, who: str) -> Refund | None:
    """Compare the bank's total with ours, in the open transaction; return what is new of it.

    The payment was taken for changing. What one of our refunds may still explain is not told;
    the next answer after its end does.
    """
    if total is None or total.currency is not money.currency:
        return None
    new = total.minor - our_total(money.id) - money.returned_minor
    if new <= 0:
        return None
    db.session.refresh(money)
    found = Refund(
        payment_id=money.payment_id,
        transaction_id=money.id,
        key=f"at-bank-{money.id}-{total.minor}",
        kind=RefundKind.AT_BANK,
        status=RefundStatus.FOUND,
        amount_minor=new,
        currency=money.currency,
        before_minor=total.minor - new,
        made_at=clock.now(),
    )
    db.session.add(found)
    money.returned_minor += new
    db.session.flush()
    log.warning("%s of %s went back at the bank", found.amount, money.payment.tran_id)
    told = {"refund": found.id, "amount_minor": new, "currency": str(money.currency)}
    payments.write_event(money.payment, EventName.REFUND_FOUND, who=who, facts=told)
    payments.bump_screens(money.payment.till_id)
    return found


def our_total(transaction_id: int) -> int:
    """Return what our refunds through the gateway gave back of it, in minor units."""
    query = select(func.sum(Refund.amount_minor)).where(
        Refund.transaction_id == transaction_id,
        Refund.kind == RefundKind.GATEWAY,
        Refund.status.in_(_MAYBE_THERE),
    )
    return int(db.session.scalar(query) or 0)


def refuse_bad_note(note: str) -> None:
    """Raise BadInput for a note that is empty, too long or does not print."""
    text = note.strip().replace("\r", "").replace("\n", "")
    if not 4 <= len(text) <= MOST_NOTE or not text.isprintable():
        raise BadInput(_("Write down what was found out, in 4 to 500 characters."))


def take_note(
    refund_id: int, note: str, *, asked_by_id: int, approved_by_id: int, who: str
) -> None:
    """Take money that went back at the bank into our figures, by a manager's word.

    AlreadyDecided where somebody else did.
    """
    refuse_bad_note(note)
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        if refund.status is not RefundStatus.FOUND:
            raise AlreadyDecided(_("Somebody has taken note of this already."))
        refund.asked_by_id, refund.approved_by_id = asked_by_id, approved_by_id
        refund.note = note.strip()
        db.session.flush()
        refund_moves.move(refund, RefundStatus.DONE, who=who)
