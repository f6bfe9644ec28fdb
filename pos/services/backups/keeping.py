"""Which backups are due or asked for, and what became of each: the list that managers see."""

import logging
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from pos import clock
from pos.database import add_if_new, rows_changed, writing
from pos.errors import BackupFailed, NotAllowed
from pos.extensions import db, settings
from pos.models import Backup, Deed, User
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.backups import taking
from pos.services.backups.taking import Taken
from pos.words import _

log = logging.getLogger(__name__)

TRIED_AGAIN = timedelta(hours=1)
"""So long after it began a nightly backup that failed, or died, is tried once more."""


def by_hand(into: Path | None, *, is_plain_allowed: bool = False) -> Taken:
    """Take a backup for the operator now, and write down what became of it.

    One that is refused for want of a key never began: nobody is told that it failed.
    """
    taking.refuse_open(into, is_plain_allowed=is_plain_allowed)
    return _take(_note_by_hand(), into, is_plain_allowed)


def _note_by_hand() -> int | None:
    """Write down that a backup began; None where the books take nothing.

    A full disk and tables of an older program are no reason to go without a backup.
    """
    now = clock.now()
    row = Backup(asked_by=audit.OPERATOR, asked_at=now, began_at=now)
    try:
        with writing(db.session):
            db.session.add(row)
    except DBAPIError as problem:
        log.warning("the books cannot take down that a backup began: %s", problem.orig)
        return None
    return row.id


def ask(user: User) -> None:
    """Have the worker take a backup soon; nothing more is asked where one waits already."""
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers ask for backups."))
    who, store_id = user.who, user.store_id
    with writing(db.session):
        waits = select(Backup.id).where(Backup.began_at.is_(None))
        if db.session.scalar(waits.limit(1)) is None:
            db.session.add(Backup(asked_by=who, asked_at=clock.now()))
            audit.note(Deed.BACKUP_ASKED, who, "", store_id)


def take_due() -> None:
    """Take the backup that somebody waits for, else the nightly one; called by the worker."""
    backup_id = _claim_asked() or _claim_nightly()
    if backup_id is None:
        return
    try:
        _take(backup_id, None, False)
    except BackupFailed as problem:
        log.error("the backup failed: %s", problem)


def _claim_asked() -> int | None:
    waits = select(Backup.id).where(Backup.began_at.is_(None)).order_by(Backup.id).limit(1)
    backup_id = db.session.scalar(waits)
    if backup_id is None:
        return None
    claim = update(Backup).where(Backup.id == backup_id, Backup.began_at.is_(None))
    with writing(db.session):
        changed = rows_changed(db.session, claim.values(began_at=clock.now()))
    return backup_id if changed == 1 else None


def _claim_nightly() -> int | None:
    """Take tonight's backup; None where it is good, or another process is at it.

    A night begins at the hour of the settings, and never before the business day has ended.
    """
    now = clock.now()
    hour = max(settings().backup_hour, settings().day_starts_hour)
    on = clock.business_date(now, hour)
    row = db.session.scalar(select(Backup).where(Backup.on == on))
    if row is None:
        new = Backup(on=on, asked_by="worker", asked_at=now, began_at=now)
        return new.id if add_if_new(db.session, new) else None
    if row.ended_at is not None and not row.problem:
        return None
    again = update(Backup).where(Backup.id == row.id, Backup.began_at <= now - TRIED_AGAIN)
    values = {"began_at": now, "ended_at": None, "problem": ""}
    with writing(db.session):
        return row.id if rows_changed(db.session, again.values(**values)) == 1 else None


def _take(backup_id: int | None, into: Path | None, is_plain_allowed: bool) -> Taken:
    """Take a backup whose row was claimed, and write down what became of it."""
    db.session.rollback()
    try:
        taken = taking.take(into, is_plain_allowed=is_plain_allowed)
    except BackupFailed as problem:
        _end(backup_id, problem=str(problem))
        raise
    _end(
        backup_id,
        name=taken.path.name,
        folder=str(taken.path.parent),
        size=taken.size,
        is_encrypted=taken.is_encrypted,
    )
    return taken


def _end(backup_id: int | None, **told: object) -> None:
    if backup_id is None:
        return
    now = clock.now()
    done = update(Backup).where(Backup.id == backup_id)
    with writing(db.session):
        db.session.execute(done.values(ended_at=now, **told))
