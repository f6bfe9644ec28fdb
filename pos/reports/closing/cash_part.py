"""The cash of a shift as its Z report keeps it: figures, movements, counts, rates."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, select

from pos.extensions import db
from pos.models import CashCount, CashMovement, ExchangeRate, Sale, Shift, Tender
from pos.money import Currency, Money
from pos.reports.closing import drawer
from pos.reports.closing.drawer import (
    CashPart,
    CashTotal,
    CountLine,
    DrawerLine,
    HeldPart,
    RateLine,
)
from pos.reports.wording import OVER_REASON
from pos.states import MovementKind, SaleStatus

Sums = dict[Currency, tuple[int, int]]
"""How many, and how much in minor units, by currency."""

_SHIFT = bindparam("shift_id", type_=Integer)
_ROUNDING = select(
    *(
        select(func.sum(table.rounding_minor)).where(table.shift_id == _SHIFT).scalar_subquery()
        for table in (Tender, CashMovement)
    )
)
_RATES = (
    select(ExchangeRate)
    .join(Sale, Sale.rate_id == ExchangeRate.id)
    .join(Tender, Tender.sale_id == Sale.id)
    .where(Tender.shift_id == _SHIFT)
    .distinct()
    .order_by(ExchangeRate.id)
)
_RETURNED = (
    select(func.coalesce(func.sum(CashMovement.worth_minor), 0))
    .where(CashMovement.sale_id == Sale.id)
    .correlate(Sale)
    .scalar_subquery()
)
_IN_PART = (
    select(Sale, func.sum(Tender.settles_minor), _RETURNED)
    .join(Tender, Tender.sale_id == Sale.id)
    .where(Sale.shift_id == _SHIFT, Sale.status == SaleStatus.OPEN)
    .group_by(Sale.id)
    .order_by(Sale.id)
)
_SHIFTS = bindparam("shift_ids", type_=Integer, expanding=True)
_PAID = (
    select(Tender.shift_id, Tender.currency)
    .add_columns(func.count(Tender.sale_id.distinct()), func.sum(Tender.settles_minor))
    .where(Tender.shift_id.in_(_SHIFTS))
    .group_by(Tender.shift_id, Tender.currency)
)
_BACK = (
    select(CashMovement.shift_id, Sale.currency)
    .add_columns(func.count(), func.sum(CashMovement.worth_minor))
    .join(Sale, Sale.id == CashMovement.sale_id)
    .where(CashMovement.shift_id.in_(_SHIFTS))
    .group_by(CashMovement.shift_id, Sale.currency)
)

_NOTHING: dict[str, Any] = {
    "totals": (),
    "rounding": Money(0, Currency.KHR),
    "no_sales": 0,
    "movements": (),
    "rates": (),
}
"""What flowed in a shift in which no cash was taken or moved."""


def of_shift(shift: Shift) -> CashPart:
    """Return all that a report says of a shift's cash; what nobody counted is None."""
    counted, quiet = drawer.counts(shift.id), drawer.is_quiet(shift.id)
    last = counted[-1] if counted else None
    return CashPart(
        lines=tuple(_compared(one, last) for one in drawer.lines(shift, quiet=quiet)),
        counts=tuple(_count(one) for one in counted),
        held=held(shift.id),
        **(_NOTHING if quiet else _flow(shift.id)),
        over_reason=OVER_REASON.get(shift.over_reason, ""),
        over_note=shift.over_note,
        over_approved_by=shift.over_approved_by.display_name if shift.over_approved_by else "",
    )


def _flow(shift_id: int) -> dict[str, Any]:
    """Return each part of a shift's cash that only taking or moving some makes."""
    moved = drawer.movements(shift_id)
    return {
        "totals": totals(shift_id),
        "rounding": _rounding(shift_id),
        "no_sales": sum(row.kind is MovementKind.NO_SALE for row in moved),
        "movements": tuple(drawer.movement_line(row) for row in moved),
        "rates": _rates(shift_id),
    }


def totals(shift_id: int) -> tuple[CashTotal, ...]:
    """Return what cash paid in a shift, by the currency of the sales."""
    return totals_of([shift_id]).get(shift_id, ())


def totals_of(shift_ids: Collection[int]) -> dict[int, tuple[CashTotal, ...]]:
    """Return for each of these shifts what cash paid in it; none for one without cash sales."""
    paid, back = _sums(_PAID, shift_ids), _sums(_BACK, shift_ids)
    return {one: _added(paid[one], back[one]) for one in paid.keys() | back.keys()}


def _added(paid: Sums, back: Sums) -> tuple[CashTotal, ...]:
    return tuple(
        CashTotal(
            currency=currency,
            count=paid.get(currency, (0, 0))[0],
            amount=Money(paid.get(currency, (0, 0))[1], currency),
            refunded=Money(back.get(currency, (0, 0))[1], currency),
        )
        for currency in Currency
        if currency in paid or currency in back
    )


def _sums(query: Select[*tuple[Any, ...]], shift_ids: Collection[int]) -> defaultdict[int, Sums]:
    found: defaultdict[int, Sums] = defaultdict(dict)
    rows = db.session.execute(query, {"shift_ids": list(shift_ids)})
    for shift_id, currency, count, amount in rows:
        found[shift_id][currency] = int(count), int(amount)
    return found


def _compared(line: DrawerLine, count: CashCount | None) -> DrawerLine:
    """Set a count against what the books say now, not against what they said when it was made."""
    if count is None:
        return line
    dollars, riel = count.cash.both
    counted = dollars if line.currency is Currency.USD else riel
    return replace(line, counted=counted, over=counted - line.expected)


def _count(row: CashCount) -> CountLine:
    return CountLine(
        number=row.number,
        at=row.at,
        counted_by=row.counted_by.display_name,
        counted=row.cash.both,
        over=row.over.both,
        notes=row.notes,
        is_blind=row.is_blind,
    )


def _rounding(shift_id: int) -> Money:
    """Sum what rounding left to the shop, in riel; below zero where the shop gave it."""
    sums = db.session.execute(_ROUNDING, {"shift_id": shift_id}).one()
    return Money(sum(int(one or 0) for one in sums), Currency.KHR)


def _rates(shift_id: int) -> tuple[RateLine, ...]:
    """Return the rates that cash of the shift was reckoned at, oldest first."""
    rows = db.session.scalars(_RATES, {"shift_id": shift_id})
    return tuple(RateLine(buy=row.buy, sell=row.sell, set_at=row.set_at) for row in rows)


def held(shift_id: int) -> tuple[HeldPart, ...]:
    """Return the sales of a shift that cash was taken for and that nothing has ended."""
    return tuple(
        HeldPart(
            sale_number=sale.number,
            amount=sale.amount,
            held=Money(int(paid) - int(returned), sale.currency),
        )
        for sale, paid, returned in db.session.execute(_IN_PART, {"shift_id": shift_id})
    )
