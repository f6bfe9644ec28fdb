"""The chain of the audit log: the text of an entry, its hash, and a walk along all of it."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, bindparam, select

from pos import clock
from pos.extensions import db
from pos.models import AuditEnd, AuditEntry
from pos.models.audit import END
from pos.reports.auditing.chain import FIRST

_AT_ONCE = 500

# Columns and no objects: a long log must not fill the session.
_PAGE = (
    select(*AuditEntry.__table__.c)
    .where(AuditEntry.link <= bindparam("last_link"), AuditEntry.link > bindparam("after"))
    .order_by(AuditEntry.link)
    .limit(_AT_ONCE)
)
_BEYOND = (
    select(AuditEntry.link)
    .where(AuditEntry.link > bindparam("last_link"))
    .order_by(AuditEntry.link)
    .limit(_AT_ONCE)
)

Entry = AuditEntry | Row[tuple[Any, ...]]
"""An entry, or the columns of one."""

Wrong = tuple[int, str, str]
"""The link of an entry, which part of it is wrong, and what was found."""


def text_of(entry: Entry) -> str:
    """Return the canonical text of an entry: a line for each fact, and its details."""
    return "\n".join(
        (
            "khqr-pos-audit-1",
            f"link {entry.link}",
            f"at {clock.epoch_ms(entry.at)}",
            f"store {entry.store_id or '-'}",
            f"who {json.dumps(entry.who)}",
            f"deed {entry.deed}",
            f"about {json.dumps(entry.about)}",
            f"previous {entry.previous_hash}",
            entry.body,
        )
    )


def hash_of(entry: Entry) -> str:
    """Return the hash that an entry should carry, in hex."""
    return hashlib.sha256(text_of(entry).encode()).hexdigest()


class Walk:
    """One walk along the log as far as it went when the walk began; `seen` entries were read."""

    def __init__(self) -> None:
        # Read before the entries: what is written meanwhile is left to the next look.
        end = db.session.get(AuditEnd, END, populate_existing=True)
        self._last_link = end.last_link if end else 0
        self._last_hash = end.last_hash if end else ""
        self._has_end = end is not None
        self.seen = 0

    def look(self) -> Iterator[Wrong]:
        """Yield what is wrong, entry by entry, and then what is missing at the end."""
        if not self._has_end:
            yield 0, "end", "the row that keeps the log's end is missing"
        due, before = 1, {FIRST}
        for entry in self._entries():
            self.seen += 1
            if entry.link != due:
                yield due, "number", f"{entry.link - due} missing before entry {entry.link}"
                before = {entry.previous_hash}
            reckoned = hash_of(entry)
            if reckoned != entry.hash:
                yield entry.link, "hash", f"{entry.hash[:12]}, its text gives {reckoned[:12]}"
            if entry.previous_hash not in before:
                yield entry.link, "previous hash", "it is not the one of the entry before"
            due, before = entry.link + 1, {entry.hash, reckoned}
        yield from self._end(due, before)

    def _end(self, due: int, before: set[str]) -> Iterator[Wrong]:
        if due <= self._last_link:
            yield due, "number", f"the log should go on to entry {self._last_link}"
        elif self._last_hash not in before and self._last_link:
            yield self._last_link, "hash", f"the log ends with {self._last_hash[:12]}"
        now = db.session.get(AuditEnd, END, populate_existing=True)
        for link in db.session.scalars(_BEYOND, {"last_link": self._last_link}):
            if now is None or link > now.last_link:
                yield link, "number", "it comes after the end of the log"

    def _entries(self) -> Iterator[Entry]:
        here = {"last_link": self._last_link, "after": 0}
        while here["after"] < self._last_link and (page := db.session.execute(_PAGE, here).all()):
            yield from page
            here["after"] = page[-1].link
