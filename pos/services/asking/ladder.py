"""At which seconds a gateway is asked about a QR, chosen and not guessed. Pure.

A question costs a part of a daily budget, a late one costs the customer's patience. For a
given number of questions a sale, the ladder here makes the expected wait between the money
and the green screen as short as it can be.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import log
from statistics import NormalDist
from typing import Self

PRIOR_MEDIAN_SECONDS = 14.0
PRIOR_SIGMA = 0.6
PRIOR_UNPAID = 0.08
"""What is expected of a shop without a past: log-normal, and how many never pay."""

PRIOR_WEIGHT = 40
"""How many of the shop's own sales count as much as the prior."""

PATIENCE_SECONDS = 30.0
"""Nobody waits longer: by then somebody at the counter presses Check now, which costs the
question that the next rung would have cost."""

CHEAPEST, DEAREST = 0.25, 12.0
"""How many seconds of waiting a question may be worth: the limits of every ladder."""

_CHOICES = 48
_NORMAL = NormalDist()
_Point = tuple[float, float]


@dataclass(frozen=True)
class PayTimes:
    """When a shop's customers pay: quantiles of their seconds, growing, and how many never did."""

    quantiles: tuple[float, ...] = ()
    paid: int = 0
    unpaid: int = 0

    @property
    def unpaid_share(self) -> float:
        """The part of all QRs that is never paid, between the shop's own and the prior's."""
        ended = self.paid + self.unpaid + PRIOR_WEIGHT
        return (self.unpaid + PRIOR_WEIGHT * PRIOR_UNPAID) / ended

    def paid_by(self, seconds: float) -> float:
        """Return the chance that a QR is paid within so many seconds of being shown."""
        own = self.paid if self.quantiles else 0
        mixed = own * self._own(seconds) + PRIOR_WEIGHT * _prior(seconds)
        return (1 - self.unpaid_share) * mixed / (own + PRIOR_WEIGHT)

    def _own(self, seconds: float) -> float:
        """Read the shop's own share off a line through its quantiles."""
        knots = self._knots
        place = bisect_right(knots, seconds)
        if place == len(knots):
            return 1.0
        low, high = knots[place - 1], knots[place]
        return (place - 1 + (seconds - low) / (high - low)) / (len(knots) - 1)

    @cached_property
    def _knots(self) -> tuple[float, ...]:
        knots = [0.0]
        for one in self.quantiles:
            knots.append(max(one, knots[-1] + 0.001))
        return tuple(knots)


def _prior(seconds: float) -> float:
    if seconds <= 0:
        return 0.0
    return _NORMAL.cdf(log(seconds / PRIOR_MEDIAN_SECONDS) / PRIOR_SIGMA)


@dataclass(frozen=True)
class Ladder:
    """When to ask, in seconds after a QR is shown; the last look after its end comes besides.

    `calls` is what a sale is expected to cost, last look included; `delay` the seconds a
    customer who pays is expected to wait.
    """

    rungs: tuple[float, ...]
    calls: float
    delay: float


def grid_of(life: float) -> tuple[float, ...]:
    """Return the seconds at which a rung may stand: half seconds first, coarser later."""
    halves = [half / 2 for half in range(4, 80)]
    whole = [*range(40, 80), *range(80, 120, 2), *range(120, 600, 10)]
    return tuple(one for one in (*halves, *map(float, whole)) if one < life)


def best(pay: PayTimes, *, calls: float, life: float, grace: float) -> Ladder:
    """Return the quickest ladder that is expected to ask `calls` times a sale, at most.

    Within limits: no question is asked that saves less than `CHEAPEST` seconds of waiting, and
    none is left out that saves `DEAREST`. So a very small number of calls may be exceeded.
    """
    choice = family(pay, life, grace)
    return choice[max(bisect_right(choice, calls, key=lambda one: one.calls) - 1, 0)]


