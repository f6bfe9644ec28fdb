"""Counting the queries that something costs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from pos.extensions import db


@contextmanager
def queries() -> Iterator[list[str]]:
    """Collect the statements that the body sends to the database, on either side."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:
        seen.append(statement)

    engines = list(db.engines.values())
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
