"""The shop's program as a process of its own, which can be killed at any point of a deed.

A point is a place where the books could be left half written: before each statement of a
write transaction, before its commit, and after it. The process kills itself there with
SIGKILL, so nothing of it runs on: no handler, no rollback, no farewell to the database.
"""

import gc
import multiprocessing
import os
import secrets
import signal
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import event
from sqlalchemy.orm import configure_mappers

from pos import clock, create_app
from pos.config import Settings
from pos.database import ShopSession
from pos.errors import Refused
from pos.extensions import db
from pos.models import Till
from tests.routes import compile_once

PATIENCE_SECONDS = 30


def _warm_up() -> None:
    """Do once what each start of the program would do alike."""
    configure_mappers()
    compile_once()
    with tempfile.TemporaryDirectory() as folder:
        keys = {
            "secret_key": secrets.token_urlsafe(32),
            "vault_key": Fernet.generate_key().decode(),
        }
        create_app(Settings(instance=Path(folder), **keys))
    # What is there now is garbage nowhere: a process that looked at it would copy all of it.
    gc.freeze()


# A server that has loaded the program forks each of them: a start costs no second that way.
_warm_up()
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


WRITES = ("INSERT", "UPDATE", "DELETE")

KILLED = object()
"""What is heard of a process that was killed: nothing."""


@dataclass(frozen=True)
class Failed:
    """A deed that ended with an error, by its name."""

    error: str


Deed = Callable[[], Any]


@dataclass(frozen=True)
class Start:
    """One start of the program: what it does, where it is killed, how its clock is ahead.

    `only_writes`: what reads is no point of its own. Between two reads nothing changes.
    """

    settings: Settings
    deed: Deed
    kill_at: int = 0
    ahead_seconds: float = 0
    only_writes: bool = False


class Fuse:
    """Kills this process at the n-th point from now on."""

    def __init__(self, kill_at: int, only_writes: bool) -> None:
        self._left, self._only_writes = kill_at, only_writes
        engine = db.engines[None]
        event.listen(engine, "before_cursor_execute", self.read_statement)
        event.listen(engine, "commit", self.burn)
        event.listen(ShopSession, "after_commit", self.burn)

    def read_statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Come nearer with a statement, if it is one that counts."""
        if not self._only_writes or statement.lstrip().upper().startswith(WRITES):
            self.burn()

    def burn(self, *_: Any) -> None:
        """Come one point nearer to the end."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def run(start: Start) -> Any:
    """Return what the deed returned, Failed, or KILLED."""
    (heard,) = run_together([start])
    return heard


def run_together(starts: Iterable[Start], kill_after: Iterable[float] = ()) -> list[Any]:
    """Start one process for each, let them go at one moment, and return what each was heard of.

    `kill_after` are seconds from that moment: then one of them after the other is killed.
    """
    gate = _processes.Event()
    racers = [_Racer(start, gate) for start in starts]
    for racer in racers:
        assert racer.ear.poll(PATIENCE_SECONDS), "it never stood at the start"
        assert racer.ear.recv() == "ready"
    gate.set()
    _kill(racers, kill_after)
    return [racer.hear() for racer in racers]


def _kill(racers: "list[_Racer]", kill_after: Iterable[float]) -> None:
    began = time.monotonic()
    for racer, after in sorted(zip(racers, kill_after, strict=False), key=lambda one: one[1]):
        time.sleep(max(0.0, began + after - time.monotonic()))
        racer.process.kill()


class _Racer:
    def __init__(self, start: Start, gate: Any) -> None:
        self.ear, mouth = _processes.Pipe(duplex=False)
        self.process = _processes.Process(target=_live, args=(start, mouth, gate), daemon=True)
        self.process.start()
        mouth.close()

    def hear(self) -> Any:
        """Return its last word, once it is gone."""
        self.process.join(PATIENCE_SECONDS)
        status, heard = self.process.exitcode, KILLED
        assert status is not None, "it hangs"
        if self.ear.poll():
            try:
                heard = self.ear.recv()
            except EOFError:
                assert status == -signal.SIGKILL, f"it ended by itself with {status}"
        self.process.close()
        return heard


def _live(start: Start, mouth: Connection, gate: Any) -> None:
    """Be the program, from its start to the answer."""
    ahead = timedelta(seconds=start.ahead_seconds)
    clock.use(lambda: datetime.now(UTC) + ahead)
    app = create_app(start.settings)
    with app.app_context():
        # Both sides of the database are open before the race begins.
        for engine in db.engines.values():
            with engine.connect() as connection:
                connection.execute(Till.__table__.select())
        mouth.send("ready")
        gate.wait(PATIENCE_SECONDS)
        if start.kill_at:
            Fuse(start.kill_at, start.only_writes)
        mouth.send(done(start.deed))
        for engine in db.engines.values():
            engine.dispose()


def done(deed: Deed) -> Any:
    """Return what a deed returned, or Failed."""
    try:
        return deed()
    except Refused as refused:
        return Failed(type(refused).__name__)
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}")
