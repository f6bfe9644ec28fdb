"""What a shift's report says of tips: how many, and what customers added in all."""

from dataclasses import dataclass

from sqlalchemy import func, select

from pos.extensions import db
from pos.models import Sale
from pos.money import Currency, Money
from pos.reports.closing import settled


@dataclass(frozen=True, kw_only=True)
class TipTotal:
    """The tips of a shift in one currency: what came in has them, the goods do not."""

    currency: Currency
    count: int
    amount: Money


def of_shift(shift_id: int) -> tuple[TipTotal, ...]:
    """Return the tips of the sales that a shift has settled, by currency."""
    query = (
        select(Sale.currency, func.count(), func.sum(Sale.tip_minor))
        .where(Sale.id.in_(settled.of_shift(shift_id)), Sale.tip_minor > 0)
        .group_by(Sale.currency)
    )
    found = {of: (int(count), int(minor)) for of, count, minor in db.session.execute(query)}
    return tuple(
        TipTotal(currency=of, count=found[of][0], amount=Money(found[of][1], of))
        for of in Currency
        if of in found
    )
