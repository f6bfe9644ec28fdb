"""What became of the time between a backup and its restore: found, still asked about, lost."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from pos.extensions import db
from pos.models import GatewayTransaction, LostNumbers, NumberKind, Payment, Restore, Store
from pos.states import PaymentStatus
from pos.words import _

ASKED_BACK = timedelta(days=7)
"""How old a QR may be that is asked about again, and how long that is tried.

Source: ABA PayWay answers about a transaction for seven days (its check guide, 2026).
"""

LISTED = 5
"""Restores on the page, newest first."""

_KIND: dict[NumberKind, str] = {
    NumberKind.Z_REPORT: _("Z reports"),
    NumberKind.CORRECTION: _("Corrections"),
    NumberKind.RECEIPT: _("Receipts"),
}


@dataclass(frozen=True, kw_only=True)
class Span:
    """Numbers whose papers are not in the books."""

    where: str
    kind: str
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class RestoreLine:
    """One restore; `found` payments are booked again, `left` QRs are still to be asked about."""

    at: datetime
    taken_at: datetime
    found: int
    left: int
    lost: tuple[Span, ...]


def newest() -> tuple[RestoreLine, ...]:
    """Return the last restores; they are of all the books, whatever the store."""
    rows = db.session.scalars(select(Restore).order_by(Restore.id.desc()).limit(LISTED)).all()
    return tuple(
        RestoreLine(
            at=row.at,
            taken_at=row.taken_at,
            found=_found(row),
            left=0 if row.done_at else unheard(row),
            lost=_lost(row),
        )
        for row in rows
    )


def is_unheard(restore: Restore) -> ColumnElement[bool]:
    """Choose the QRs of the last days before a backup that no gateway has answered about since.

    Those with money need no answer.
    """
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
    return db.session.scalar(select(func.count(Payment.id)).where(is_unheard(restore))) or 0


def _found(restore: Restore) -> int:
    query = (
        select(func.count(GatewayTransaction.id))
        .join(Payment, Payment.id == GatewayTransaction.payment_id)
        .where(
            Payment.made_at >= restore.taken_at - ASKED_BACK,
            Payment.made_at <= restore.taken_at,
            GatewayTransaction.recorded_at >= restore.at,
        )
    )
    return db.session.scalar(query) or 0


def _lost(restore: Restore) -> tuple[Span, ...]:
    rows = select(LostNumbers).where(LostNumbers.restore_id == restore.id)
    return tuple(
        Span(
            where=row.till.name if row.till else db.session.get_one(Store, row.store_id).name,
            kind=_KIND[row.kind],
            first=row.first,
            last=row.last,
        )
        for row in db.session.scalars(rows.order_by(LostNumbers.id))
    )
