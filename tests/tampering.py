"""Changing what cannot be changed, as somebody does who owns the database: on purpose, in tests."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from pos.database import writing
from pos.extensions import db

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = "


@contextmanager
def unguarded(*tables: str) -> Iterator[Connection]:
    """Take the triggers off these tables, give a connection that writes, and put them back."""
    with writing(db.session):
        connection = db.session.connection()
        taken = [sql for table in tables for sql in _take_off(connection, table)]
        yield connection
        db.session.flush()
        for sql in taken:
            connection.execute(text(sql))
        db.session.expire_all()


def _take_off(connection: Connection, table: str) -> list[str]:
    """Take the triggers off a table and return what puts them back."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return [f"ALTER TABLE {table} ENABLE TRIGGER USER"]
    found = connection.execute(text(f"{_TRIGGERS}'{table}'")).all()
    for name, _ in found:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _, sql in found]


def tamper(command: str, table: str, **values: object) -> None:
    """Run one statement on a guarded table; it must change something."""
    with unguarded(table) as connection:
        assert connection.execute(text(command), values).rowcount > 0, "nothing was changed"


def unguard_file(side: sqlite3.Connection, table: str) -> None:
    """Take the triggers off a table of an SQLite file, for good."""
    for name, _ in side.execute(f"{_TRIGGERS}?", (table,)).fetchall():
        side.execute(f"DROP TRIGGER {name}")
