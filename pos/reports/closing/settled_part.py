"""What a shift's report says of the sales it settled beside their money: rounding, tips, discounts.

All three are read at once: which sales a shift has settled is the dear part of the question.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, case, func, select

from pos.extensions import db
from pos.models import Discount, Sale
from pos.money import Currency, Money
from pos.reports.closing import settled
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


def of_shift(shift_id: int) -> SettledPart:
    """Return the part of a shift, as the books say now; a sale counts once."""
    found = {row.currency: row for row in _sums(shift_id)}
    here = [found[of] for of in Currency if of in found]
    riel = found.get(Currency.KHR)
    return SettledPart(
        keyed_rounding=Money(int(riel.rounding) if riel else 0, Currency.KHR),
        discounts=tuple(
            DiscountTotal(currency=one.currency, count=one.discounts, amount=_money(one, one.off))
            for one in here
            if one.discounts
        ),
        tips=tuple(
            TipTotal(currency=one.currency, count=one.tips, amount=_money(one, one.tipped))
            for one in here
            if one.tips
        ),
    )


def rounding_in_words(rounding: Money | None) -> str:
    """Return what a report says of it; "" where nothing was rounded, or nobody kept it."""
    if rounding is None or not rounding.minor:
        return ""
    return _(
        "Riel typed at the keypad were rounded to hundreds, by %(amount)s in all.", amount=rounding
    )


def _money(row: Row[tuple[int, ...]], minor: int) -> Money:
    return Money(int(minor), row.currency)


def _sums(shift_id: int) -> Sequence[Row[tuple[int, ...]]]:
    tipped = case((Sale.tip_minor > 0, 1))
    query = (
        select(Sale.currency, func.sum(Sale.rounding_minor).label("rounding"))
        .add_columns(func.count(tipped).label("tips"), func.sum(Sale.tip_minor).label("tipped"))
        .add_columns(func.count(Discount.id).label("discounts"))
        .add_columns(func.coalesce(func.sum(Discount.minor), 0).label("off"))
        .outerjoin(Discount, Discount.id == Sale.discount_id)
        .where(Sale.id.in_(settled.of_shift(shift_id)))
        .group_by(Sale.currency)
    )
    return db.session.execute(query).all()
