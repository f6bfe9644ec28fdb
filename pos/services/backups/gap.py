"""The time between a backup and its restore: gateways are asked again what the books missed.

Money of a QR that the backup knows is found by asking about that QR. Of one that was made later
the books know nothing; a bank's own list names it where there is one (see `reconciling`).
"""

from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from pos import clock
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Restore
from pos.states import PaymentStatus

ASKED_BACK = timedelta(days=7)
"""How old a QR may be that is asked about again, and how long that is tried.

Source: ABA PayWay answers about a transaction for seven days (its check guide, 2026).
"""


def ask_again(restore: Restore) -> int:
    """Make every QR due that may have been paid since the backup; return how many.

    Works in the open transaction.
    """
    due = update(Payment).where(_unheard(restore)).values(next_check_at=clock.now())
    count = db.session.scalar(select(func.count(Payment.id)).where(_unheard(restore)))
    db.session.execute(due, execution_options={"synchronize_session": False})
    return count or 0


def _unheard(restore: Restore) -> ColumnElement[bool]:
    """QRs of the last days before the backup, without money, that no gateway has answered since."""
    booked = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == Payment.id)
    return and_(
        Payment.made_at >= restore.taken_at - ASKED_BACK,
        Payment.made_at <= restore.taken_at,
        Payment.lookup.is_not(None),
        Payment.status != PaymentStatus.CREATE_FAILED,
        ~booked.correlate(Payment).exists(),
        or_(Payment.answered_at.is_(None), Payment.answered_at < restore.at),
    )


def unheard(restore: Restore) -> int:
    """Return how many QRs are still to be asked about."""
    return db.session.scalar(select(func.count(Payment.id)).where(_unheard(restore))) or 0


def follow() -> None:
    """See that every QR of the gap gets an answer; called by the worker.

    One that was given up is planned for no more questions by itself, where a gateway is silent.
    """
    restore = db.session.scalar(
        select(Restore).where(Restore.done_at.is_(None)).order_by(Restore.id.desc()).limit(1)
    )
    if restore is None:
        return
    now, restore_id = clock.now(), restore.id
    is_over = now - restore.at >= ASKED_BACK or not unheard(restore)
    forgotten = and_(_unheard(restore), Payment.next_check_at.is_(None))
    with writing(db.session):
        if is_over:
            db.session.get_one(Restore, restore_id).done_at = now
        else:
            db.session.execute(
                update(Payment).where(forgotten).values(next_check_at=now),
                execution_options={"synchronize_session": False},
            )


def restored_from(payment: Payment) -> Restore | None:
    """Return the restore after which money of this payment is found, if the backup knew the QR."""
    query = select(Restore).where(Restore.taken_at >= payment.made_at)
    return db.session.scalar(query.order_by(Restore.id.desc()).limit(1))
