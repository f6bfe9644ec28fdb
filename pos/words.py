"""Sentences for people, kept with what they are made of, so that a door can say them in Khmer.

Services, reports and errors write English through `_`; which language somebody reads is the
affair of `pos/web/languages.py` alone. Pure.
"""

from datetime import date
from enum import StrEnum


class Language(StrEnum):
    """A language that the screens speak."""

    ENGLISH = "en"
    KHMER = "km"


class Words(str):
    """A sentence in English that remembers its pattern and the values in it.

    It is a plain text wherever nobody translates it: in a log, a file, a command. A value may
    be a sentence itself.
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, /, **values: object) -> "Words":
        """Write the values into a pattern such as "Sale %(number)s"; `%%` is a per cent sign."""
        self = super().__new__(cls, pattern % values)
        self.pattern, self.values = pattern, values
        return self


class Day(str):
    """A day as English writes it, "Sun 22 Nov 2026", that remembers which day it is.

    A short one is "22 Nov", and its year does not matter.
    """

    __slots__ = ("is_short", "on")
    on: date
    is_short: bool

    def __new__(cls, on: date, *, is_short: bool = False) -> "Day":
        """Write a day down."""
        self = super().__new__(cls, on.strftime("%-d %b" if is_short else "%a %-d %b %Y"))
        self.on, self.is_short = on, is_short
        return self


def joined(*parts: str, by: str = ", ") -> str:
    """Return what is said one after the other; each part keeps its own Khmer."""
    names = {f"part{at}": part for at, part in enumerate(parts)}
    between = by.replace("%", "%%")
    return Words(between.join(f"%({name})s" for name in names), **names) if parts else ""


def _(pattern: str, /, **values: object) -> Words:
    """Mark a sentence for the catalogue, and return it; `make words` finds it by this name."""
    return Words(pattern, **values)
