"""Whether anybody has committed since the last look, at the cost of one small question.

SQLite counts the commits of others for each connection. PostgreSQL's snapshot names the
transactions that it does not see: while it is the same, so is all that can be read. Neither costs
the side that writes anything. A NOTIFY would: commits that notify wait for each other.

Source: sqlite.org, PRAGMA data_version; postgresql.org, 9.28 Transaction ID and Snapshot
Information Functions (and `PreCommit_Notify` in its async.c on the lock of NOTIFY).
"""

import contextlib
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError

from pos.models import Till

_ASKS = {
    "sqlite": "PRAGMA data_version",
    "postgresql": "SELECT CAST(pg_current_snapshot() AS text)",
}


class Changes:
    """One connection of its own, for one thread. DBAPIError where the books cannot be read."""

    def __init__(self, engine: Engine) -> None:
        self._ask = _ASKS[engine.dialect.name]
        self._versions = str(select(Till.id, Till.screen_version).compile(engine))
        self._errors = engine.dialect.loaded_dbapi.Error
        pooled = engine.raw_connection()
        self._connection: Any = pooled.driver_connection
        pooled.detach()
        self._last: Any = None

    def have_come(self) -> bool:
        """Return whether anybody committed since this was asked last; True the first time."""
        last, self._last = self._last, self._rows(self._ask)[0][0]
        return bool(last != self._last)

    def versions(self) -> dict[int, int]:
        """Return the screen version of every till."""
        return dict(self._rows(self._versions))

    def close(self) -> None:
        """Give up the connection."""
        with contextlib.suppress(self._errors):
            self._connection.close()

    def _rows(self, query: str) -> Any:
        try:
            return self._connection.execute(query).fetchall()
        except self._errors as problem:
            raise DBAPIError(query, None, problem) from problem
