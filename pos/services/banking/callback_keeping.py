"""Writing a proven callback down, once, and never more than the books can bear."""

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.errors import TooMany
from pos.extensions import db
from pos.models import CallbackVerdict, GatewayCallback, Payment
from pos.states import PaymentStatus

TAKEN_A_MINUTE = 3_000
"""So many proven callbacks one sender may bring in a minute, to all processes together."""

MOST_COPIES = 1_000
"""A body that came so often is still acknowledged, and not counted any more."""


def refuse_flood(sender: str, now: datetime) -> None:
    """Raise TooMany where the books took too many of this sender just now.

    What is kept is the counter, so that it holds for all processes; the few that are being
    written at this moment may come on top.
    """
    recent = select(func.count(GatewayCallback.id)).where(
        GatewayCallback.sender == sender,
        GatewayCallback.verdict != CallbackVerdict.REFUSED,
        GatewayCallback.received_at > now - timedelta(minutes=1),
    )
    if (db.session.scalar(recent) or 0) >= TAKEN_A_MINUTE:
        raise TooMany(f"too many callbacks in a minute from {sender}")


def keep(row: GatewayCallback) -> None:
    """Write a callback and wake its payment in one commit; one that came before is counted."""
    same = (row.account_id, row.digest)
    payment_id = row.payment_id
    try:
        with writing(db.session):
            db.session.add(row)
            db.session.flush()
            if payment_id is not None:
                wake(payment_id, clock.now())
    except IntegrityError:
        if not _is_known(*same):
            raise  # Not the copy of anything: it must not be acknowledged.


def _is_known(account_id: int | None, digest: str) -> bool:
    """Count one that came before, and return whether it did.

    One that is replayed without end is acknowledged, and not written down without end.
    """
    same = (GatewayCallback.account_id == account_id, GatewayCallback.digest == digest)
    copies = db.session.scalar(select(GatewayCallback.copies).where(*same))
    if copies is not None and copies < MOST_COPIES:
        more = update(GatewayCallback).where(*same).values(copies=GatewayCallback.copies + 1)
        with writing(db.session):
            db.session.execute(more)
    return copies is not None


def wake(payment_id: int, now: datetime) -> None:
    """Make a payment due; one whose QR is being made has to have it first."""
    later = or_(Payment.next_check_at.is_(None), Payment.next_check_at > now)
    due = update(Payment).where(
        Payment.id == payment_id, Payment.status != PaymentStatus.CREATING, later
    )
    db.session.execute(due.values(next_check_at=now))
