"""The audit log: who did what beside the sales, as one chain that only grows."""

import logging
from datetime import timedelta

from sqlalchemy import func, select

from pos import clock
from pos.database import writing
from pos.extensions import db
from pos.models import AuditEnd, AuditEntry, Deed
from pos.models.audit import END, Detail, canonical
from pos.reports.auditing import audit_chain
from pos.reports.auditing.chain import FIRST

log = logging.getLogger(__name__)

NOBODY = "nobody"
"""Who did it, where nobody is logged in."""

OPERATOR = "operator"
"""Who did it, at the machine itself by a command."""

MOST_REFUSALS = 30
"""Refusals written down of one person in a minute; more only show that somebody goes on."""

_MINUTE = timedelta(minutes=1)
_MOST_ABOUT = 128
_MOST_WHO = 80


def note(
    deed: Deed, who: str, about: str = "", store_id: int | None = None, **told: Detail
) -> None:
    """Write a deed down, in the open transaction if there is one: it stands only if the deed does.

    Call it last in its transaction: the log's end is held from here to the commit. `told` is
    what else is to be known; never a secret.
    """
    with writing(db.session):
        # Locked before it is read: on PostgreSQL two deeds at once must not take one link.
        end = db.session.get_one(AuditEnd, END, with_for_update=True, populate_existing=True)
        entry = AuditEntry(
            at=clock.now(),
            store_id=store_id,
            who=_short(who, _MOST_WHO),
            deed=str(deed),
            about=_short(about, _MOST_ABOUT),
            body=canonical(told),
            link=end.last_link + 1,
            previous_hash=end.last_hash or FIRST,
        )
        entry.hash = audit_chain.hash_of(entry)
        end.last_link, end.last_hash = entry.link, entry.hash
        db.session.add(entry)
        db.session.flush()


def refused(who: str, about: str, store_id: int | None, **told: Detail) -> None:
    """Write down that somebody was kept from something, unless too much of it is known by now."""
    since = clock.now() - _MINUTE
    recent = select(func.count(AuditEntry.id)).where(
        AuditEntry.who == _short(who, _MOST_WHO),
        AuditEntry.at > since,
        AuditEntry.deed == str(Deed.REFUSED),
    )
    if (db.session.scalar(recent) or 0) < MOST_REFUSALS:
        note(Deed.REFUSED, who, about, store_id, **told)


def _short(text: str, most: int) -> str:
    """Return a text that fits its column, with nothing in it that a database cannot hold."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:most]
