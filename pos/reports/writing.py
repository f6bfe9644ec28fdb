"""How values are written on paper: amounts, times, days, yes and no."""

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from pos import clock
from pos.money import Money
from pos.words import Day, Words, _, joined


def time_of_day(instant: datetime) -> str:
    """Return the shop's wall clock with seconds, "14:05:09"."""
    # A report writes thousands of these, and strftime is slow.
    return clock.shop_time(instant).isoformat(" ", "seconds")[11:19]


def day(when: datetime | date) -> str:
    """Return a day as people write it, "Sun 22 Nov 2026"."""
    local = clock.shop_time(when) if isinstance(when, datetime) else when
    return Day(local.date() if isinstance(local, datetime) else local)


def moment(instant: datetime) -> str:
    """Return a day with its time, "Sun 22 Nov 2026, 14:05:09"."""
    return joined(day(instant), time_of_day(instant))


def write(value: Any) -> str:
    """Return any value of a report as a person reads it; "" for nothing."""
    if type(value) is str:
        return value
    if isinstance(value, Words):
        return value
    if type(value) is int:
        return str(value)
    if value is None:
        return ""
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return time_of_day(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, tuple):
        return joined(*(write(one) for one in value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {write(one)}" for name, one in value.items())
    return str(value) if isinstance(value, Enum) else _write_other(value)


def _write_other(value: Any) -> str:
    if is_dataclass(value) and type(value).__str__ is object.__str__:
        return " ".join(write(getattr(value, one.name)) for one in fields(value))
    return str(value)
