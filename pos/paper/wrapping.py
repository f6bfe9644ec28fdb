"""Cutting text into lines, and lines into runs of one script, as Khmer needs it.

Khmer is written without spaces between words, so a long word may be cut, but only between
two clusters: a letter with all that stands below, above and around it.
"""

import re
from collections.abc import Callable, Iterator

Width = Callable[[str], float]
"""How wide a text is."""

_KHMER = r"\u1780-\u17da\u17dc-\u17ff\u19e0-\u19ff\u200b-\u200d"
_RUN = re.compile(f"[{_KHMER}]+|[^{_KHMER}]+")
_CLUSTER = re.compile(r".(?:\u17d2.|[\u17b4-\u17d1\u17d3\u17dd\u200b-\u200d\u0300-\u036f])*", re.S)


def runs(text: str) -> list[str]:
    """Return a text in pieces of one script each: shaping takes one script at a time."""
    return _RUN.findall(text)


def is_khmer(text: str) -> bool:
    """Return whether a text has Khmer letters, which need taller lines than Latin ones."""
    return any("\u1780" <= letter <= "\u17da" for letter in text)


def wrap(text: str, limit: float, width: Width) -> tuple[str, ...]:
    """Return a text as lines no wider than `limit`, one at least; a cluster is never cut."""
    lines, line = [], ""
    for word in text.split():
        for piece in _pieces(word, limit, width):
            longer = f"{line} {piece}" if line else piece
            if line and width(longer) > limit:
                lines.append(line)
                longer = piece
            line = longer
    return (*lines, line)


def _pieces(word: str, limit: float, width: Width) -> Iterator[str]:
    """Cut a word that is too long for any line."""
    if width(word) <= limit:
        yield word
        return
    piece = ""
    for cluster in _CLUSTER.findall(word):
        if piece and width(piece + cluster) > limit:
            yield piece
            piece = ""
        piece += cluster
    yield piece
