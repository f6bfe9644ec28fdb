"""The time between a backup and its restore: gateways are asked again what the books missed.

Money of a QR that the backup knows is found by asking about that QR. Of one that was made later
the books know nothing; a bank's own list names it where there is one (see `reconciling`).
"""

from sqlalchemy import and_, select, update

from pos import clock
from pos.database import rows_changed, writing
from pos.extensions import db
from pos.models import Payment, Restore
from pos.reports.office.restores import ASKED_BACK, is_unheard, unheard


def ask_again(restore: Restore) -> int:
    """Make every QR due that may have been paid since the backup; return how many.

    Works in the open transaction.
    """
    due = update(Payment).where(is_unheard(restore)).values(next_check_at=clock.now())
    return rows_changed(db.session, due)


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
    forgotten = and_(is_unheard(restore), Payment.next_check_at.is_(None))
    with writing(db.session):
        if is_over:
            db.session.get_one(Restore, restore_id).done_at = now
        else:
            again = update(Payment).where(forgotten).values(next_check_at=now)
            rows_changed(db.session, again)


def restored_from(payment: Payment) -> Restore | None:
    """Return the restore after which money of this payment is found, if the backup knew the QR."""
    query = select(Restore).where(Restore.taken_at >= payment.made_at)
    return db.session.scalar(query.order_by(Restore.id.desc()).limit(1))
