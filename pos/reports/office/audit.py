"""The audit log as a manager reads it: newest first, a page at a time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select

from pos import clock
from pos.extensions import db
from pos.models import AuditEntry, Deed
from pos.models.audit import Detail
from pos.words import _

PAGE = 50

DETAIL: dict[str, str] = {
    "was": _("before"),
    "now": _("now"),
    "first": _("from"),
    "last": _("to"),
    "kind": _("kind"),
    "why": _("why"),
    "status": _("answer"),
    "role": _("role"),
    "address": _("address"),
}
"""What a detail is called; another one stands under its own name."""


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
    role, _colon, name = entry.who.rpartition(":")
    return AuditLine(
        link=entry.link,
        at=entry.at,
        who=name,
        role=role,
        deed=entry.deed_text,
        is_refusal=entry.deed in REFUSALS,
        about=entry.about,
        details=tuple(_details(entry.details)),
        short_hash=entry.hash[:8],
    )


def _details(told: dict[str, Detail]) -> Iterator[tuple[str, str]]:
    """Name what is known, in the order of the list above; what is empty says nothing."""
    for key in sorted(
        told, key=lambda key: (list(DETAIL).index(key) if key in DETAIL else 99, key)
    ):
        if told[key] not in ("", None):
            yield DETAIL.get(key, key), _told(told[key])


def _told(value: Detail) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return str(value)


REFUSALS = frozenset(map(str, (Deed.REFUSED, Deed.LOGIN_WAITS)))
"""Deeds that somebody was kept from."""
