"""Where backups lie: what they are called, whether there is room, and how many are kept."""

import os
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

from pos import clock
from pos.errors import BackupFailed
from pos.extensions import settings

_NAME = re.compile(r"khqr-pos-(\d{8}T\d{6})Z-(\w+)\.tar\.gz(\.age)?")
_PARTIAL, _WORK = ".khqr-pos-", ".backup-"

_ABANDONED_SECONDS = 6 * 3600
"""What is half done for so long was left by a program that was killed."""

_MARGIN = 32 * 1024 * 1024
"""Bytes that stay free on the disk for the shop itself."""


def usual() -> Path:
    """Return the folder that backups are written to where nobody names another."""
    return settings().backup_folder or settings().instance.resolve() / "backups"


def is_inside(folder: Path) -> bool:
    """Return whether a folder lies where the books lie: no copy leaves that place."""
    return folder.resolve().is_relative_to(settings().instance.resolve())


def name_of(taken_at: datetime, revision: str, *, is_encrypted: bool) -> str:
    """Return the name of a backup: when it was taken, in UTC, and of which revision."""
    stem = f"khqr-pos-{taken_at.astimezone(UTC):%Y%m%dT%H%M%S}Z-{revision}"
    return f"{stem}.tar.gz{'.age' if is_encrypted else ''}"


def taken_at(name: str) -> datetime | None:
    """Return when the backup of this name was taken, or None where it is no backup's name."""
    found = _NAME.fullmatch(name)
    return datetime.strptime(f"{found[1]}+0000", "%Y%m%dT%H%M%S%z") if found else None


def prepare(folder: Path) -> Path:
    """Make a folder that is its owner's alone, without what killed programs left in it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(folder, _PARTIAL)
        _sweep(settings().instance, _WORK)
    except OSError as problem:
        raise BackupFailed(f"{folder}: {problem.strerror}.") from None
    return folder.resolve()


def _sweep(folder: Path, beginning: str) -> None:
    for left in folder.glob(f"{beginning}*"):
        if time.time() - left.lstat().st_mtime > _ABANDONED_SECONDS:
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def partial(folder: Path, name: str) -> Path:
    """Return the name under which a backup is written until it is whole."""
    return folder / f"{_PARTIAL}{os.getpid()}-{name}.partial"


def refuse_full(folder: Path, size: int) -> None:
    """Raise BackupFailed where there is no room for books of so many bytes, before any is used.

    The copy and its packed form lie in the instance folder for a while, the backup in its own.
    """
    work = settings().instance.resolve()
    is_one_disk = work.stat().st_dev == folder.stat().st_dev
    for place, needed in ((work, 2 * size), (folder, 3 * size if is_one_disk else size)):
        free = shutil.disk_usage(place).free
        if free < needed + _MARGIN:
            wanted = (needed + _MARGIN) // (1024 * 1024)
            raise BackupFailed(
                f"{place} has {free // (1024 * 1024)} MB free; the backup wants {wanted} MB."
            )


def publish(partly: Path, target: Path) -> None:
    """Give a whole backup its name, for good: after a power cut it is there, or is not."""
    partly.rename(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def prune(folder: Path, days: int) -> list[Path]:
    """Delete the backups of all but the newest so many days that have any; return them."""
    known = {path: taken_at(path.name) for path in folder.iterdir()}
    day_of = {path: clock.business_date(at) for path, at in known.items() if at is not None}
    kept = sorted(set(day_of.values()))[-days:]
    old = sorted(path for path, day in day_of.items() if day not in kept)
    for path in old:
        path.unlink()
    return old
