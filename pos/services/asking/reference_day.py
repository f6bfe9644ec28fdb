"""The reference day: a shop played through with the real plan, ladder and limits, and no bank.

What it costs to ask, and how long customers wait, for so many sales a day and so many
questions. Times are made up by a seeded generator. Customers who have paid and see nothing for
`PATIENCE_SECONDS` get *Check now* pressed. Nothing is read or written. Pure.
"""

import heapq
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from pos import clock
from pos.config import Settings
from pos.services.asking import checks, ladder, planning, quota
from pos.states import PaymentStatus

OPENS, CLOSES = 7, 21
FIRST_DAY = datetime(2026, 11, 2, tzinfo=clock.SHOP_ZONE)

_P = PaymentStatus


@dataclass
class Sale:
    """One QR of the played shop; `pays_at` is None for a customer who never pays."""

    shown_at: datetime
    pays_at: datetime | None
    expires_at: datetime
    changed_at: datetime
    status: PaymentStatus = _P.AWAITING
    answered_at: datetime | None = None
    told_at: datetime | None = None

    @property
    def delay(self) -> float:
        """Seconds from the money to the till; endless while nobody knows of it."""
        if self.told_at is None or self.pays_at is None:
            return math.inf
        return (self.told_at - self.pays_at).total_seconds()


@dataclass
class Figures:
    """What some days came to, without those in which the shop was new."""

    paid: int = 0
    calls: int = 0
    most_in_a_day: int = 0
    delays: list[float] = field(default_factory=list)

    @property
    def calls_per_paid_sale(self) -> float:
        """All questions, those about QRs that nobody paid among them, for each paid sale."""
        return self.calls / self.paid

    def delay(self, part: float) -> float:
        """Return the seconds that this part of the customers waits at most."""
        ranked = sorted(self.delays)
        return ranked[min(int(part * len(ranked)), len(ranked) - 1)]

    def told_within(self, seconds: float) -> float:
        """Return the part of the paid sales that the till knew of so soon."""
        return sum(1 for one in self.delays if one <= seconds) / len(self.delays)


