"""Counting the queries that something costs, as they reach the database's driver."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from pos.extensions import db


@contextmanager
def queries(engines: Iterable[Engine] = ()) -> Iterator[list[str]]:
    """Collect the statements that the body sends on either side; `engines` without an app."""
    seen: list[str] = []
    listened = list(engines) or list(db.engines.values())

    def on_use(connection: Any, *_: Any) -> None:
        if isinstance(connection, psycopg.Connection):
            connection.cursor_factory = _noting(seen)
        else:
            connection.set_trace_callback(seen.append)

    for engine in listened:
        event.listen(engine, "checkout", on_use)
        event.listen(engine, "checkin", _stop)
    try:
        yield seen
    finally:
        for engine in listened:
            event.remove(engine, "checkout", on_use)
            event.remove(engine, "checkin", _stop)


def _noting(seen: list[str]) -> type[psycopg.Cursor[Any]]:
    class Noting(psycopg.Cursor[Any]):
        def execute(self, query: Any, *rest: Any, **more: Any) -> Any:
            seen.append(str(query))
            return super().execute(query, *rest, **more)

    return Noting


def _stop(connection: Any, *_: Any) -> None:
    if isinstance(connection, psycopg.Connection):
        connection.cursor_factory = psycopg.Cursor
    elif connection is not None:
        connection.set_trace_callback(None)
