"""Watches the books for the screens: one thread of a process learns of commits and of the time.

It looks again at the screens that a commit or the time may have changed, and at no other. What it
has not seen itself (it is late, it failed, it was never started) the polls ask the books for.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from pos import clock
from pos.database import READS
from pos.extensions import db
from pos.reports.counter import glance
from pos.reports.counter.changes import Changes
from pos.services.shop import displays
from pos.serving import Server
from pos.web.counter.known import ASKS_WITHIN, Known, Place, Screen
from pos.web.counter.polls import Poll
from pos.web.gate import why_shut

LOOKS_EVERY = 0.025
"""Seconds between two looks for commits."""

ALL_EVERY = 0.7
"""Seconds after which every screen is looked at again that a commit may have changed unseen: one
that no till's version tells of, such as the end of a login."""

MOST_PAUSE = 0.2
"""The longest time between two looks, in seconds."""

ALIVE_WITHIN = 1.0
"""A watch that did nothing for so long, in seconds, is believed no more."""

BEAT_EVERY = 2.0
"""Seconds after which a poll that waits sees for itself whether the watch still does."""

AGAIN_AFTER = 1.0
"""Seconds after which a watch that failed begins anew."""

SIGNS_EVERY = 10.0
"""Seconds between two notes of which displays are alive."""

SIGN_AFTER = timedelta(seconds=SIGNS_EVERY)

_log = logging.getLogger(__name__)


class Blind(Exception):
    """The books cannot be believed now: the shop is shut."""


class Watch:
    """What this process knows of its screens. Starts its thread by itself at the first of them."""

    def __init__(self, app: Flask) -> None:
        self.known = Known()
        self._app = app
        self._beat = 0.0
        self._thread: threading.Thread | None = None
        self._is_over = False
        self._all_at = self._signs_at = 0.0

    def is_alive(self) -> bool:
        """Return whether what is known can be believed now."""
        return time.monotonic() - self._beat < ALIVE_WITHIN

    def start(self, server: Server) -> None:
        """Begin to watch, unless it has begun; it ends by itself with the server."""
        if self._thread is None and not self._is_over:
            with self.known.lock:
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._run, args=(server,), name="watch", daemon=True
                    )
                    self._thread.start()

    def stop(self) -> None:
        """End it, and every poll that waits, and forget all; it may be started again."""
        self._is_over = True
        if self._thread is not None:
            self._thread.join()
        self._thread, self._is_over, self.known = None, False, Known()

    def add(self, place: Place, poll: Poll, key: str, row: Any, commit: int) -> Screen | None:
        """Know a screen by a row read after that commit; None where that cannot be."""
        now = clock.now()
        mark = poll.mark_at(row, now)
        if mark is None:
            return None
        screen = Screen(poll, key, row, mark, poll.turn_after(row, now), commit)
        return self.known.add(place, screen)

    def hold(self, place: Place, mark: str, most: int, seconds: float) -> bool:
        """Wait so long for a known screen to show another mark, while at most so many polls wait.

        Return whether it shows that mark still; False too where nobody can say. It is at once
        where nothing can be waited for. While it waits it holds no connection and no lock.
        """
        held = self.known.hold(place, mark, most)
        if held is None:
            screen = self.known.find(place)
            return screen is None or screen.mark == mark
        end = time.monotonic() + seconds
        try:
            while not self._is_over and self.is_alive():
                left = end - time.monotonic()
                if left <= 0 or held.waker.wait(min(left, BEAT_EVERY)):
                    break
        finally:
            self.known.release(held)
        # A server that ends has no time to draw a thousand screens: they ask the next one.
        return self._is_over or (held.screen.mark == mark and self.is_alive())

    def _run(self, server: Server) -> None:
        with self._app.app_context():
            while not (self._is_over or server.is_ending()):
                try:
                    self._watch(server)
                except (SQLAlchemyError, Blind):
                    self._give_up()
                except Exception:
                    _log.exception("The watch of the screens failed")
                    self._give_up()
        self._is_over = True
        self._beat = 0.0
        self.known.wake(self.known.all())

    def _give_up(self) -> None:
        """Let everybody ask the books, and begin anew after a while: much may have happened."""
        self._beat = 0.0
        self.known.wake(self.known.all())
        time.sleep(AGAIN_AFTER)

    def _watch(self, server: Server) -> None:
        with contextlib.closing(Changes(db.engines[READS])) as self._changes:
            while not (self._is_over or server.is_ending()):
                begin = time.monotonic()
                self._look(self._changes)
                self._beat = time.monotonic()
                # Where the books are slow it looks less often, but never so seldom as to seem dead.
                time.sleep(min(MOST_PAUSE, max(LOOKS_EVERY, 4 * (self._beat - begin))))

    def _look(self, changes: Changes) -> None:
        if why_shut(self._app) is not None:
            raise Blind
        stale: list[Screen] = []
        if changes.have_come():
            stale += self.known.learn(changes.versions())
        now, tick = clock.now(), time.monotonic()
        stale += self.known.turned(now)
        if tick >= self._all_at:
            self._all_at = tick + ALL_EVERY
            stale += self.known.lagging()
            self.known.forget(tick - ASKS_WITHIN)
        if stale:
            self._look_again(stale)
        if tick >= self._signs_at:
            self._signs_at = tick + SIGNS_EVERY
            self._note_signs(now, tick)

    def _look_again(self, stale: Iterable[Screen]) -> None:
        commit = self.known.commit
        by_poll: dict[Poll, dict[Screen, None]] = {}
        for one in stale:
            by_poll.setdefault(one.poll, {})[one] = None
        for poll, screens in by_poll.items():
            for some in _in_parts(list(screens)):
                rows = poll.rows_of([one.key for one in some])
                self.known.wake(
                    [one for one in some if _has_changed(one, rows.get(one.key), commit)]
                )
                self._beat = time.monotonic()

    def _note_signs(self, now: datetime, tick: float) -> None:
        """Write down once, for all displays that ask here, that they are alive."""
        alive = [
            one.row.display_id
            for one in self.known.all()
            if one.poll.has_signs
            and one.row.last_seen_at <= now - SIGN_AFTER
            and (one.waiting or tick - one.asked_at < SIGNS_EVERY)
        ]
        if alive:
            # Not here: a write may have to wait, and the watch must not.
            threading.Thread(target=self._write_signs, args=(alive,), daemon=True).start()

    def _write_signs(self, display_ids: list[int]) -> None:
        with self._app.app_context(), contextlib.suppress(SQLAlchemyError):
            displays.note_alive(display_ids)


def _in_parts(screens: list[Screen]) -> Iterator[list[Screen]]:
    """Give as many at a time as one query looks at: who has changed need not wait for the rest."""
    for begin in range(0, len(screens), glance.AT_ONCE):
        yield screens[begin : begin + glance.AT_ONCE]


def _has_changed(screen: Screen, row: Any, commit: int) -> bool:
    """Take in what was read of a screen; return whether it shows something else now."""
    before, now = screen.mark, clock.now()
    screen.mark = None if row is None else screen.poll.mark_at(row, now)
    if row is not None:
        screen.row = row
    screen.turn = None if row is None else screen.poll.turn_after(row, now)
    screen.commit = commit
    return screen.mark != before
