"""Shuts the shop while its database is not the one that this program is made for, or is damaged.

Looked at when a process is first asked for something, and every few seconds from then on: a
newer program may bring the tables up to date under a running one. Files and the addresses for
monitors are served all the same.
"""

import logging
import time
from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, request

from pos.damage import damage_of
from pos.database import READS
from pos.errors import PosError
from pos.extensions import db
from pos.schema import difference
from pos.web import errors
from pos.web.api import problems
from pos.words import Words, _

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0
"""Between two looks at the version of the tables; while the shop is shut each request looks."""

WHOLE_SECONDS = 2.0
"""How long the first request may be held up by reading the whole database once."""

_GATE = "pos_gate"
_OPEN_TO_ALL = ("static", "health.alive", "health.ready")

_SHUT = _("Closed for a moment")
_VERSION = _(
    "The shop's database and its program are not of one version. Nothing was saved."
    " The operator brings them together."
)
DAMAGED = _(
    "The shop's database is damaged. Nothing was saved. Sell nothing more, and call the"
    " operator: the last copy has to be put back."
)


class Shut(PosError):
    """The shop serves nobody now; `text` says why."""

    def __init__(self, text: Words) -> None:
        super().__init__(text)
        self.text = text


@dataclass
class _Gate:
    looked_at: float = 0.0
    is_read: bool = False
    why: Words | None = None


def init_app(app: Flask) -> None:
    """Have each request of an app pass the gate first."""
    app.extensions[_GATE] = _Gate()
    app.before_request(_pass)
    app.register_error_handler(Shut, _shut)


def why_shut(app: Flask) -> Words | None:
    """Return why the shop is shut, None while it is open; inside an app context."""
    gate: _Gate = app.extensions[_GATE]
    now = time.monotonic()
    if gate.why is None and gate.is_read and now - gate.looked_at < LOOK_SECONDS:
        return None
    gate.why = _look(gate)
    gate.looked_at = now
    return gate.why


def _look(gate: _Gate) -> Words | None:
    reads = db.engines[READS]
    if not gate.is_read:
        damage = damage_of(reads, WHOLE_SECONDS)
        if damage:
            log.error("the database is damaged: %s", damage)
            return DAMAGED
        gate.is_read = True
    told = difference(reads)
    if told:
        log.error("shut: %s", told)
    return _VERSION if told else None


def _pass() -> None:
    if request.endpoint in _OPEN_TO_ALL:
        return
    why = why_shut(current_app)
    if why is not None:
        raise Shut(why)


def _shut(problem: Shut) -> Response:
    if problems.is_api() or request.path.startswith(problems.SIGNED):
        return problems.told(503, str(problem.text), retry_after=60)
    answer = make_response(errors.page(503, problem.text, _SHUT))
    answer.headers["Retry-After"] = "60"
    return answer
