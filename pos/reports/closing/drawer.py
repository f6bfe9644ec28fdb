"""What should be in a drawer, by currency, and every figure that leads there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from pos.cash import Cash
from pos.extensions import db
from pos.models import CashCount, CashMovement, Shift, Tender
from pos.money import Currency, Money
from pos.reports.wording import MOVEMENT, MOVEMENT_REASON
from pos.states import MovementKind

_K = MovementKind


@dataclass(frozen=True, kw_only=True)
class DrawerLine:
    """One currency of a drawer: expected = float + given - change - refunds + in - out."""

    currency: Currency
    opening: Money
    given: Money
    change: Money
    refunds: Money
    paid_in: Money
    paid_out: Money
    expected: Money
    counted: Money | None = None
    over: Money | None = None


@dataclass(frozen=True, kw_only=True)
class CashTotal:
    """What cash paid of the sales in one currency, refunds not taken off."""

    currency: Currency
    count: int
    amount: Money
    refunded: Money


@dataclass(frozen=True, kw_only=True)
class MovementLine:
    """Cash that moved without a sale, or the drawer opened for nothing."""

    at: datetime
    kind_text: str
    reason_text: str
    note: str
    cash: tuple[Money, Money]
    sale_number: int | None
    asked_by: str
    approved_by: str


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """One count: who, when, what, and how far from the books."""

    number: int
    at: datetime
    counted_by: str
    counted: tuple[Money, Money]
    over: tuple[Money, Money]
    notes: dict[str, dict[str, int]]
    is_blind: bool


@dataclass(frozen=True, kw_only=True)
class RateLine:
    """An exchange rate that sales of the shift were made at."""

    buy: int
    sell: int
    set_at: datetime


@dataclass(frozen=True, kw_only=True)
class HeldPart:
    """Cash in the drawer for a sale that is neither paid nor given up."""

    sale_number: int
    amount: Money
    held: Money


@dataclass(frozen=True, kw_only=True)
class CashPart:
    """The cash of a shift, as its Z report keeps it."""

    lines: tuple[DrawerLine, ...]
    totals: tuple[CashTotal, ...]
    rounding: Money
    no_sales: int
    movements: tuple[MovementLine, ...]
    counts: tuple[CountLine, ...]
    rates: tuple[RateLine, ...]
    held: tuple[HeldPart, ...]
    over_reason: str = ""
    over_note: str = ""
    over_approved_by: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether the drawer never held cash: there is nothing to tell of it."""
        moved = any(line.opening.minor or line.given.minor for line in self.lines)
        return not (moved or self.movements or self.counts)


_SHIFT = bindparam("shift_id", type_=Integer)
_HELD_CASH = select(
    or_(
        select(Tender.id).where(Tender.shift_id == _SHIFT).exists(),
        select(CashMovement.id).where(CashMovement.shift_id == _SHIFT).exists(),
    )
)
_TAKEN = select(
    *(
        func.coalesce(func.sum(one), 0)
        for one in (
            Tender.given_usd_minor,
            Tender.change_usd_minor,
            Tender.given_khr_minor,
            Tender.change_khr_minor,
        )
    )
).where(Tender.shift_id == _SHIFT)
_MOVED = (
    select(CashMovement.kind)
    .add_columns(func.sum(CashMovement.usd_minor), func.sum(CashMovement.khr_minor))
    .where(CashMovement.shift_id == _SHIFT)
    .group_by(CashMovement.kind)
)
_COUNTS = (
    select(CashCount)
    .where(CashCount.shift_id == _SHIFT)
    .order_by(CashCount.number)
    .options(joinedload(CashCount.counted_by))
)
_MOVEMENTS = (
    select(CashMovement)
    .where(CashMovement.shift_id == _SHIFT)
    .order_by(CashMovement.id)
    .options(
        joinedload(CashMovement.sale),
        joinedload(CashMovement.asked_by),
        joinedload(CashMovement.approved_by),
    )
)
_NO_SALES = select(func.count(CashMovement.id)).where(
    CashMovement.shift_id == _SHIFT, CashMovement.kind == _K.NO_SALE
)
"""Written once: a drawer is summed at each count, each close and each look at its shift."""


