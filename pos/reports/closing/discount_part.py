"""What a shift's report says of discounts: how many, and what was taken off in all."""

from dataclasses import dataclass

from sqlalchemy import func, select

from pos.extensions import db
from pos.models import Discount, Sale
from pos.money import Currency, Money
from pos.reports.closing import settled


@dataclass(frozen=True, kw_only=True)
class DiscountTotal:
    """What was taken off the sales of a shift in one currency; it is in no other total."""

    currency: Currency
    count: int
    amount: Money


def of_shift(shift_id: int) -> tuple[DiscountTotal, ...]:
    """Return what was taken off the sales that a shift has settled, by currency."""
    query = (
        select(Discount.currency, func.count(), func.sum(Discount.minor))
        .join(Sale, Sale.discount_id == Discount.id)
        .where(Sale.id.in_(settled.of_shift(shift_id)))
        .group_by(Discount.currency)
    )
    found = {of: (int(count), int(minor)) for of, count, minor in db.session.execute(query)}
    return tuple(
        DiscountTotal(currency=of, count=found[of][0], amount=Money(found[of][1], of))
        for of in Currency
        if of in found
    )
