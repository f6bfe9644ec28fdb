"""Are the books whole? Every report and correction against its hash, chain and rows; the audit log.

It reads only, and puts nothing right. What closes meanwhile is left to the next look.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from sqlalchemy import Integer, bindparam, exists, select, text

from pos.extensions import db
from pos.models import Correction, LostNumbers, NumberKind, Shift, Till, ZReport
from pos.reports.auditing import audit_chain, books_rows, chain
from pos.states import UNCLOSED

GUARDED = (
    *("z_report", "correction", "payment_event", "tender", "cash_movement", "cash_count"),
    *("exchange_rate", "mark", "resolution", "receipt", "audit_entry", "discount"),
    *("dispute_entry", "plan", "instalment", "plan_release", "lost_numbers"),
)
"""Tables whose rows the database itself keeps from being changed or deleted."""

REPLACED = ("z_report", "correction", "audit_entry", "dispute_entry", "lost_numbers")
"""Those among them that SQLite would otherwise let be replaced."""

_AT_ONCE = 50
_MOST_MISSING = 100
"""Missing numbers at the end that are told one by one."""

Record = ZReport | Correction | LostNumbers

_KINDS: tuple[type[Record], ...] = (ZReport, Correction, LostNumbers)

_TILL = bindparam("till_id", type_=Integer)
_LAST_LINK = select(Till.last_link).where(Till.id == _TILL).scalar_subquery()
_PAGES = tuple(
    select(kind)
    .where(kind.till_id == _TILL, kind.link <= bindparam("last_link"))
    .where(kind.link > bindparam("after"))
    .order_by(kind.link)
    .limit(_AT_ONCE)
    for kind in _KINDS
)
_BEYOND = tuple(
    select(kind).where(kind.till_id == _TILL, kind.link > _LAST_LINK).order_by(kind.link)
    for kind in _KINDS
)
_UNREPORTED = (
    select(Shift.id)
    .where(Shift.till_id == _TILL, Shift.status.not_in(UNCLOSED))
    .where(~exists().where(ZReport.shift_id == Shift.id))
    .order_by(Shift.id)
)
"""Written once: they are asked of each till, and the building costs more than the answer."""


@dataclass(frozen=True)
class Damage:
    """One thing that is wrong: at which till, with which record and field, and what was found."""

    till: str
    record: str
    field: str
    found: str

    def __str__(self) -> str:
        return f"{self.till}, {self.record}, {self.field}: {self.found}"


@dataclass(frozen=True)
class Verdict:
    """What a look at the books found, over so many records and entries of the audit log.

    `lost` tells of numbers whose records a restore lost, and wrote down so: no damage.
    """

    records: int
    damages: tuple[Damage, ...]
    entries: int = field(default=0, compare=False)
    lost: tuple[str, ...] = field(default=(), compare=False)


def verify() -> Verdict:
    """Look at every record of every till, at the audit log, and at the guards of all of them."""
    records, damages, lost = 0, list(_guards()), []
    for till in db.session.scalars(select(Till).order_by(Till.id)).all():
        chained = _Chain(till)
        damages += chained.look()
        records += chained.seen
        lost += [f"{chained.name}, {one.name}" for one in chained.lost]
    walk = audit_chain.Walk()
    damages += [Damage("Audit log", f"entry {link}", *wrong) for link, *wrong in walk.look()]
    return Verdict(records, tuple(damages), walk.seen, tuple(lost))


def name_of(record: Record) -> str:
    """Return what people call a record: "Z 7", "C-3"."""
    return f"Z {record.number}" if isinstance(record, ZReport) else record.name


class _Chain:
    """One walk along the records of a till, from the first to the last."""

    def __init__(self, till: Till) -> None:
        # Read before the records: what is written after this is not missed.
        self.till_id, self.name = till.id, f"Till {till.id} ({till.name})"
        self.last_link, self.last_hash = till.last_link, till.last_hash
        self.numbers = {"Z": till.last_z_number, "C": till.last_correction_number}
        self.found: dict[str, set[int]] = {"Z": set(), "C": set()}
        self.lost: list[LostNumbers] = []
        self.before: tuple[Record, str] | None = None
        self.seen = 0

    def look(self) -> Iterator[Damage]:
        for record in self._records():
            self.seen += 1
            self._count(record)
            for part, found in self._one(record):
                yield Damage(self.name, name_of(record), part, found)
        yield from self._end()
        yield from self._missing()
        yield from self._beyond()

    def _count(self, record: Record) -> None:
        """Keep which numbers are there; those that a restore lost are accounted for as well."""
        if isinstance(record, LostNumbers):
            self.lost.append(record)
            kind = "Z" if record.kind is NumberKind.Z_REPORT else "C"
            self.found[kind].update(range(record.first, record.last + 1))
        else:
            self.found["Z" if isinstance(record, ZReport) else "C"].add(record.number)

    def _records(self) -> Iterator[Record]:
        """Read the till's records in the order of the chain, a few at a time."""
        after = 0
        while after < self.last_link and (page := self._page(after)):
            yield from page
            after = page[-1].link or 0

    def _page(self, after: int) -> list[Record]:
        found: list[Record] = []
        here = {"till_id": self.till_id, "last_link": self.last_link, "after": after}
        for page in _PAGES:
            found += db.session.scalars(page, here)
        return sorted(found, key=lambda record: record.link or 0)[:_AT_ONCE]

    def _one(self, record: Record) -> Iterator[tuple[str, str]]:
        reckoned = chain.hash_of(record)
        if reckoned != record.hash:
            yield "hash", f"it says {record.hash[:12]}, its text gives {reckoned[:12]}"
        if isinstance(record, ZReport):
            yield from books_rows.differences(record)
        elif isinstance(record, Correction):
            yield from books_rows.of_correction(record)
        yield from self._follows(record)
        self.before = record, reckoned

    def _follows(self, record: Record) -> Iterator[tuple[str, str]]:
        """See that a record names the one before it; a gap is told where numbers are missing."""
        if self.before is None:
            known = {chain.FIRST} if record.link == 1 else {record.previous_hash}
        elif self.before[0].link == (record.link or 0) - 1:
            known = {self.before[0].hash, self.before[1]}
        else:
            known = {record.previous_hash}
        if record.previous_hash not in known:
            before = name_of(self.before[0]) if self.before else "nothing"
            yield "previous hash", f"it is not the one of {before}"

    def _end(self) -> Iterator[Damage]:
        """See that the chain ends where its till says."""
        if self.before is None or self.before[0].link != self.last_link:
            return
        if self.last_hash not in (self.before[0].hash, self.before[1]):
            found = f"the till ends with {self.last_hash[:12]}, this is {self.before[1][:12]}"
            yield Damage(self.name, name_of(self.before[0]), "hash", found)

    def _missing(self) -> Iterator[Damage]:
        for kind, sign in (("Z", "Z "), ("C", "C-")):
            there, last = self.found[kind], self.numbers[kind]
            known = max(there, default=0)
            for number in range(1, min(last, known + _MOST_MISSING) + 1):
                if number not in there:
                    yield Damage(self.name, f"{sign}{number}", "number", "the record is missing")
            if known > last:
                found = f"it is beyond the till's last number, {last}"
                yield Damage(self.name, f"{sign}{known}", "number", found)
        # Numbers that a restore lost have one link together.
        without = sum(one.last - one.first for one in self.lost)
        if sum(self.numbers.values()) - without != self.last_link:
            found = f"{self.last_link} links, but {sum(self.numbers.values())} numbers were given"
            yield Damage(self.name, "the till", "counters", found)

    def _beyond(self) -> Iterator[Damage]:
        """Find records after the end of the chain, and closed shifts without a report."""
        here = {"till_id": self.till_id}
        for beyond in _BEYOND:
            for record in db.session.scalars(beyond, here):
                found = "it comes after the end of the till's chain"
                yield Damage(self.name, name_of(cast(Record, record)), "link", found)
        for shift_id in db.session.scalars(_UNREPORTED, here):
            found = "the shift is closed and has no Z report"
            yield Damage(self.name, f"shift {shift_id}", "report", found)


def _guards() -> Iterator[Damage]:
    """Find triggers that are gone or switched off: without them rows can be changed."""
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    deeds = ("update", "delete") if is_sqlite else ("update", "delete", "truncate")
    there = set(db.session.scalars(text(_ON_SQLITE if is_sqlite else _ON_POSTGRESQL)))
    for table in GUARDED:
        also = ("replace",) if is_sqlite and table in REPLACED else ()
        gone = [deed for deed in (*deeds, *also) if f"{table}_no_{deed}" not in there]
        if gone:
            found = f"nothing refuses {' and '.join(gone)} any more"
            yield Damage("Database", f"table {table}", "guard", found)


_ON_SQLITE = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
_ON_POSTGRESQL = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
