"""How well QRs were paid: how many of those shown, and how long it took.

The database counts the QRs by tenths of a second; the median and the 95th percentile are read
off those counts, exact to the tenth, without carrying a row for each payment.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import BigInteger, Select, case, func, select, type_coerce

from pos.extensions import db
from pos.models import GatewayAccount, Payment, Sale, User
from pos.reports.office.spans import Span, shifts_of
from pos.states import MARKS, UNVERIFIED, PaymentStatus

_WAITING = frozenset({PaymentStatus.CREATING, PaymentStatus.AWAITING, *UNVERIFIED})


@dataclass(frozen=True)
class Shown:
    """QRs of one till, cashier and gateway that ended alike after the same tenths of a second.

    `tenths` is None where nobody paid, or nobody knows when.
    """

    till_id: int
    cashier_id: int
    way: str
    is_paid: bool
    tenths: int | None
    count: int


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How some QRs went; `permille` of those that ended were paid, None where none ended."""

    ended: int
    paid: int
    permille: int | None
    median_tenths: int | None
    p95_tenths: int | None

    @property
    def rate(self) -> str:
        """The part that was paid, "97.5 %"; "" where no QR ended."""
        return write_permille(self.permille)

    @property
    def median_seconds(self) -> str:
        """The middle of the waits, in seconds, "12.3"; "" where nobody paid."""
        return _tenths(self.median_tenths)

    @property
    def p95_seconds(self) -> str:
        """The wait that 95 of 100 do not exceed."""
        return _tenths(self.p95_tenths)


def shown(user: User, span: Span) -> list[Shown]:
    """Return the QRs shown in sales of these days, but for those that are still waited for."""
    rows = db.session.execute(_query(user, span))
    return [Shown(row[0], row[1], row[2], bool(row[3]), row[4], row[5]) for row in rows]


def speed(rows: list[Shown], of: Callable[[Shown], bool]) -> Speed:
    """Return how some of them went."""
    some = [row for row in rows if of(row)]
    ended, paid = sum(row.count for row in some), sum(row.count for row in some if row.is_paid)
    waits: Counter[int] = Counter()
    for row in some:
        if row.tenths is not None:
            waits[row.tenths] += row.count
    return Speed(
        ended=ended,
        paid=paid,
        permille=(paid * 2_000 + ended) // (ended * 2) if ended else None,
        median_tenths=percentile(waits, 50),
        p95_tenths=percentile(waits, 95),
    )


def percentile(counts: Counter[int], percent: int) -> int | None:
    """Return the least value that so many per cent do not exceed; None of nothing."""
    rank, so_far = -(-sum(counts.values()) * percent // 100), 0
    for value in sorted(counts):
        so_far += counts[value]
        if so_far >= rank:
            return value
    return None


def write_permille(permille: int | None) -> str:
    """Return thousandths as a per cent with one decimal, "97.5 %"; "" for nothing."""
    return "" if permille is None else f"{permille // 10}.{permille % 10} %"


def _query(user: User, span: Span) -> Select[int, int, str, int, int, int]:
    shifts = shifts_of(user, span)
    waited = type_coerce(Payment.paid_at, BigInteger) - type_coerce(Payment.shown_at, BigInteger)
    is_paid = case((Payment.status == PaymentStatus.PAID, 1), else_=0)
    # Of what was marked by hand nobody knows when it was paid, and clocks may differ.
    tenths = case((Payment.remark.in_(MARKS), None), (waited < 0, 0), else_=waited // 100)
    which = [
        *(shifts.c.till_id, shifts.c.cashier_id, GatewayAccount.gateway),
        *(is_paid.label("is_paid"), tenths.label("tenths")),
    ]
    return (
        select(*which, func.count())
        .select_from(shifts)
        .join(Sale, Sale.shift_id == shifts.c.id)
        .join(Payment, Payment.sale_id == Sale.id)
        .join(GatewayAccount, GatewayAccount.id == Payment.account_id)
        .where(Payment.shown_at.is_not(None), Payment.status.not_in(_WAITING))
        .group_by(*which)
    )


def _tenths(tenths: int | None) -> str:
    return "" if tenths is None else f"{tenths // 10}.{tenths % 10}"
