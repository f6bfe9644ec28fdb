"""Gives each request its number, which every answer and every line about it carries.

Outermost of all: also what is answered before the app's machinery, or fails in it, has one.
"""

import logging
import re
import time
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, request
from sqlalchemy import inspect

from pos import logs
from pos.config import Settings
from pos.web.request_counts import Counts

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)

OFTEN = frozenset(
    {
        "static",
        "till.payment",
        "display.screen",
        "health.alive",
        "health.ready",
        "kiosk.offline",
        "metrics.metrics",
    }
)
"""Endpoints that machines ask again and again; their lines are written at `debug` alone."""

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Note of each request which address it asks, before anything can refuse it, and who."""
    app.before_request(_note_address)
    app.after_request(_note_who)


class Traced:
    """Stands before a WSGI app and writes a line about each request when it is answered.

    Where somebody may read figures, each is counted too.
    """

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._inside: WSGIApplication = app.wsgi_app
        self._proxies = networks(settings.request_id_from)
        is_read = bool(settings.metrics_token.get_secret_value())
        self._counts = Counts.of(settings.instance) if is_read else None
        app.extensions["pos_counts"] = self._counts

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on and put its number on the answer."""
        number = self._number(environ)
        logs.begin(request_id=number)
        began, told = time.monotonic(), [0]

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            told[0] = int(status[:3])
            return start_response(status, [*headers, (HEADER, number)], *more)

        answer = self._inside(environ, start)
        took = time.monotonic() - began
        _write(environ["REQUEST_METHOD"], told[0], took)
        # A poll that is willing to wait takes long on purpose: it says nothing of how quick we are.
        if self._counts is not None and "HTTP_PREFER" not in environ:
            self._counts.note(told[0], took)
        return answer

    def _number(self, environ: WSGIEnvironment) -> str:
        """Take over the number that a proxy of ours gave; anybody else's word is worth nothing."""
        given = environ.get("HTTP_X_REQUEST_ID", "")
        # A proxy on a socket of this machine has no address.
        sender = environ.get("REMOTE_ADDR") or "127.0.0.1"
        is_ours = bool(given) and any(ip_address(sender) in one for one in self._proxies)
        return given if is_ours and WELL_FORMED.fullmatch(given) else logs.number()


def networks(typed: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the addresses and networks of a list with commas."""
    return tuple(ip_network(one.strip()) for one in typed.split(",") if one.strip())


def _note_address() -> None:
    """The rule and not the path: a path may hold a secret, and has whatever was typed."""
    rule = request.url_rule.rule if request.url_rule else ""
    logs.add(endpoint=request.endpoint or "", rule=rule)


def _note_who(answer: Response) -> Response:
    """Say who asked, where somebody has looked; this looks nothing up."""
    person, program = g.get("_login_user"), g.get("api_token")
    if person is not None and person.is_authenticated:
        logs.add(who=f"user:{_id_of(person.user)}")
    elif program is not None:
        logs.add(who=f"program:{_id_of(program)}")
    return answer


def _id_of(row: Any) -> Any:
    """A row's number, without reading again what a commit let go stale."""
    identity = inspect(row).identity
    return identity[0] if identity else ""


def _write(method: str, status: int, seconds: float) -> None:
    known, took_ms = logs.facts(), round(seconds * 1000)
    # Without an endpoint the poll was answered before the app looked: nothing has changed.
    often = known.get("endpoint", "static") in OFTEN and status < 500
    level = logging.DEBUG if often else logging.INFO
    if log.isEnabledFor(level):
        more = {"method": method, "status": status, "duration_ms": took_ms}
        where = known.get("rule") or "nothing there"
        log.log(level, "%s %s -> %d in %d ms", method, where, status, took_ms, extra=more)
