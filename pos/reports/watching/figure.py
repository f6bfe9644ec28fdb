"""One figure as a machine reads it: a name, what it says, and a value for each set of labels.

A label is a word of ours or the number of a row that is set up by hand, never a name and never
the number of a payment: so many days later there are no more of them than today.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos import clock
from pos.extensions import settings

MOST_ROWS = 5_000
"""Rows of a table that grows with each sale that are looked at: the newest."""

QUANTILES = (0.5, 0.95)


Values = dict[tuple[str, ...], float]


@dataclass(frozen=True)
class Figure:
    """A figure that may go up and down, with a value for each of its labels' values."""

    name: str
    says: str
    labels: tuple[str, ...]
    values: Values


def one(name: str, says: str, value: float | None) -> Figure:
    """Return a figure without labels; with no value where nothing is known."""
    return Figure(name, says, (), {} if value is None else {(): value})


def counted(name: str, says: str, labels: tuple[str, ...], rows: Iterable[Hashable]) -> Figure:
    """Return how many rows there are of each kind; a row is the values of the labels."""
    return Figure(name, says, labels, {_words(row): count for row, count in Counter(rows).items()})


def quantiles(name: str, says: str, label: str, taken: Iterable[tuple[str, int | None]]) -> Figure:
    """Return the median and the 95th percentile of milliseconds, in seconds, by a label."""
    sorted_of: dict[str, list[int]] = {}
    for word, ms in taken:
        if ms is not None:
            sorted_of.setdefault(word, []).append(max(0, ms))
    values: Values = {
        (word, f"{part:g}"): sorted(all_ms)[int(part * (len(all_ms) - 1) + 0.5)] / 1000
        for word, all_ms in sorted_of.items()
        for part in QUANTILES
    }
    return Figure(name, says, (label, "quantile"), values)


def window() -> datetime:
    """Return since when something counts as of now: the same while as for the alerts."""
    return clock.now() - timedelta(minutes=settings().alert_window_minutes)


def age_seconds(instant: datetime | None) -> float | None:
    """Return how long ago something was; never less than nothing."""
    return None if instant is None else max(0.0, (clock.now() - instant).total_seconds())


def _words(row: Hashable) -> tuple[str, ...]:
    return tuple(str(it) for it in row) if isinstance(row, tuple) else (str(row),)
