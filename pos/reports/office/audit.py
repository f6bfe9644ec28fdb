"""The audit log as a manager reads it: newest first, a page at a time."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from pos import clock
from pos.extensions import db
from pos.models import AuditEntry, Deed
from pos.reports.office import audit_words

PAGE = 50


@dataclass(frozen=True)
class Wanted:
    """Which entries of which store are asked for; those before the link `before`."""

    store_id: int
    who: str = ""
    deed: str = ""
    on: date | None = None
    before: int = 0


@dataclass(frozen=True)
class AuditLine:
    """One entry; `details` are names and values to be read."""

    link: int
    at: datetime
    who: str
    role: str
    deed: str
    is_refusal: bool
    about: str
    details: tuple[tuple[str, str], ...]
    short_hash: str


@dataclass(frozen=True)
class AuditPage:
    """A page of the log; `older` is the `before` of the next one, 0 at the end."""

    lines: tuple[AuditLine, ...]
    older: int


def page(wanted: Wanted) -> AuditPage:
    """Return the newest entries that are asked for: the store's, and those of no one store."""
    query = select(AuditEntry).where(
        or_(AuditEntry.store_id == wanted.store_id, AuditEntry.store_id.is_(None))
    )
    if wanted.before:
        query = query.where(AuditEntry.link < wanted.before)
    if wanted.deed:
        query = query.where(AuditEntry.deed == wanted.deed)
    if wanted.who:
        query = query.where(AuditEntry.who.contains(wanted.who.lower(), autoescape=True))
    if wanted.on is not None:
        first, last = clock.day_span(wanted.on)
        query = query.where(AuditEntry.at >= first, AuditEntry.at < last)
    found = db.session.scalars(query.order_by(AuditEntry.link.desc()).limit(PAGE + 1)).all()
    lines = tuple(_line(entry) for entry in found[:PAGE])
    return AuditPage(lines, lines[-1].link if len(found) > PAGE else 0)


def _line(entry: AuditEntry) -> AuditLine:
    name, role = audit_words.person(entry.who)
    return AuditLine(
        link=entry.link,
        at=entry.at,
        who=name,
        role=role,
        deed=entry.deed_text,
        is_refusal=entry.deed in REFUSALS,
        about=audit_words.about(entry.about),
        details=tuple(audit_words.details(entry.deed, entry.details)),
        short_hash=entry.hash[:8],
    )


REFUSALS = frozenset(map(str, (Deed.REFUSED, Deed.LOGIN_WAITS)))
"""Deeds that somebody was kept from."""
