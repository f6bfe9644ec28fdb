"""How the databases go about what the reports ask: their plans, and which of them are slow."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import event

from pos.database import READS
from pos.extensions import db

BIG = ("payment", "sale", "gateway_transaction", "receipt")
"""Tables that grow with each sale."""

Plans = list[tuple[str, str]]
"""Each step of a plan, or a whole one of PostgreSQL, with what was asked."""


@contextmanager
def collected(app: Flask) -> Iterator[Plans]:
    """Collect how the database goes about each query meanwhile."""
    told: Plans = []

    def explain(connection, _cursor, statement, parameters, _context, _many):
        if not statement.lstrip().startswith(("SELECT", "WITH")):
            return
        cursor = connection.connection.cursor()
        if db.engine.dialect.name == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            told.extend((row[3], statement) for row in cursor.fetchall())
        else:
            cursor.execute("SET enable_seqscan = off")
            cursor.execute(f"EXPLAIN {statement}", parameters)
            told.append(("\n".join(row[0] for row in cursor.fetchall()), statement))
        cursor.close()

    with app.app_context():
        engine = db.engines[READS]
    event.listen(engine, "before_cursor_execute", explain)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", explain)


def walks_all(plan: str) -> bool:
    """Return whether a plan reads a big table from end to end."""
    if any(re.match(rf"SCAN {table}\b", plan) for table in BIG):
        return True
    return any(f"Seq Scan on {table} " in plan for table in BIG)


def walks_a_till(plan: str) -> bool:
    """Return whether a plan reads all that a till ever had, or even more.

    PostgreSQL says nothing of it: over a handful of rows any index is as good.
    """
    every = r"SEARCH payment USING (COVERING )?INDEX \w+ \((till_id|status)=\?\)"
    return walks_all(plan) or re.match(every, plan) is not None
