"""How well taking payments by QR went in a shift."""

from collections import Counter
from dataclasses import dataclass
from statistics import median, quantiles

from sqlalchemy import BigInteger, String, case, select, type_coerce

from pos.extensions import db
from pos.models import Payment, Sale
from pos.states import MARKS, PaymentStatus


@dataclass(frozen=True, kw_only=True)
class Health:
    """How well taking payments went; times are seconds from QR shown to money sent."""

    attempts: int
    paid: int
    expired: int
    cancelled: int
    failed: int
    median_seconds: float | None
    p95_seconds: float | None


def of_shift(shift_id: int) -> Health:
    """Return how the QRs of a shift went, as the books say now."""
    attempts = _attempts(shift_id)
    counts = Counter(status for status, _taken in attempts)
    waits = sorted(max(0, taken) / 1000 for _status, taken in attempts if taken is not None)

    def count(*statuses: PaymentStatus) -> int:
        return sum(counts[one] for one in statuses)

    return Health(
        attempts=count(*PaymentStatus),
        paid=count(PaymentStatus.PAID),
        expired=count(PaymentStatus.EXPIRED),
        cancelled=count(PaymentStatus.CANCELLED),
        failed=count(PaymentStatus.FAILED, PaymentStatus.CREATE_FAILED),
        median_seconds=round(median(waits), 1) if waits else None,
        p95_seconds=round(_p95(waits), 1) if waits else None,
    )


def _attempts(shift_id: int) -> list[tuple[str, int | None]]:
    """Return the status of each QR of a shift, and the milliseconds from shown to money sent.

    None where no money was sent; of what was marked by hand nobody knows when.
    """
    taken = type_coerce(Payment.paid_at, BigInteger) - type_coerce(Payment.shown_at, BigInteger)
    query = (
        select(
            type_coerce(Payment.status, String),
            case((Payment.remark.in_(MARKS), None), else_=taken),
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .where(Sale.shift_id == shift_id)
    )
    return [(status, taken) for status, taken in db.session.execute(query)]


def _p95(waits: list[float]) -> float:
    return waits[0] if len(waits) == 1 else quantiles(waits, n=20, method="inclusive")[-1]
