"""What the server says of this process: how many threads it has, and whether it is ending.

A server that says nothing may be any: then nothing is done that needs many threads, and every
poll is answered at once. gunicorn says it by the hook below, which it finds where it is told to
(`--config python:pos.serving`), or in the settings of `deploy/gunicorn.conf.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

KEPT_FREE = 8
"""So many threads, or a quarter of them where that is more, are there for other work than polls."""


@dataclass(frozen=True)
class Server:
    """A server process: `threads` answer requests; `is_ending` once it was told to end."""

    threads: int
    is_ending: Callable[[], bool]

    @property
    def polls(self) -> int:
        """How many of its threads may wait in polls at a time."""
        return max(0, self.threads - max(KEPT_FREE, self.threads // 4))


_server: Server | None = None


def tell(server: Server | None) -> None:
    """Note what the server of this process said; None is a server that says nothing."""
    global _server
    _server = server


def server() -> Server | None:
    """Return what the server of this process said, or None."""
    return _server


def post_worker_init(worker: Any) -> None:
    """Note what a process of gunicorn is; its arbiter calls this in each.

    Source: gunicorn's documentation of server hooks; `alive` is what its workers go by.
    """
    tell(Server(worker.cfg.threads, lambda: not worker.alive))
