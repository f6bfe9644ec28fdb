"""One shop and one practice bank in this process, on a clock of ours, emptied between seeds.

The bank's clock is always right; the shop's may be set wrong. No socket, no thread: whatever
happens "meanwhile" is done while the bank holds a question in its hands.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from flask import Flask
from sqlalchemy import event

from pos import clock, create_app
from pos.config import Settings
from pos.extensions import db
from pos.gateways import http
from pos.gateways.bakong.client import forget_hosts
from pos.sandbox import Bank, create_sandbox
from tests import conftest, factories

BANK_URL = "http://127.0.0.1:9"
"""Nobody listens there; the wire below leads into the bank of this process."""

TOOK = timedelta(milliseconds=1)

QUIET = ("pos", "apscheduler")


class Killed(BaseException):
    """The program ended here, between two statements."""


@dataclass(frozen=True)
class Call:
    """One question as the bank saw it; `shop_ms` is when, by the clock of the shop."""

    shop_ms: int
    asked: str
    status: int
    said: str


class World:
    """What a simulation acts on. `eye` reads the shop's books, `ledger` the bank's."""

    def __init__(self, folder: Path, template: bytes) -> None:
        self._levels = {name: logging.getLogger(name).level for name in QUIET}
        for name in QUIET:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
        (folder / "pos.db").write_bytes(template)
        self.settings = conftest.make_settings(folder, forgotten_shift_hours=2)
        self.app = _shop(self.settings, self._before_statement)
        bank = create_sandbox(
            ledger_path=folder / "bank.db",
            accounts=[factories.ACCOUNT_ID],
            emails=[factories.EMAIL],
        )
        self.bank: Bank = bank.extensions["practice_bank"]
        self._bank_app = bank.wsgi_app
        self.eye = _open(folder / "pos.db")
        self.ledger = _open(folder / "bank.db")
        self.forget()
        self._set_up()

    def forget(self) -> None:
        """Set the clocks and switches as they were at the beginning."""
        self.true = conftest.NOW
        self.skew = timedelta(0)
        self.calls: list[Call] = []
        self.meanwhile: dict[str, Callable[[], None]] = {}
        self.statements_left: int | None = None
        self.look: Callable[[str], None] = lambda _: None
        self._in_bank, self.daily_quota = False, 0
        self.bank.faults.clear()

    def _set_up(self) -> None:
        with self.at_work(), self.app.app_context():
            token = self.bank.tokens.issue(factories.EMAIL).text
            self.shop = factories.create_shop(BANK_URL, token, daily_quota=0)
        self._blank = [(one, _copy(one)) for one in (self.eye, self.ledger)]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let the package read this world's clock and speak to this world's bank."""
        clock.use(self._now)
        http.use(http.Wire(httpx.WSGITransport(self._answer)))
        try:
            yield
        finally:
            clock.use(None)
            http.use(None)

    def empty(self) -> None:
        """Take shop and bank back to the moment when the shop was set up."""
        self.forget()
        forget_hosts()
        for connection, blank in self._blank:
            _fill(connection, blank)

    def meter(self, daily_quota: int) -> None:
        """Let the bank allow so many questions a day; 0 means no limit."""
        self.daily_quota = daily_quota
        if daily_quota:
            self.eye.execute("UPDATE gateway_account SET daily_quota = ?", (daily_quota,))

    def spoil(self, command: str) -> None:
        """Change the shop's tables for good, in this world only."""
        self.eye.execute(command)
        self._blank[0] = (self.eye, _copy(self.eye))

    def close(self) -> None:
        """Give everything back, the log's levels too: what follows may read the log."""
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)
        conftest.close(self.app)
        self.eye.close()
        self.ledger.close()

    def _now(self) -> datetime:
        return self.true if self._in_bank else self.true + self.skew

    @property
    def shop_now(self) -> datetime:
        """What the clock on the shop's wall says."""
        return self.true + self.skew

    @contextmanager
    def in_bank(self) -> Iterator[None]:
        """Do the body by the bank's clock."""
        before, self._in_bank = self._in_bank, True
        try:
            yield
        finally:
            self._in_bank = before

    def _before_statement(self, *_: Any) -> None:
        if self.statements_left is not None:
            self.statements_left -= 1
            if self.statements_left < 0:
                raise Killed

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        shop_ms = clock.epoch_ms(self.shop_now)
        asked = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(asked)
        self.look("a question")
        self._let_happen("before")
        heard: list[int] = []

        def note(status: str, headers: list[Any], *rest: Any) -> Any:
            heard.append(int(status[:3]))
            return start(status, headers, *rest)

        with self.in_bank():
            said = b"".join(self._bank_app(environ, note))
        told = said.decode("utf-8", "replace")
        self.calls.append(Call(shop_ms, asked.decode(), heard[-1], told))
        # No bank answers in no time: what is asked together was asked before it is heard.
        self.true += TOOK
        self._let_happen("after")
        return [said]

    def _let_happen(self, when: str) -> None:
        deed = self.meanwhile.pop(when, None)
        if deed is not None:
            deed()


def _shop(settings: Settings, before_statement: Callable[..., None]) -> Flask:
    app = create_app(settings)
    with app.app_context():
        for engine in db.engines.values():
            event.listen(engine, "connect", _trust_the_power)
            event.listen(engine, "before_cursor_execute", before_statement)
            event.listen(engine, "commit", before_statement)
    return app


def _trust_the_power(connection: Any, _entry: Any) -> None:
    """Nobody pulls the plug here; waiting for the disk would be most of the time."""
    connection.execute("PRAGMA synchronous = OFF")


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _fill(connection: sqlite3.Connection, blank: sqlite3.Connection) -> None:
    """Write the blank's rows over a database whose tables are the same as the blank's.

    A copy tells all who have the database open that its tables may be others now. They would
    read them and prepare every statement again: a tenth of a day's time. These are the same.
    """
    tables = connection.execute("PRAGMA schema_version").fetchone()[0]
    blank.backup(connection)
    connection.execute(f"PRAGMA schema_version = {tables}")


def _copy(connection: sqlite3.Connection) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:")
    connection.backup(copy)
    return copy
