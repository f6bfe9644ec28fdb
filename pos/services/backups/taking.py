"""Taking one backup: room looked for, the books copied and checked, packed, sealed and named.

The shop goes on selling meanwhile. Nothing of it is written into the books here, so that a
backup can be taken of books that are older than the program.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from pos import clock
from pos.errors import BackupFailed
from pos.extensions import db, settings
from pos.services.backups import archive, folder, postgres, sqlite
from pos.services.backups.archive import FORM, Manifest
from pos.version import __version__

OUTSIDE = (
    "There is no key to encrypt with (POS_BACKUP_RECIPIENT), and {folder} is not in the shop's own"
    " folder: a copy there would show everything to whoever finds it. Make a key with"
    " `flask backup-key`, or say --plain if the place is safe."
)


@dataclass(frozen=True)
class Taken:
    """One good backup: where it lies, of when, how large, and whether it is encrypted."""

    path: Path
    at: datetime
    size: int
    is_encrypted: bool
    pruned: int


def take(into: Path | None = None, *, is_plain_allowed: bool = False) -> Taken:
    """Take a backup into a folder, and delete what is older than is kept there.

    BackupFailed in one sentence where anything is in the way; then nothing new is in the folder.
    Without a key a copy stays in the instance folder, unless `is_plain_allowed`.
    """
    refuse_open(into, is_plain_allowed=is_plain_allowed)
    where = folder.prepare(into or folder.usual())
    try:
        return _take(where, settings().backup_recipient.split())
    except OSError as problem:
        raise BackupFailed(f"{problem.filename or where}: {problem.strerror}.") from None
    except DBAPIError as problem:
        raise BackupFailed(f"The books cannot be read: {problem.orig}") from None


def refuse_open(into: Path | None, *, is_plain_allowed: bool) -> None:
    """Raise BackupFailed where everybody could read a backup that leaves the shop's own folder."""
    where = into or folder.usual()
    is_safe = bool(settings().backup_recipient) or folder.is_inside(where)
    if not is_safe and not is_plain_allowed:
        raise BackupFailed(OUTSIDE.format(folder=where))


def _take(where: Path, keys: list[str]) -> Taken:
    folder.refuse_full(where, _size())
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings().instance) as made:
        work = Path(made)
        at, books = clock.now(), work / archive.BOOKS
        manifest = _manifest(at, _copy(books, work), books)
        target = where / folder.name_of(at, manifest.revision, is_encrypted=bool(keys))
        if target.exists():
            raise BackupFailed(f"{target.name} is there already: wait a second.")
        partly = folder.partial(where, target.name)
        try:
            archive.seal(books, manifest, work, partly, keys)
            folder.publish(partly, target)
        finally:
            partly.unlink(missing_ok=True)
    pruned = folder.prune(where, settings().backup_days)
    return Taken(target, at, target.stat().st_size, bool(keys), len(pruned))


def _manifest(at: datetime, of: str, books: Path) -> Manifest:
    return Manifest(
        form=FORM,
        taken_at=at.isoformat(),
        revision=of,
        version=__version__,
        database=db.engines[None].dialect.name,
        size=books.stat().st_size,
        sha256=archive.digest_of(books),
    )


def file_of(url: str) -> Path:
    """Return the file of an SQLite address."""
    return Path(make_url(url).database or "")


def is_sqlite() -> bool:
    """Return whether the books lie in an SQLite file."""
    return db.engines[None].dialect.name == "sqlite"


def _size() -> int:
    if is_sqlite():
        return sqlite.size_of(file_of(settings().database))
    with db.engines[None].connect() as connection:
        return postgres.size_of(connection)


def _copy(books: Path, work: Path) -> str:
    """Copy the books and look the copy over; return the revision of its tables."""
    if is_sqlite():
        sqlite.copy(file_of(settings().database), books)
        return sqlite.check(books)
    before = revision()
    postgres.dump(settings().database, books)
    postgres.check(books, work).unlink()
    if revision() != before:
        raise BackupFailed("The tables were changed meanwhile: try again.")
    return before


def revision() -> str:
    """Return the revision of the tables; BackupFailed where there are none yet."""
    with db.engines[None].connect() as connection:
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is None:
        raise BackupFailed("There are no books yet: run `flask db upgrade` first.")
    return str(found)