@lru_cache(maxsize=64)
def family(pay: PayTimes, life: float, grace: float) -> tuple[Ladder, ...]:
    """Return the ladders to choose from, by growing calls and shrinking delay."""
    course = Course.of(pay, grid_of(life), life + grace)
    ratio = (CHEAPEST / DEAREST) ** (1 / (_CHOICES - 1))
    ladders = {solve(course, DEAREST * ratio**step) for step in range(_CHOICES)}
    return tuple(sorted(ladders, key=lambda one: one.calls))


@dataclass(frozen=True)
class Course:
    """How paying goes on over a grid of seconds, from nothing to the last look.

    `share` is the part paid by each time, `moment` the mean second of those, times that part;
    `old_share` and `old_moment` are the same for one patience earlier.
    """

    times: tuple[float, ...]
    share: tuple[float, ...]
    moment: tuple[float, ...]
    old_share: tuple[float, ...]
    old_moment: tuple[float, ...]

    @classmethod
    def of(cls, pay: PayTimes, grid: tuple[float, ...], end: float) -> Self:
        """Return the course over a grid; `end` is when the last look comes."""
        times = (0.0, *grid, end)
        share = [pay.paid_by(one) for one in times]
        moment = [0.0]
        for i in range(1, len(times)):
            middle = (times[i] + times[i - 1]) / 2
            moment.append(moment[-1] + (share[i] - share[i - 1]) * middle)
        old = [_at(times, share, moment, one - PATIENCE_SECONDS) for one in times]
        old_share, old_moment = zip(*old, strict=True)
        return cls(times, tuple(share), tuple(moment), old_share, old_moment)

    def waiting(self, asked: int, again: int) -> float:
        """Return the expected waiting of those who pay between two questions."""
        if self.old_share[again] <= self.share[asked]:
            paid = self.share[again] - self.share[asked]
            return self.times[again] * paid - (self.moment[again] - self.moment[asked])
        paid = self.share[again] - self.old_share[again]
        fresh = self.times[again] * paid - (self.moment[again] - self.old_moment[again])
        return fresh + PATIENCE_SECONDS * (self.old_share[again] - self.share[asked])


def _at(times: Sequence[float], share: list[float], moment: list[float], when: float) -> _Point:
    """Read share and moment off between two times of the grid, as if people paid evenly there."""
    if when <= 0:
        return 0.0, 0.0
    right = bisect_right(times, when)
    low, high = times[right - 1], times[right]
    more = (share[right] - share[right - 1]) * (when - low) / (high - low)
    return share[right - 1] + more, moment[right - 1] + more * (low + when) / 2


def solve(course: Course, worth: float) -> Ladder:
    """Return the ladder that makes delay plus `worth` times calls the least.

    So no ladder that asks no more often is quicker.
    """
    following = _following(course, worth)
    rungs, calls, delay, i = [], 0.0, 0.0, 0
    while i < len(course.times) - 1:
        j = following[i]
        calls += 1 - course.share[i]
        delay += course.waiting(i, j)
        rungs.append(course.times[j])
        i = j
    return Ladder(tuple(rungs[:-1]), calls, delay / max(course.share[-1], 1e-9))


def _following(course: Course, worth: float) -> list[int]:
    """Return, for each point of time at which it was asked in vain, the best next one.

    Backwards from the end. The earlier a point, the earlier its best next one: waiting obeys
    the quadrangle inequality, so few need be looked at.
    """
    times, share, moment = course.times, course.share, course.moment
    tired_from = [one - PATIENCE_SECONDS for one in times]
    tired = [course.waiting(0, j) for j in range(len(times))]
    last = len(times) - 1
    cost, following, latest = [0.0] * (last + 1), [last] * (last + 1), last
    for i in range(last - 1, -1, -1):
        least, paid, now, past = float("inf"), share[i], times[i], moment[i]
        for j in range(i + 1, latest + 1):
            if now >= tired_from[j]:
                one = times[j] * (share[j] - paid) - moment[j] + past + cost[j]
            else:
                one = tired[j] - PATIENCE_SECONDS * paid + cost[j]
            if one < least:
                least, following[i] = one, j
        latest = following[i]
        cost[i] = least + worth * (1 - paid)
    return following
