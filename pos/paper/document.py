"""A document as a frozen value: flags, facts, sections of lines and tables, places to sign."""

from dataclasses import dataclass
from enum import StrEnum

from pos.words import _


class Paper(StrEnum):
    """The two papers that a shop prints on."""

    A4 = "a4"
    ROLL = "80mm"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One fact: what it is, and what is so."""

    label: str
    value: str
    is_strong: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under columns; `figures` tells which columns stand at the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with sentences, lines or a table under it; a grave one is framed."""

    heading: str
    notes: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    is_grave: bool = False


@dataclass(frozen=True, kw_only=True)
class Document:
    """All that one sheet says; the flags stand boxed under its title.

    `head` is lines under the subtitle, `closing` lines above the foot.
    """

    shop: str
    subtitle: str
    title: str
    head: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    facts: tuple[Line, ...] = ()
    sections: tuple[Section, ...] = ()
    signs: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    foot: str = ""


def copy_flag(copy: int) -> str:
    """Return what a copy says of itself: "" for the original, then "COPY 1", "COPY 2"."""
    return _("COPY %(number)s", number=copy) if copy else ""
