"""Sentences for people, kept with what they are made of, so that a door can say them in Khmer.

Services, reports and errors write English through `_`; which language somebody reads is the
affair of `pos/web/languages.py` alone. Pure.
"""

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


def _(pattern: str, /, **values: object) -> Words:
    """Mark a sentence for the catalogue, and return it; `make words` finds it by this name."""
    return Words(pattern, **values)
