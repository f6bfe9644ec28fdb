"""The screens that ask this process, and what each last showed. Safe to share between threads."""

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pos.web.counter.polls import Poll

ASKS_WITHIN = 30.0
"""A screen that asked nothing for so long is forgotten, in seconds."""

MOST = 20_000
"""Screens that are known at a time; others are answered by a look of their own."""

Place = tuple[str, str]
"""A poll's path and its `Cookie` header."""


@dataclass(eq=False, slots=True)
class Screen:
    """One browser's screen. `mark` is None from when the route must look; then it is forgotten."""

    poll: Poll
    key: str
    row: Any
    mark: str | None
    turn: datetime | None
    """When it may change by time alone."""

    commit: int
    """The newest commit that its row was read after."""

    asked_at: float = field(default_factory=time.monotonic)
    waiting: set[threading.Event] = field(default_factory=set)

    def wake(self) -> None:
        """Let all polls go that wait for another mark."""
        for one in self.waiting:
            one.set()


@dataclass(frozen=True)
class Held:
    """A poll that waits, and what wakes it."""

    screen: Screen
    waker: threading.Event


class Known:
    """All known screens, and the newest commit that is known of."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.commit = 0
        self.held = 0
        self._screens: dict[Place, Screen] = {}
        self._versions: dict[int, int] = {}

    def find(self, place: Place) -> Screen | None:
        """Return the screen that asks from there, if it is known."""
        return self._screens.get(place)

    def add(self, place: Place, screen: Screen) -> Screen | None:
        """Know a screen from now on; None where its row is older than what is known already."""
        with self.lock:
            if len(self._screens) >= MOST or self._is_behind(screen):
                return None
            return self._screens.setdefault(place, screen)

    def learn(self, versions: dict[int, int]) -> list[Screen]:
        """Note a commit, and the tills' versions after it; return the screens that are behind."""
        with self.lock:
            self.commit += 1
            self._versions = versions
            return [one for one in self._screens.values() if self._is_behind(one)]

    def _is_behind(self, screen: Screen) -> bool:
        row = screen.row
        newest = self._versions.get(row.till_id)
        return newest is not None and row.screen_version < newest

    def turned(self, now: datetime) -> list[Screen]:
        """Return the screens that may have changed by time alone."""
        return [one for one in self.all() if one.turn is not None and one.turn <= now]

    def lagging(self) -> list[Screen]:
        """Return the screens whose row is older than the newest commit."""
        return [one for one in self.all() if one.commit < self.commit]

    def all(self) -> list[Screen]:
        """Return every known screen."""
        with self.lock:
            return list(self._screens.values())

    def forget(self, before: float) -> None:
        """Forget the screens that are over, and those that have not asked since `before`."""
        with self.lock:
            self._screens = {
                place: one
                for place, one in self._screens.items()
                if one.mark is not None and (one.waiting or one.asked_at >= before)
            }

    def hold(self, place: Place, mark: str, most: int) -> Held | None:
        """Let a poll wait until its screen shows something else than this mark.

        None where that is so already, or as many polls wait as may.
        """
        with self.lock:
            screen = self._screens.get(place)
            if screen is None or screen.mark != mark or self.held >= most:
                return None
            held = Held(screen, threading.Event())
            screen.waiting.add(held.waker)
            self.held += 1
            return held

    def release(self, held: Held) -> None:
        """Let a poll wait no more."""
        with self.lock:
            held.screen.waiting.discard(held.waker)
            self.held -= 1

    def wake(self, screens: Iterable[Screen]) -> None:
        """Let the polls of these screens go."""
        with self.lock:
            for one in screens:
                one.wake()
