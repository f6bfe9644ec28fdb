"""A server that watches the books for its screens, as a program of the tests has it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

from flask import Flask

from pos import serving
from pos.web.counter.watch import Watch

PATIENCE = 1.0
"""Seconds within which a screen must learn what nobody tells it."""


@contextmanager
def watched(app: Flask, threads: int = 64) -> Iterator[Watch]:
    """Serve the app as a server with so many threads does; its watch ends with the body."""
    watch = app.extensions["pos_watch"]
    watch.is_ending = Event()
    serving.tell(serving.Server(threads, watch.is_ending.is_set))
    try:
        yield watch
    finally:
        serving.tell(None)
        watch.stop()


def until(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Return whether it comes to hold within the time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def settled(watch: Watch) -> bool:
    """Wait until the watch has looked at everything it knows."""
    return until(lambda: watch.is_alive() and watch.known.commit > 0 and not watch.known.lagging())
