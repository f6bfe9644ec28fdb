"""Which business days, and whose tills, a figure is asked about."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import CTE, select

from pos import clock
from pos.models import Shift, User
from pos.reports.closing import exceptions

MOST_DAYS = 366


@dataclass(frozen=True)
class Span:
    """Business days from the first to the last, both of them in it; they begin at an hour."""

    first: date
    last: date
    starts_hour: int = 0

    @property
    def days(self) -> int:
        """How many days they are."""
        return (self.last - self.first).days + 1

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """When it begins, and when the day after it does."""
        later = timedelta(hours=self.starts_hour)
        return clock.day_span(self.first)[0] + later, clock.day_span(self.last)[1] + later

    @property
    def before(self) -> "Span":
        """As many days before it that begin with the same weekday: a Sunday for a Sunday."""
        return Span(self.first - self.step, self.last - self.step, self.starts_hour)

    @property
    def step(self) -> timedelta:
        """How far back those days lie: whole weeks."""
        return timedelta(weeks=(self.days + 6) // 7)


def shifts_of(user: User, span: Span) -> CTE:
    """Return the shifts of these days at the tills that a person sees: id, till, cashier."""
    query = select(Shift.id, Shift.till_id, Shift.cashier_id).where(
        Shift.till_id.in_(exceptions.tills_of(user)),
        Shift.business_date.between(span.first, span.last),
    )
    return query.cte("shift_of_span")
