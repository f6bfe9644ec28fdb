"""What an unchanged poll costs beside a bare Flask route, in one process without a server.

Each screen is asked for twice: as under a server that holds a watch, and as under one without.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from threading import Event
from wsgiref.types import WSGIApplication

from werkzeug.test import EnvironBuilder

from pos import serving
from tests.bench.counter import Counter, Environ, answer_to
from tests.bench.server import BARE, create_bare

ROUNDS = 9
CALLS = 1_000

Ratios = dict[str, float]


def ratios_in_process(counter: Counter) -> tuple[Ratios, dict[str, float]]:
    """Return for each screen how its poll's cost stands to the bare route's, and CPU us a call."""
    asked: dict[str, tuple[WSGIApplication, Environ, int]] = {
        "bare": (create_bare(), dict(EnvironBuilder(path=BARE).get_environ()), 200)
    }
    polls = counter.unchanged().items()
    asked |= {screen: (counter.app, request, 204) for screen, request in polls}
    alone = _rounds(asked)
    with watched():
        told = _rounds(asked)
    both = {"": told, ", no watch": alone}
    ratios, micros = {}, {"bare": median(each["bare"] for each in alone) / CALLS * 1e6}
    for kind, rounds in both.items():
        for screen in dict(polls):
            ratios[screen + kind] = median(each[screen] / each["bare"] for each in rounds)
            micros[screen + kind] = median(each[screen] for each in rounds) / CALLS * 1e6
    return ratios, micros


@contextmanager
def watched() -> Iterator[None]:
    """Let this process be a server with a watch meanwhile."""
    is_over = Event()
    serving.tell(serving.Server(16, is_over.is_set))
    try:
        yield
    finally:
        is_over.set()
        serving.tell(None)


def _rounds(asked: dict[str, tuple[WSGIApplication, Environ, int]]) -> list[dict[str, float]]:
    return [{name: _spent(*one) for name, one in asked.items()} for _ in range(ROUNDS + 1)][1:]


def _spent(app: WSGIApplication, request: Environ, status: int) -> float:
    """Return the CPU seconds of many calls; the one before makes sure of the answer."""
    assert answer_to(app, dict(request)) == status
    begin = time.process_time()
    for _ in range(CALLS):
        answer_to(app, dict(request))
    return time.process_time() - begin
