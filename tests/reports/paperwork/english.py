"""Finding English in what should be Khmer."""

import re
from collections.abc import Iterator

from pos.paper.document import Document

OURS = {"KHQR", "POS", "USD", "KHR", "QR", "PDF", "Bakong", "hash"}
"""What the house says in Latin letters in every language."""

NAMES = {
    *("Mekong", "Coffee", "Riverside", "Phnom", "Penh", "Till", "Dara", "Maly"),
    *("practice", "receipt", "Online"),
}
"""The shop's own names, also of its till for programs, and what people typed."""

_WORD = re.compile(r"(?<![\w-])[A-Za-z]{2,}(?![\w@-])")


def english(text: str) -> set[str]:
    """The English words in a text; numbers of payments and references are none."""
    return set(_WORD.findall(text)) - OURS - NAMES


def texts(document: Document) -> Iterator[str]:
    """All that a document says, text by text."""
    yield from (document.shop, document.subtitle, document.title, document.foot)
    yield from (*document.flags, *document.signs)
    for line in (*document.facts, *(line for part in document.sections for line in part.lines)):
        yield from (line.label, line.value)
    for part in document.sections:
        yield from (part.heading, *part.notes)
        if part.table:
            yield from part.table.columns
            yield from (cell for row in part.table.rows for cell in row)
