"""How well taking payments by QR went in a shift."""

from collections import Counter
from dataclasses import dataclass
from statistics import median, quantiles

from pos.reports.closing.shift_payments import Row
from pos.states import PaymentStatus


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


def of(attempts: list[Row]) -> Health:
    """Return how the QRs of a shift's sales went."""
    counts = Counter([row.status for row in attempts])
    waits = sorted([max(0, row.taken) / 1000 for row in attempts if row.taken is not None])

    def count(*statuses: PaymentStatus) -> int:
        return sum(counts[str(one)] for one in statuses)

    return Health(
        attempts=count(*PaymentStatus),
        paid=count(PaymentStatus.PAID),
        expired=count(PaymentStatus.EXPIRED),
        cancelled=count(PaymentStatus.CANCELLED),
        failed=count(PaymentStatus.FAILED, PaymentStatus.CREATE_FAILED),
        median_seconds=round(median(waits), 1) if waits else None,
        p95_seconds=round(_p95(waits), 1) if waits else None,
    )


def _p95(waits: list[float]) -> float:
    return waits[0] if len(waits) == 1 else quantiles(waits, n=20, method="inclusive")[-1]
