"""The chain of a till's records, reports, corrections and lost numbers: text and hash. Pure.

Each record's text holds the hash of the one before, so whoever changes an old one would have to
change all that follow, and what was printed. `docs/adr/019-books-that-cannot-be-changed.md`
says how to reckon it without this program.
"""

import hashlib
from datetime import datetime
from typing import Protocol

from pos import clock
from pos.models import Correction, LostNumbers, ZReport

FIRST = "0" * 64
"""What the first record of a till carries as the hash before it."""

_FORM = "khqr-pos-books-1"


class _Linked(Protocol):
    """What a Z report and a correction have in common."""

    till_id: int
    number: int
    link: int
    written_at: datetime
    previous_hash: str
    body: str


def hash_of(record: ZReport | Correction | LostNumbers) -> str:
    """Return the hash that a record should carry, by everything that it says, in hex."""
    return hashlib.sha256(text_of(record).encode()).hexdigest()


def text_of(record: ZReport | Correction | LostNumbers) -> str:
    """Return the canonical text of a record: a line for each fact, and its body as it is stored."""
    if isinstance(record, LostNumbers):
        return "\n".join(
            (_FORM, f"L {record.kind}", f"restore {record.restore_id}", *_lost(record))
        )
    if isinstance(record, ZReport):
        own = ("Z", f"shift {record.shift_id}")
    else:
        own = (f"C {record.kind}", f"about {record.z_report_id} {record.source}")
    return "\n".join((_FORM, *own, *_common(record)))


def _lost(record: LostNumbers) -> tuple[str, ...]:
    return (
        f"till {record.till_id}",
        f"number {record.first} to {record.last}",
        f"link {record.link}",
        f"written {clock.epoch_ms(record.written_at)}",
        f"previous {record.previous_hash}",
    )


def _common(record: _Linked) -> tuple[str, ...]:
    return (
        f"till {record.till_id}",
        f"number {record.number}",
        f"link {record.link}",
        f"written {clock.epoch_ms(record.written_at)}",
        f"previous {record.previous_hash}",
        record.body,
    )
