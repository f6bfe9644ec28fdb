"""Which rows a list shows: between two times, between two amounts, of some statuses, by pages."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from pos.sandbox.payway.fields import Fields, invalid
from pos.sandbox.payway.table import Refusal

MOST_DAYS = 3
_FORM = "%Y-%m-%d %H:%M:%S"
_EXACT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a list asks for; times are Phnom Penh's."""

    start: datetime
    end: datetime
    low: Decimal | None
    high: Decimal | None
    words: frozenset[str]

    def takes(self, row: dict[str, Any]) -> bool:
        """Tell whether the row is asked for."""
        at = datetime.strptime(row["transaction_date"], _FORM)
        amount = Decimal(str(row["original_amount"]))
        return (
            self.start <= at <= self.end
            and (self.low is None or amount >= self.low)
            and (self.high is None or amount <= self.high)
            and (not self.words or row["payment_status"] in self.words)
        )


def chosen(fields: Fields, today: datetime) -> Chosen:
    """Return what is asked for: all of today, unless the fields say otherwise."""
    start = _time(fields.get("from_date"), 49, today)
    end = _time(fields.get("to_date"), 50, today + timedelta(days=1, seconds=-1))
    if end < start:
        raise Refusal(51, "Wrong date range.")
    if (end.date() - start.date()).days >= MOST_DAYS:
        raise Refusal(52, "The date range is more than 3 days.")
    words = {word.strip().upper() for word in fields.get("status", "").split(",")} - {""}
    low, high = _amount(fields, "from_amount"), _amount(fields, "to_amount")
    return Chosen(start, end, low, high, frozenset(words))


def page_of(fields: Fields, rows: list[Any]) -> tuple[str, str, list[Any]]:
    """Return the page's number, its size, both as texts, and its rows."""
    page, size = _whole(fields, "page", 1, 10**6), _whole(fields, "pagination", 40, 1000)
    return str(page), str(size), rows[(page - 1) * size : page * size]


def _time(text: str | None, code: int, default: datetime) -> datetime:
    if not text:
        return default
    try:
        if _EXACT.fullmatch(text):
            return datetime.strptime(text, _FORM)
    except ValueError:
        pass  # Such as the 31st of February.
    raise Refusal(code, "Wrong start date." if code == 49 else "Wrong end date.")


def _amount(fields: Fields, name: str) -> Decimal | None:
    text = fields.get(name)
    if not text:
        return None
    if not _AMOUNT.fullmatch(text):
        raise Refusal(53, "Wrong amount range.")
    return Decimal(text)


def _whole(fields: Fields, name: str, default: int, most: int) -> int:
    text = fields.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise invalid({name: f"The {name} must be between 1 and {most}."})
    return int(text)
