"""A SQLite file: whether it is whole, as far as seconds can tell, and what lies beside it.

SQLite finds a spoilt page only when it reads it, which may be weeks later, in the middle of a
sale. So every start reads all pages once. PostgreSQL keeps checksums by itself and has no such
question.
"""

import time
from pathlib import Path
from typing import cast

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from pos.mishaps import Mishap, mishap_of

_STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the clock."""


def damage_of(reads: Engine, seconds: float) -> str:
    """Return what is wrong with the database file, "" where nothing is.

    Nor is anything where it is too large to be read within so many seconds, or not to be had.
    """
    if reads.dialect.name != "sqlite":
        return ""
    try:
        with reads.connect() as connection:
            raw = connection.connection.driver_connection
            end = time.monotonic() + seconds
            raw.set_progress_handler(lambda: time.monotonic() > end, _STEPS)  # type: ignore[union-attr]
            try:
                told = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            finally:
                raw.set_progress_handler(None, 0)  # type: ignore[union-attr]
    except DBAPIError as problem:
        return str(problem.orig) if mishap_of(problem) is Mishap.DAMAGED else ""
    except UnicodeDecodeError:
        return "not even its tables can be read"  # SQLite quotes the bytes that it found.
    return "" if told == "ok" else cast("str", told)


def log_bytes(engine: Engine) -> int:
    """Return how large SQLite's log beside the file is; 0 where there is none."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name:
        return 0
    try:
        return Path(f"{name}-wal").stat().st_size
    except OSError:
        return 0
