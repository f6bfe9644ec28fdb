"""An archive looked over and staged, then put in the place of the books.

The present books stay where they are until the staged ones are whole, and are set aside then,
not deleted. `pos/cli/restoring.py` goes through it with the operator.
"""

from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from pos import clock
from pos.errors import BackupFailed
from pos.extensions import db, settings
from pos.paths import HOME
from pos.services.backups import archive, postgres, sqlite, taking
from pos.services.backups.archive import Manifest


@dataclass(frozen=True)
class Opened:
    """A backup that was decrypted, proven whole and can be put back by this program."""

    manifest: Manifest
    books: Path
    name: str


def script() -> ScriptDirectory:
    """Return the steps of the tables that this program knows."""
    return ScriptDirectory(str(HOME / "migrations"))


def newest() -> str:
    """Return the revision of the tables that this program works with."""
    return script().get_current_head() or ""


def refuse_newer(revision: str) -> None:
    """Raise BackupFailed for tables of a program that is newer than this one."""
    try:
        known = script().get_revision(revision)
    except CommandError:
        known = None
    if known is None:
        raise BackupFailed(
            f"The tables are of revision {revision}, which this program does not know: it knows"
            f" them up to {newest()}. Install the newer program first."
        )


def is_place_empty() -> bool:
    """Return whether no books are where the settings say that they are."""
    if taking.is_sqlite():
        return sqlite.is_empty(taking.file_of(settings().database))
    return postgres.is_empty(settings().database)


def let_go() -> None:
    """Close this program's own connections, and refuse where another one is at the books."""
    for engine in db.engines.values():
        engine.dispose()
    if taking.is_sqlite():
        sqlite.close_journal(taking.file_of(settings().database))
    else:
        postgres.refuse_in_use(settings().database)


def workplace() -> Path:
    """Return the folder in which books are staged: of SQLite on the disk where they will lie."""
    place = taking.file_of(settings().database).parent if taking.is_sqlite() else None
    return place or settings().instance


def open_backup(file: Path, identity: str, work: Path) -> Opened:
    """Open a backup into `work`; BackupFailed where it cannot be put back here."""
    manifest, books = archive.unseal(file, identity, work)
    here = "sqlite" if taking.is_sqlite() else "postgresql"
    if manifest.database != here:
        raise BackupFailed(
            f"This backup is of a {manifest.database} database, POS_DATABASE_URL of {here}."
        )
    refuse_newer(manifest.revision)
    if taking.is_sqlite() and sqlite.check(books) != manifest.revision:
        raise BackupFailed("The backup says another revision than its tables: it was changed.")
    return Opened(manifest, books, file.name)


def stage(opened: Opened, work: Path) -> str:
    """Lay the books of a backup beside the present ones; return the address they have there."""
    if taking.is_sqlite():
        return f"sqlite:///{opened.books}"
    script = postgres.check(opened.books, work)
    return postgres.stage(settings().database, script, work)


def place(opened: Opened) -> str:
    """Put the staged books in their place; return the name of those set aside, "" for none."""
    moment = f"{clock.now():%Y%m%d%H%M%S}"
    is_empty = is_place_empty()
    let_go()
    if not taking.is_sqlite():
        aside = postgres.ASIDE + moment
        postgres.place(settings().database, aside)
        return "" if is_empty else f"schema {aside}"
    file = taking.file_of(settings().database)
    sqlite.close_journal(opened.books)
    kept = None if is_empty else file.with_name(f"{file.name}.before-{moment}")
    sqlite.place(opened.books, file, kept)
    return str(kept or "")
