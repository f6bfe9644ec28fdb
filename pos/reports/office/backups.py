"""The backups of the books, as managers see them, and how old the last good one is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from pos import clock
from pos.extensions import db, settings
from pos.models import Backup, Merchant
from pos.reports.office import audit_words

LISTED = 30
"""Backups on the page, newest first."""

_MEGABYTE = 1024 * 1024


class State(StrEnum):
    """How far a backup has come."""

    WAITING = "waiting"
    RUNNING = "running"
    GOOD = "good"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class BackupLine:
    """One backup as the list has it; `who` is "" for a nightly one, `size` is in words."""

    at: datetime
    state: State
    who: str
    name: str
    size: str
    is_encrypted: bool
    problem: str


@dataclass(frozen=True, kw_only=True)
class BackupsPage:
    """The newest backups, and what is set: where they lie, from which hour on, how many days."""

    lines: tuple[BackupLine, ...]
    folder: str
    hour: int
    days: int
    has_key: bool

    @property
    def is_under_way(self) -> bool:
        """Whether one waits or runs."""
        return any(one.state in (State.WAITING, State.RUNNING) for one in self.lines)


def page() -> BackupsPage:
    """Return what the page shows; backups are of all the books, whatever the store."""
    rows = db.session.scalars(select(Backup).order_by(Backup.id.desc()).limit(LISTED))
    limits = settings()
    return BackupsPage(
        lines=tuple(_line(row) for row in rows),
        folder=str(limits.backup_folder or limits.instance.resolve() / "backups"),
        hour=max(limits.backup_hour, limits.day_starts_hour),
        days=limits.backup_days,
        has_key=bool(limits.backup_recipient),
    )


def _line(row: Backup) -> BackupLine:
    return BackupLine(
        at=row.ended_at or row.began_at or row.asked_at,
        state=_state(row),
        who="" if row.on else audit_words.whole(row.asked_by),
        name=row.name,
        size=_in_words(row.size),
        is_encrypted=row.is_encrypted,
        problem=row.problem,
    )


def _state(row: Backup) -> State:
    if row.ended_at is None:
        return State.RUNNING if row.began_at else State.WAITING
    return State.FAILED if row.problem else State.GOOD


def _in_words(size: int) -> str:
    return f"{size / _MEGABYTE:.1f} MB" if size >= _MEGABYTE / 10 else f"{size // 1024 + 1} kB"


def good_at() -> datetime | None:
    """Return when the last good backup ended, or None where there is none."""
    good = select(func.max(Backup.ended_at)).where(Backup.problem == "", Backup.name != "")
    return db.session.scalar(good)


def hours_without() -> int:
    """Return the whole hours since the last good backup; since the shop began where there is none.

    0 in empty books: nothing is lost of them.
    """
    since = good_at() or db.session.scalar(select(func.min(Merchant.created_at)))
    return 0 if since is None else max(0, (clock.now() - since) // timedelta(hours=1))


def has_failed() -> bool:
    """Return whether the backup that ended last failed."""
    ended = select(Backup.problem).where(Backup.ended_at.is_not(None))
    problem = db.session.scalar(ended.order_by(Backup.ended_at.desc(), Backup.id.desc()).limit(1))
    return bool(problem)
