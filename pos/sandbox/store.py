"""The SQLite file under the practice bank's books."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS transfer (
    id INTEGER PRIMARY KEY,
    hash TEXT NOT NULL UNIQUE,
    md5 TEXT NOT NULL,
    qr TEXT NOT NULL,
    is_static INTEGER NOT NULL,
    is_failed INTEGER NOT NULL,
    from_account TEXT NOT NULL,
    to_account TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    description TEXT,
    created_ms INTEGER NOT NULL,
    acknowledged_ms INTEGER NOT NULL,
    booked_ms INTEGER NOT NULL,
    external_ref TEXT NOT NULL UNIQUE,
    instruction_ref TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS transfer_md5 ON transfer (md5);
CREATE INDEX IF NOT EXISTS transfer_short_hash ON transfer (substr(hash, 1, 8));
CREATE TABLE IF NOT EXISTS account (id TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS email (address TEXT PRIMARY KEY) STRICT;
CREATE TABLE IF NOT EXISTS token (id TEXT PRIMARY KEY, email TEXT NOT NULL,
    is_ended INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE IF NOT EXISTS signing_key (id INTEGER PRIMARY KEY CHECK (id = 1),
    key BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS link (id TEXT PRIMARY KEY, qr TEXT NOT NULL) STRICT;
"""


class Store:
    """One SQLite file; each deed opens its own connection, so that threads never share one."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to read from."""
        with closing(self._connect()) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a transaction: committed at the end, undone by an exception."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection
