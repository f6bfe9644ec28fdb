"""By how much each cashier's drawer was over or short, count after count."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from pos.cash import Cash
from pos.extensions import db
from pos.models import CashCount, Shift, User
from pos.reports.office.spans import Span, shifts_of

LAST = 6
"""How many counts of a cashier make a trend."""
OFTEN = 3
"""So many short ones of them are worth a look."""


@dataclass(frozen=True, kw_only=True)
class CountLine:
    """One drawer's last count: what was over, below zero what was short."""

    shift_id: int
    at: datetime
    over: Cash

    @property
    def is_short(self) -> bool:
        """Whether something was missing, in either currency."""
        return self.over.usd < 0 or self.over.khr < 0


@dataclass(frozen=True, kw_only=True)
class Trend:
    """One cashier's last counts, oldest first, and what they come to in each currency."""

    name: str
    counts: tuple[CountLine, ...]

    @property
    def short(self) -> int:
        """How many of them were short."""
        return sum(one.is_short for one in self.counts)

    @property
    def worth_a_look(self) -> bool:
        """Whether the drawer was short often."""
        return self.short >= OFTEN


def of_store(user: User, span: Span) -> tuple[Trend, ...]:
    """Return the trend of each cashier whose drawer was counted in these days."""
    other = aliased(CashCount)
    newest = select(func.max(other.number)).where(other.shift_id == CashCount.shift_id)
    shifts = shifts_of(user, span)
    query = (
        select(CashCount, shifts.c.cashier_id, User.display_name)
        .join(shifts, shifts.c.id == CashCount.shift_id)
        .join(Shift, Shift.id == shifts.c.id)
        .join(User, User.id == shifts.c.cashier_id)
        .where(Shift.closed_at.is_not(None))
        .where(CashCount.number == newest.correlate(CashCount).scalar_subquery())
        .order_by(User.display_name, CashCount.id)
    )
    found: dict[tuple[str, int], list[CountLine]] = {}
    for count, cashier_id, name in db.session.execute(query):
        line = CountLine(shift_id=count.shift_id, at=count.at, over=count.over)
        found.setdefault((name, cashier_id), []).append(line)
    return tuple(
        Trend(name=name, counts=tuple(lines[-LAST:])) for (name, _id), lines in found.items()
    )
