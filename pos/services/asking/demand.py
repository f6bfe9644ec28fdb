"""How many sales are still to come today, and what each may ask of a day's questions. Pure."""

from collections.abc import Sequence
from datetime import datetime

from pos import clock

PRIOR_SALES = 50
PRIOR_OPEN, PRIOR_CLOSE = 7, 21
"""What is expected of a shop without a past: sales a day, spread over these hours."""

PRIOR_DAYS = 1
SAME_WEEKDAY = 3
"""How many days the prior counts as, and how many a day of the same weekday."""

_STEADYING = 30
"""Sales that weigh as much as the usual pace: days differ by a quarter, more or less."""

_AT_LEAST = 1.0

Hours = tuple[float, ...]

PRIOR: Hours = tuple(
    PRIOR_SALES / (PRIOR_CLOSE - PRIOR_OPEN) if PRIOR_OPEN <= hour < PRIOR_CLOSE else 0.0
    for hour in range(24)
)


def usual_hours(made_at: Sequence[datetime], today: datetime) -> Hours:
    """Return how many sales each of the day's 24 hours usually has, from those of past days.

    A day without a sale was a day off and says nothing.
    """
    here = clock.shop_time(today)
    weights = {0: float(PRIOR_DAYS)}
    sums = [PRIOR_DAYS * one for one in PRIOR]
    for instant in map(clock.shop_time, made_at):
        if instant.date() < here.date():
            weight = SAME_WEEKDAY if instant.weekday() == here.weekday() else 1
            weights[instant.toordinal()] = float(weight)
            sums[instant.hour] += weight
    return tuple(one / sum(weights.values()) for one in sums)


def still_to_come(hours: Hours, so_far: int, now: datetime) -> float:
    """Return how many sales to expect until midnight, by the usual hours and today's pace."""
    here = clock.shop_time(now)
    part = (here.minute * 60 + here.second) / 3_600
    begun = sum(hours[: here.hour]) + hours[here.hour] * part
    pace = (so_far + _STEADYING) / (begun + _STEADYING)
    return max((sum(hours) - begun) * pace, _AT_LEAST)


def calls_for_a_sale(left: int, reserve: int, to_come: float) -> float:
    """Return how many questions a sale may ask, when so many are left for so many sales."""
    return max(left - reserve, 0) / to_come
