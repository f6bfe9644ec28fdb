"""What a shift's report says of the sales it settled beside their money: rounding, tips, discounts.

All three are read at once: which sales a shift has settled is the dear part of the question.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, SelectBase, case, func, select

from pos.extensions import db
from pos.models import Discount, Sale
from pos.money import Currency, Money
from pos.reports.closing import settled
from pos.reports.closing.shift_payments import CURRENCIES, Row
from pos.words import _


@dataclass(frozen=True, kw_only=True)
class DiscountTotal:
    """What was taken off the sales of a shift in one currency; it is in no other total."""

    currency: Currency
    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class TipTotal:
    """The tips of a shift in one currency: what came in has them, the goods do not."""

    currency: Currency
    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class SettledPart:
    """What the sales that a shift has settled were rounded by, had taken off, and were given."""

    keyed_rounding: Money
    """Riel that rounding to hundreds added to what was typed; below zero: took off."""
    discounts: tuple[DiscountTotal, ...]
    tips: tuple[TipTotal, ...]


def _summed(sales: SelectBase) -> Select[*tuple[Any, ...]]:
    """Select the sums of these sales by their currency."""
    tipped = case((Sale.tip_minor > 0, 1))
    return (
        select(Sale.currency, func.sum(Sale.rounding_minor), func.count(tipped))
        .add_columns(func.sum(Sale.tip_minor), func.count(Discount.id))
        .add_columns(func.coalesce(func.sum(Discount.minor), 0))
        .outerjoin(Discount, Discount.id == Sale.discount_id)
        .where(Sale.id.in_(sales))
        .group_by(Sale.currency)
    )


_OF_SHIFT, _BY_CASH_ALONE = _summed(settled.OF_SHIFT), _summed(settled.BY_CASH_ALONE)


def of_shift(shift_id: int) -> SettledPart:
    """Return the part of a shift, as the books say now; a sale counts once.

    All of it is asked of the database: what a report was made of another way is held to this.
    """
    return _told(_sums(_OF_SHIFT, shift_id))


def of_rows(shift_id: int, by_money: list[Row]) -> SettledPart:
    """Return the part of a shift of which the sales settled by money were read already."""
    sums = _sums(_BY_CASH_ALONE, shift_id)
    for row in by_money:
        if row.rounding or row.tip or row.off is not None:
            sums[CURRENCIES[row.sale_currency]].add(row)
    return _told(sums)


def rounding_in_words(rounding: Money | None) -> str:
    """Return what a report says of it; "" where nothing was rounded, or nobody kept it."""
    if rounding is None or not rounding.minor:
        return ""
    return _(
        "Riel typed at the keypad were rounded to hundreds, by %(amount)s in all.", amount=rounding
    )


@dataclass
class _Sum:
    rounding: int = 0
    tips: int = 0
    tipped: int = 0
    discounts: int = 0
    off: int = 0

    def add(self, row: Row) -> None:
        """Add one sale."""
        self.rounding += row.rounding
        self.tips += row.tip > 0
        self.tipped += row.tip
        self.discounts += row.off is not None
        self.off += row.off or 0


def _told(sums: Mapping[Currency, _Sum]) -> SettledPart:
    here = [(of, sums[of]) for of in Currency if of in sums]
    riel = sums.get(Currency.KHR) or _Sum()
    return SettledPart(
        keyed_rounding=Money(riel.rounding, Currency.KHR),
        discounts=tuple(
            DiscountTotal(currency=of, count=one.discounts, amount=Money(one.off, of))
            for of, one in here
            if one.discounts
        ),
        tips=tuple(
            TipTotal(currency=of, count=one.tips, amount=Money(one.tipped, of))
            for of, one in here
            if one.tips
        ),
    )


def _sums(query: Select[*tuple[Any, ...]], shift_id: int) -> defaultdict[Currency, _Sum]:
    found: defaultdict[Currency, _Sum] = defaultdict(_Sum)
    for of, *figures in db.session.execute(query, {"shift_id": shift_id}):
        found[of] = _Sum(*(int(one) for one in figures))
    return found
