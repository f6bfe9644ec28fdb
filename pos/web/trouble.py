"""Trouble with the database turned into answers: what it is, and whether anything was saved.

What can be done again is, once, before anybody is told (`pos/web/again.py`). A page goes on
being read while nothing can be written.
"""

import logging
import os
import random
import signal

from flask import Flask, Response, make_response, request
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError

from pos.database import may_have_saved
from pos.extensions import db
from pos.mishaps import AnyTrouble, Mishap, mishap_of
from pos.web import again, errors, gate
from pos.web.api import problems
from pos.words import Words, _

log = logging.getLogger(__name__)

_M = Mishap

AFTER_SECONDS = {_M.UNDONE: 0.05, _M.AWAY: 1.0}
"""How long is waited before a request is done again; a server needs a moment to restart."""

_BUSY = (_("Busy"), _("The shop's books are busy. Nothing was saved; try again."))
_TOLD: dict[Mishap, tuple[Words, Words]] = {
    _M.FULL: (
        _("The disk is full"),
        _(
            "The shop's disk is full. Nothing was saved. What is in the books can be read;"
            " the operator has to make room."
        ),
    ),
    _M.FAILING: (
        _("The disk does not work"),
        _("The shop's disk does not do what it should. Nothing was saved. Call the operator."),
    ),
    _M.READ_ONLY: (
        _("The disk cannot be written"),
        _("The shop's books can be read, but not written. Nothing was saved. Call the operator."),
    ),
    _M.DAMAGED: (_("The database is damaged"), gate.DAMAGED),
}

_HALF = _("A part of it may be saved, and the rest is not: look before you try again.")
_NO_MEMORY = _("The shop's machine has no memory left. Nothing was saved; try again.")

FULL_STATUS = 507


def init_app(app: Flask) -> None:
    """Make an app tell of trouble with its database in plain words."""
    for kind in (DBAPIError, TimeoutError):
        app.register_error_handler(kind, _told)
    app.register_error_handler(MemoryError, _no_memory)


def _told(problem: AnyTrouble) -> errors.Answer:
    mishap = mishap_of(problem)
    if mishap is None and not isinstance(problem, OperationalError):
        return errors.our_fault(problem)
    mishap, saved = mishap or _M.BUSY, may_have_saved(db.session)
    log.error("database %s: %s", mishap, getattr(problem, "orig", problem))
    if mishap in AFTER_SECONDS and not saved:
        # Two that undid each other must not meet again.
        if again.wish(request.environ, AFTER_SECONDS[mishap] * random.uniform(1, 2)):
            return Response(status=503)
    title, text = _TOLD.get(mishap, _BUSY)
    status = FULL_STATUS if mishap is _M.FULL else 503
    return _answer(status, title, _HALF if saved else text, 60 if mishap in _TOLD else 1)


def _no_memory(_problem: MemoryError) -> errors.Answer:
    """Tell of it, and let this process end when it is done: a fresh one takes its place."""
    log.error("no memory left")
    if "gunicorn" in request.environ.get("SERVER_SOFTWARE", ""):
        os.kill(os.getpid(), signal.SIGTERM)
    saved = may_have_saved(db.session)
    return _answer(503, _BUSY[0], _HALF if saved else _NO_MEMORY, 1)


def _answer(status: int, title: Words, text: Words, seconds: int) -> Response:
    if problems.is_api():
        return problems.told(status, str(text), retry_after=seconds)
    answer = make_response(errors.page(status, text, title))
    answer.headers["Retry-After"] = str(seconds)
    return answer
