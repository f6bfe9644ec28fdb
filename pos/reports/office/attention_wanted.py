"""Which items of the attention queue are asked for, and where a page of them begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_

from pos import clock
from pos.models import Payment
from pos.reports.closing import exceptions
from pos.reports.closing.exceptions import FOUND_AT, MONEY_ID
from pos.states import Remark
from pos.words import _

OLD = timedelta(days=1)
"""After so long money that nobody has decided about is told of as old."""

AGES: dict[str, tuple[str, timedelta]] = {
    "hour": (_("More than an hour"), timedelta(hours=1)),
    "day": (_("More than a day"), OLD),
    "week": (_("More than a week"), timedelta(days=7)),
}
"""How long something must wait to be listed, as the filter offers it."""

Place = tuple[datetime, int, int]
"""When an item was found, its payment's id and its money's: the order of the queue."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which items are asked for; what is empty asks for all. Those after `after` in the queue."""

    kind: str = ""
    till_id: int = 0
    age: str = ""
    after: Place | None = None

    def fitting(self) -> Iterator[ColumnElement[bool]]:
        """Give what a query for open items asks of each, wherever its page begins."""
        if self.kind:
            yield exceptions.remarked(Remark(self.kind))
        if self.till_id:
            yield Payment.till_id == self.till_id
        if self.age:
            yield FOUND_AT < clock.now() - AGES[self.age][1]

    def on_page(self) -> Iterator[ColumnElement[bool]]:
        """Give the same, and that each comes after where the page begins."""
        yield from self.fitting()
        if self.after:
            yield _comes_after(*self.after)


ALL = Wanted()


def _comes_after(at: datetime, payment_id: int, money_id: int) -> ColumnElement[bool]:
    later_money = and_(Payment.id == payment_id, MONEY_ID > money_id)
    same_time = and_(FOUND_AT == at, or_(Payment.id > payment_id, later_money))
    return or_(FOUND_AT > at, same_time)
