"""Looking into a database from outside: SQLite's questions to either kind."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row


def mark_of(eye: Any) -> int | None:
    """Return a number that differs after each write by others; None where there is no such mark."""
    if isinstance(eye, _Postgres):
        return None
    mark: int = eye.execute("PRAGMA data_version").fetchone()[0]
    return mark


def look_into(database: str) -> Any:
    """Return a connection to the shop's database at this address; rows are read by name."""
    sqlite = database.partition("sqlite:///")[2]
    return look_into_file(sqlite) if sqlite else _Postgres(database)


def look_into_file(path: str | Path) -> sqlite3.Connection:
    """Return a connection to a SQLite file."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=20)
    connection.row_factory = sqlite3.Row
    return connection


class _Postgres:
    """A connection to PostgreSQL that takes the questions of SQLite."""

    def __init__(self, url: str) -> None:
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._connection = psycopg.connect(plain, autocommit=True, row_factory=dict_row)

    def execute(self, query: str, values: tuple[Any, ...] = ()) -> Any:
        """Return a cursor over what is found."""
        return self._connection.execute(query.replace("?", "%s"), values)  # type: ignore[call-overload]

    def close(self) -> None:
        """Let go."""
        self._connection.close()
