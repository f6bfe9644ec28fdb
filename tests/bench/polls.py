"""What an unchanged poll costs beside a bare Flask route, in one process without a server."""

import time
from statistics import median
from wsgiref.types import WSGIApplication

from werkzeug.test import EnvironBuilder

from tests.bench.counter import Counter, Environ, answer_to
from tests.bench.server import BARE, create_bare

ROUNDS = 9
CALLS = 1_000

Ratios = dict[str, float]


def ratios_in_process(counter: Counter) -> tuple[Ratios, dict[str, float]]:
    """Return for each screen how its poll's rate stands to the bare route's, and CPU us a call."""
    asked: dict[str, tuple[WSGIApplication, Environ, int]] = {
        "bare": (create_bare(), dict(EnvironBuilder(path=BARE).get_environ()), 200)
    }
    polls = counter.unchanged().items()
    asked |= {screen: (counter.app, request, 204) for screen, request in polls}
    rounds = [{name: _spent(*one) for name, one in asked.items()} for _ in range(ROUNDS + 1)][1:]
    micros = {name: median(each[name] for each in rounds) / CALLS * 1e6 for name in asked}
    return {
        screen: median(each["bare"] / each[screen] for each in rounds)
        for screen in asked
        if screen != "bare"
    }, micros


def _spent(app: WSGIApplication, request: Environ, status: int) -> float:
    """Return the CPU seconds of many calls; the one before makes sure of the answer."""
    assert answer_to(app, dict(request)) == status
    begin = time.process_time()
    for _ in range(CALLS):
        answer_to(app, dict(request))
    return time.process_time() - begin
