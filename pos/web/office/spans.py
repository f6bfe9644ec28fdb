"""The days that a page of figures is asked for: some at one tap, or any span of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from pos import clock
from pos.errors import BadInput
from pos.extensions import settings
from pos.reports.office.spans import MOST_DAYS, Span
from pos.words import _

FIRST = date(2000, 1, 1)
"""No shop had a day before it."""

CHOICES: dict[str, str] = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "week": _("7 days"),
    "days30": _("30 days"),
    "month": _("This month"),
}
"""The spans at one tap, and how they are called."""


@dataclass(frozen=True)
class Asked:
    """What was asked for: `choice` is a word of the list, "" for days of one's own."""

    span: Span
    choice: str = ""
    error: str = ""

    @property
    def status(self) -> int:
        """The answer's status."""
        return 422 if self.error else 200


def read(args: Mapping[str, str]) -> Asked:
    """Return the days that an address asks for: today's if none, with an error if they are none."""
    starts = settings().day_starts_hour
    today = clock.business_date(clock.now(), starts)
    first, last = args.get("first", ""), args.get("last", "")
    try:
        if first or last:
            return Asked(_own(first, last, today, starts))
        choice = args.get("range", "today")
        if choice not in CHOICES:
            raise BadInput(_("Choose the days from the list."))
        return Asked(Span(*_chosen(choice, today), starts), choice)
    except BadInput as problem:
        return Asked(Span(today, today, starts), "today", problem.text)


def _chosen(choice: str, today: date) -> tuple[date, date]:
    yesterday = today - timedelta(days=1)
    firsts = {"yesterday": yesterday, "week": today - timedelta(days=6),
              "days30": today - timedelta(days=29), "month": today.replace(day=1)}  # fmt: skip
    return firsts.get(choice, today), yesterday if choice == "yesterday" else today


def _own(first: str, last: str, today: date, starts_hour: int) -> Span:
    try:
        span = Span(date.fromisoformat(first), date.fromisoformat(last), starts_hour)
    except ValueError:
        raise BadInput(_("Choose a first and a last day.")) from None
    if not FIRST <= span.first <= span.last <= today:
        raise BadInput(_("The first day comes before the last, and neither is to come."))
    if span.days > MOST_DAYS:
        raise BadInput(_("At most %(most)s days are shown at once.", most=MOST_DAYS))
    return span
