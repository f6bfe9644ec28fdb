"""Sentences as the books keep them, in English, found again so that a page can say them in Khmer.

A record is stored as it was written and hashed, so its sentences are plain text for ever. Only a
field that the house itself filled is asked here: what a person typed stays as it was typed.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from pos.words import Day, Words


@lru_cache(1_024)
def again(text: str) -> str:
    """Return a stored sentence as one that knows its pattern and values; "" stays ""."""
    if isinstance(text, Words) or not text:
        return text
    for shape, pattern, read in _SHAPES:
        if found := shape.fullmatch(text):
            values = {name: read.get(name, str)(value) for name, value in found.groupdict().items()}
            return Words(pattern, **values)
    return Words(text.replace("%", "%%"))


def noted(text: str) -> str:
    """Return a note as it was typed; the one that a refund left itself, as a sentence."""
    number = _REFUND.fullmatch(text)
    return Words("Refund %(number)s", number=number[1]) if number else text


def _day(text: str) -> str:
    """Read "22 Nov"; any leap year will do."""
    return Day(datetime.strptime(f"{text} 2000", "%d %b %Y").date(), is_short=True)


_Reads = dict[str, Callable[[str], str]]

PATTERNS: tuple[tuple[str, _Reads], ...] = (
    ("%(word)s, see manager", {"word": again}),
    ("Confirmed by the bank at %(at)s, in the KHQR total", {}),
    ("Marked on %(day)s, on an earlier report; the bank confirmed it at %(at)s", {"day": _day}),
    ("%(kind)s. It stands on the report of the shift that made it.", {"kind": again}),
    ("%(cash)s went back in cash, out of the drawer of the shift that gave it.", {"cash": again}),
    ("The printer cannot be reached: %(why)s", {"why": again}),
    ("PayWay refused %(what)s. Report this to who runs the system.", {"what": again}),
    ("%(text)s Ask ABA to change it.", {"text": again}),
    ("The printer stopped: %(why)s", {"why": again}),
)
"""Stored sentences that have values in them, and the values that are sentences themselves."""

_DECISION = re.compile(
    r"(?P<decision>Accepted|To be refunded|Refunded|Written off), (?P<manager>.*)", re.S
)
_UNKNOWN = re.compile(r"(?P<trouble>.+) (?P<now>It is not known whether this was printed\..+)")
_REFUND = re.compile(r"Refund ([0-9]+)")
_CASH = re.compile(r"(?P<dollars>\$[\d,.]+) and (?P<riel>៛[\d,]+)")
"""Four whose parts a plain pattern would not tell apart."""


def _shape(pattern: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", pattern)
    named = (f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return re.compile("".join(named), re.S)


_SHAPES: tuple[tuple[re.Pattern[str], str, _Reads], ...] = (
    (_DECISION, "%(decision)s, %(manager)s", {"decision": again}),
    (_UNKNOWN, "%(trouble)s %(now)s", {"trouble": again, "now": again}),
    (_CASH, "%(dollars)s and %(riel)s", {}),
    *((_shape(pattern), pattern, read) for pattern, read in PATTERNS),
)
