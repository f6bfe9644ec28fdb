"""The SQLite file under the practice bank's books."""

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
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
CREATE TABLE IF NOT EXISTS payway_merchant (
    merchant_id TEXT PRIMARY KEY,
    api_key TEXT NOT NULL,
    private_key TEXT NOT NULL,
    name TEXT NOT NULL,
    city TEXT NOT NULL,
    callback_url TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS payway_bill (
    id INTEGER PRIMARY KEY,
    merchant_id TEXT NOT NULL,
    tran_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    made_by TEXT NOT NULL,
    payment_option TEXT NOT NULL,
    is_hold INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    qr TEXT NOT NULL,
    md5 TEXT NOT NULL UNIQUE,
    callback_url TEXT,
    return_params TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT NOT NULL,
    closed_ms INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS payway_bill_tran_id ON payway_bill (merchant_id, tran_id);
CREATE TABLE IF NOT EXISTS payway_refund (
    id INTEGER PRIMARY KEY,
    md5 TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS payway_refund_md5 ON payway_refund (md5);
"""


_KEPT = 4
"""Connections that are kept for the next deed: opening one costs more than most deeds."""


class Store:
    """One SQLite file; each deed has a connection of its own, so that threads never share one."""

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._idle: list[sqlite3.Connection] = []
        weakref.finalize(self, _close_all, self._idle)
        with self.reading() as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection to read from."""
        connection = self._take()
        try:
            yield connection
        finally:
            self._keep(connection)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in a transaction: committed at the end, undone by an exception."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def _take(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=10, isolation_level=None, check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        return connection

    def _keep(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction or len(self._idle) >= _KEPT:
            connection.close()
        else:
            self._idle.append(connection)


def _close_all(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()
