"""Copying an SQLite file while the shop sells, and putting one in its place."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from pos.errors import BackupFailed

BUSY_SECONDS = 10


def size_of(file: Path) -> int:
    """Return how many bytes the books take, with what is still in the journal beside them."""
    parts = (file, Path(f"{file}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def copy(source: Path, target: Path) -> None:
    """Copy the books of one instant, by SQLite's own online backup, while others write on.

    Done in one step: then no writer can make it begin anew, and with a write-ahead log none
    waits for it. Source: SQLite, "Using the SQLite Online Backup API".
    """
    with (
        closing(sqlite3.connect(source, timeout=BUSY_SECONDS)) as books,
        closing(sqlite3.connect(target)) as into,
    ):
        books.backup(into, pages=-1)
        # One file that needs no other beside it.
        into.execute("PRAGMA journal_mode = DELETE")
    target.chmod(0o600)


def check(file: Path) -> str:
    """Return the revision of a copy that is whole; BackupFailed for any other.

    Every page is looked at. What rows say is no matter of a copy: `flask verify-books` looks there.
    """
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as books:
            said = books.execute("PRAGMA integrity_check(3)").fetchall()
            if said != [("ok",)]:
                raise BackupFailed(f"The books are damaged: {said[0][0]}.")
            (revision,) = books.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.DatabaseError, TypeError) as problem:
        raise BackupFailed(f"The books are damaged: {problem}.") from None
    return str(revision)


def is_empty(file: Path) -> bool:
    """Return whether nothing lives in this place."""
    if not file.exists():
        return True
    try:
        with closing(sqlite3.connect(file, timeout=BUSY_SECONDS)) as books:
            (count,) = books.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return False  # Damaged, and perhaps somebody can still read a part of it.
    return int(count) == 0


def close_journal(file: Path) -> None:
    """Make the present books one file without a journal beside it; BackupFailed while in use.

    Leaving the write-ahead log takes that nobody else has the books open.
    """
    try:
        with closing(sqlite3.connect(file, timeout=1)) as books:
            if books.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",):
                return
    except sqlite3.OperationalError:
        pass
    except sqlite3.DatabaseError:
        return  # Damaged: it is set aside as it is.
    raise BackupFailed("The shop still runs: stop the web app and the worker first.")


def place(staged: Path, file: Path, aside: Path | None) -> None:
    """Put staged books in the place of the present ones, which get the name `aside` as well.

    At any instant the old books or the new ones are there, whole.
    """
    with staged.open("rb") as books:
        os.fsync(books.fileno())
    if aside is not None:
        os.link(file, aside)
    staged.replace(file)
    handle = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