def expected(shift: Shift) -> Cash:
    """Return what the books say is in the drawer of a shift."""
    dollars, riel = lines(shift)
    return Cash(dollars.expected.minor, riel.expected.minor)


def is_untouched(shift: Shift) -> bool:
    """Return whether a drawer never held cash in a shift: then there is nothing to count."""
    return not (shift.float_usd_minor or shift.float_khr_minor) and is_quiet(shift.id)


def is_quiet(shift_id: int) -> bool:
    """Return whether no cash was taken in a shift and none moved: its sums are all nothing."""
    return not db.session.scalar(_HELD_CASH, {"shift_id": shift_id})


def lines(shift: Shift, *, quiet: bool = False) -> tuple[DrawerLine, DrawerLine]:
    """Return the two drawers of a shift, dollars then riel, not counted.

    `quiet`: it is known that no cash was taken or moved in it, so nothing is asked.
    """
    taken, moved = ((0, 0, 0, 0), {}) if quiet else (_taken(shift.id), _moved(shift.id))
    return (
        _line(Money(shift.float_usd_minor, Currency.USD), taken[0], taken[1], moved, 0),
        _line(Money(shift.float_khr_minor, Currency.KHR), taken[2], taken[3], moved, 1),
    )


def _taken(shift_id: int) -> tuple[int, int, int, int]:
    """Sum what was given and the change of a shift: dollars, their change, riel, theirs."""
    row = db.session.execute(_TAKEN, {"shift_id": shift_id}).one()
    return int(row[0]), int(row[1]), int(row[2]), int(row[3])


def _moved(shift_id: int) -> dict[MovementKind, tuple[int, int]]:
    found = db.session.execute(_MOVED, {"shift_id": shift_id})
    return {kind: (int(usd), int(khr)) for kind, usd, khr in found}


def _line(
    opening: Money, given: int, change: int, moved: dict[MovementKind, tuple[int, int]], side: int
) -> DrawerLine:
    def of(kind: MovementKind) -> int:
        return moved.get(kind, (0, 0))[side]

    currency = opening.currency
    refunds, paid_in, paid_out = of(_K.REFUND), of(_K.PAID_IN), of(_K.PAID_OUT)
    left = opening.minor + given - change - refunds + paid_in - paid_out
    return DrawerLine(
        currency=currency,
        opening=opening,
        given=Money(given, currency),
        change=Money(change, currency),
        refunds=Money(refunds, currency),
        paid_in=Money(paid_in, currency),
        paid_out=Money(paid_out, currency),
        expected=Money(left, currency),
    )


def counts(shift_id: int) -> tuple[CashCount, ...]:
    """Return the counts of a shift's drawer, first to last."""
    return tuple(db.session.scalars(_COUNTS, {"shift_id": shift_id}))


def no_sales(shift_id: int) -> int:
    """Return how often the drawer was opened for nothing in a shift."""
    return db.session.scalar(_NO_SALES, {"shift_id": shift_id}) or 0


def movements(shift_id: int) -> tuple[CashMovement, ...]:
    """Return what moved in a shift without a sale, oldest first."""
    return tuple(db.session.scalars(_MOVEMENTS, {"shift_id": shift_id}))


def movement_line(row: CashMovement) -> MovementLine:
    """Return one movement as a report tells of it."""
    return MovementLine(
        at=row.at,
        kind_text=MOVEMENT[row.kind],
        reason_text=MOVEMENT_REASON[row.reason],
        note=row.note,
        cash=row.cash.both,
        sale_number=row.sale.number if row.sale else None,
        asked_by=row.asked_by.display_name,
        approved_by=row.approved_by.display_name if row.approved_by else "",
    )