class Shop:
    """A shop with a daily limit, played day by day; it learns from its own past."""

    def __init__(self, sales: int, limit: int, rules: Settings, seed: int = 1) -> None:
        self.sales, self.limit, self.rules = sales, limit, rules
        self.asked = 0
        self._random = Random(seed)
        self._agenda: list[tuple[datetime, int, Sale, bool]] = []
        self._past: planning.Past = []
        self._made: list[Sale] = []
        self._expected = planning.outlook([], FIRST_DAY)
        self._rungs: tuple[float, ...] = ()
        self._planned_at: datetime | None = None
        self._serial = 0

    def play(self, days: int, *, learning: int = 0) -> Figures:
        """Play so many days after those of learning, and return what they came to."""
        figures = Figures()
        for number in range(learning + days):
            made = self._day(FIRST_DAY + timedelta(days=number))
            if number >= learning:
                paid = [sale for sale in made if sale.pays_at is not None]
                figures.paid += len(paid)
                figures.calls += self.asked
                figures.most_in_a_day = max(figures.most_in_a_day, self.asked)
                figures.delays += [sale.delay for sale in paid]
        return figures

    def _day(self, midnight: datetime) -> list[Sale]:
        """Play one day, from its customers and from what earlier days left on the agenda."""
        self.asked, self._rungs, self._planned_at = 0, (), None
        self._past = ([_as_past(sale) for sale in self._made] + self._past)[: planning.PAST]
        self._expected = planning.outlook(self._past, midnight)
        self._made = []
        for sale in self.customers(midnight):
            self._work_until(sale.shown_at)
            self._keep_plan(sale.shown_at)
            self._made.insert(0, sale)
            self._schedule(sale, sale.shown_at)
            self._lose_patience(sale)
        self._work_until(midnight + timedelta(days=1))
        return self._made

    def _work_until(self, end: datetime) -> None:
        while self._agenda and self._agenda[0][0] < end:
            now, _serial, sale, by_person = heapq.heappop(self._agenda)
            self._keep_plan(now)
            self._ask(sale, now, by_person)

    def _keep_plan(self, now: datetime) -> None:
        """Plan anew once a minute, as the worker does."""
        if self._planned_at is None or now - self._planned_at >= timedelta(minutes=1):
            so_far, limit, rules = len(self._made), self.limit, self.rules
            chosen = planning.choose(
                self._expected, so_far, now, asked=self.asked, limit=limit, rules=rules
            )
            self._rungs, self._planned_at = chosen.rungs, now

    def customers(self, midnight: datetime) -> Iterator[Sale]:
        """Return the sales of one day, in order."""
        seconds = (CLOSES - OPENS) * 3_600
        for since in sorted(self._random.uniform(0, seconds) for _ in range(self.sales)):
            shown_at = midnight + timedelta(hours=OPENS, seconds=since)
            yield Sale(
                shown_at=shown_at,
                pays_at=self._paid_at(shown_at),
                expires_at=shown_at + timedelta(seconds=self.rules.qr_seconds),
                changed_at=shown_at,
            )

    def _paid_at(self, shown_at: datetime) -> datetime | None:
        takes = self._random.lognormvariate(
            math.log(ladder.PRIOR_MEDIAN_SECONDS), ladder.PRIOR_SIGMA
        )
        never = self._random.random() < ladder.PRIOR_UNPAID or takes > self.rules.qr_seconds
        return None if never else shown_at + timedelta(seconds=takes)

    def _lose_patience(self, sale: Sale) -> None:
        if sale.pays_at is not None:
            tired_at = sale.pays_at + timedelta(seconds=ladder.PATIENCE_SECONDS)
            self._plan(sale, tired_at, by_person=True)

    def _ask(self, sale: Sale, now: datetime, by_person: bool) -> None:
        """Spend a question on a sale, or put it off where the day has none for it."""
        if sale.status is _P.PAID:
            return
        if sale.status is _P.AWAITING and now >= sale.expires_at:
            sale.status, sale.changed_at = _P.EXPIRING, sale.expires_at
        purpose = quota.purpose_of(sale.status, now, self._decisive(sale))
        if by_person:
            purpose = quota.Purpose.PERSON
        if self.asked >= quota.reach(purpose, self.limit, self.rules.quota_reserve_percent):
            if not by_person:
                self._put_off(sale, now)
            return
        self.asked += 1
        sale.answered_at = now
        if sale.pays_at is not None and sale.pays_at <= now:
            sale.status, sale.told_at = _P.PAID, now
        elif sale.status is _P.EXPIRING and now >= self._decisive(sale):
            sale.status, sale.changed_at = _P.EXPIRED, now
        if not by_person:
            self._schedule(sale, now)

    def _put_off(self, sale: Sale, now: datetime) -> None:
        until, deciding = quota.next_day(now), self._decisive(sale)
        if sale.status is _P.AWAITING:
            self._plan(sale, min(until, deciding))
        elif sale.status is _P.EXPIRING or self._next(sale, until) is not None:
            self._plan(sale, until)

    def _schedule(self, sale: Sale, now: datetime) -> None:
        following = self._next(sale, now)
        if following is not None:
            self._plan(sale, following)

    def _next(self, sale: Sale, now: datetime) -> datetime | None:
        return checks.next_check(
            sale.status,
            now=now,
            shown_at=sale.shown_at,
            changed_at=sale.changed_at,
            expires_at=sale.expires_at,
            ladder=self._rungs,
            grace_seconds=self.rules.grace_seconds,
            watch_hours=self.rules.watch_hours,
            is_metered=True,
            answered_at=sale.answered_at,
        )

    def _decisive(self, sale: Sale) -> datetime:
        return sale.expires_at + timedelta(seconds=self.rules.grace_seconds)

    def _plan(self, sale: Sale, at: datetime, by_person: bool = False) -> None:
        self._serial += 1
        heapq.heappush(self._agenda, (at, self._serial, sale, by_person))


def _as_past(sale: Sale) -> tuple[datetime, datetime | None, datetime | None, PaymentStatus]:
    paid_at = sale.pays_at if sale.told_at else None
    return sale.shown_at, sale.shown_at, paid_at, sale.status


def polled(sales: int, every: float, rules: Settings, seed: int = 1) -> Figures:
    """Return what the same day costs a program that asks every so many seconds, unlimited."""
    figures, last = Figures(), rules.qr_seconds + rules.grace_seconds
    for sale in Shop(sales, 0, rules, seed).customers(FIRST_DAY):
        if sale.pays_at is None:
            figures.calls += math.ceil(last / every)
            continue
        took = (sale.pays_at - sale.shown_at).total_seconds()
        asked = math.ceil(took / every)
        figures.paid, figures.calls = figures.paid + 1, figures.calls + asked
        figures.delays.append(asked * every - took)
    return figures
