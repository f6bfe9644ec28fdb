"""The figures of a store over some days: what the dashboard shows, as values."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Till, User
from pos.money import Currency, Money
from pos.reports.office import qr_speed, takings
from pos.reports.office.qr_speed import Shown, Speed
from pos.reports.office.spans import Span
from pos.reports.office.takings import CASH, Sum, Taken
from pos.words import _

WEEK = range(7)
"""Monday is 0."""
DAY = range(24)

_WAYS = {CASH: _("Cash"), "bakong": "Bakong", "payway": "PayWay"}
"""How a page calls the ways of being paid."""


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One currency: what was taken, against the same days before; `sold` None without a sale.

    `before` is what those days had brought by then; `all_before` what they brought in all.
    """

    currency: Currency
    taken: Money
    before: Money
    all_before: Money
    sold: Sum | None
    given_back: Sum | None
    discounts: Sum | None
    tips: Sum | None

    @property
    def change(self) -> int | None:
        """By how many per cent it is more, or less; None against nothing."""
        if self.before.minor <= 0:
            return None
        more = (self.taken.minor - self.before.minor) * 100
        size = (abs(more) * 2 + self.before.minor) // (self.before.minor * 2)
        return size if more >= 0 else -size


@dataclass(frozen=True, kw_only=True)
class Bar:
    """What was taken in one hour or on one weekday, and in the same before."""

    at: int
    taken: Money
    before: Money


@dataclass(frozen=True, kw_only=True)
class Chart:
    """The bars of one currency; hours at either end with nothing in them are left out."""

    currency: Currency
    bars: tuple[Bar, ...]


@dataclass(frozen=True, kw_only=True)
class Line:
    """One gateway, till or cashier: what it took, by currency, and how its QRs went."""

    name: str
    taken: tuple[Money, ...]
    speed: Speed


@dataclass(frozen=True, kw_only=True)
class Figures:
    """All that the dashboard shows of some days; currencies are never added."""

    span: Span
    headlines: tuple[Headline, ...]
    speed: Speed
    speed_before: Speed
    hours: tuple[Chart, ...]
    weekdays: tuple[Chart, ...]
    ways: tuple[Line, ...]
    tills: tuple[Line, ...]
    cashiers: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there was neither money nor a QR."""
        return not (self.headlines or self.speed.ended)

    @property
    def has_tips_or_discounts(self) -> bool:
        """Whether customers added anything, or the shop took anything off."""
        return any(one.tips or one.discounts for one in self.headlines)


def of_store(user: User, span: Span) -> Figures:
    """Return the figures of these days, as the books say now, for what this person sees."""
    now = clock.now()
    then = min(now - span.step, span.before.instants[1])
    rows, before = takings.taken(user, span, now), takings.taken(user, span.before, then)
    qrs, earlier = qr_speed.shown(user, span), qr_speed.shown(user, span.before)
    names = _names(user)
    return Figures(
        span=span,
        headlines=_headlines(user, span, rows, before),
        speed=qr_speed.speed(qrs, _every),
        speed_before=qr_speed.speed(earlier, _every),
        hours=_charts(rows, before, lambda row: row.hour, DAY),
        weekdays=_charts(rows, before, lambda row: row.weekday, WEEK) if span.days > 1 else (),
        ways=_lines(rows, qrs, lambda row: row.way, lambda way: _WAYS.get(way, way)),
        tills=_lines(rows, qrs, lambda row: row.till_id, names["till"].__getitem__),
        cashiers=_lines(rows, qrs, lambda row: row.cashier_id, names["user"].__getitem__),
    )


def _every(_row: object) -> bool:
    return True


def _headlines(
    user: User, span: Span, rows: list[Taken], before: list[Taken]
) -> tuple[Headline, ...]:
    now, then = takings.total(rows, _every), takings.total(before, lambda row: row.is_in_time)
    whole = takings.total(before, _every)
    gathered = (
        *takings.sold(user, span),
        takings.given_back(user, span),
        takings.discounts(user, span),
    )
    sold, tips, given_back, discounts = parts = [
        {one.currency: one for one in sums} for sums in gathered
    ]
    return tuple(
        Headline(
            currency=of,
            taken=Money(now[of], of),
            before=Money(then[of], of),
            all_before=Money(whole[of], of),
            sold=sold.get(of),
            given_back=given_back.get(of),
            discounts=discounts.get(of),
            tips=tips.get(of),
        )
        for of in Currency
        if now[of] or whole[of] or any(of in part for part in parts)
    )


def _charts(
    rows: list[Taken], before: list[Taken], at: Callable[[Taken], int], places: range
) -> tuple[Chart, ...]:
    charts = []
    for of in Currency:
        sums = {place: [0, 0] for place in places}
        for which, some in enumerate((rows, before)):
            for row in some:
                if row.currency is of:
                    sums[at(row)][which] += row.minor
        busy = [place for place in places if any(sums[place])]
        if not busy:
            continue
        kept = range(busy[0], busy[-1] + 1) if places is DAY else places
        bars = [Bar(at=it, taken=Money(sums[it][0], of), before=Money(sums[it][1], of))
                for it in kept]  # fmt: skip
        charts.append(Chart(currency=of, bars=tuple(bars)))
    return tuple(charts)


def _lines(
    rows: list[Taken],
    qrs: list[Shown],
    key: Callable[[Any], Any],
    name: Callable[[Any], str],
) -> tuple[Line, ...]:
    lines = []
    for one in {key(row) for row in (*rows, *qrs)}:
        mine = partial(_is_of, key, one)
        sums, speed = takings.total(rows, mine), qr_speed.speed(qrs, mine)
        money = tuple(Money(sums[of], of) for of in Currency if sums[of])
        lines.append(Line(name=name(one), taken=money, speed=speed))
    return tuple(sorted(lines, key=lambda line: line.name))


def _is_of(key: Callable[[Any], Any], one: Any, row: Any) -> bool:
    return bool(key(row) == one)


def _names(user: User) -> dict[str, dict[int, str]]:
    tills = select(Till.id, Till.name).where(Till.store_id == user.store_id)
    people = select(User.id, User.display_name).where(User.store_id == user.store_id)
    return {
        "till": {row[0]: row[1] for row in db.session.execute(tills)},
        "user": {row[0]: row[1] for row in db.session.execute(people)},
    }
