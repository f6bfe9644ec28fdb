"""Answers a poll that has seen everything, before the app's machinery is set in motion.

Two polls a second for each till are the most frequent thing that this program is asked, and
nearly all have the same answer: nothing changed. It comes from what the watch of this process
knows of the screen, or where it knows nothing, from the cookie and one query. What has changed,
or cannot be read here, goes on to the route as if nothing stood in front of it. So the address is
compared as it came, and not taken apart: a mark is made of plain signs.

A poll that is willing to wait is answered when something changes, or its time is over. It says so
by `Prefer: wait=4`, in seconds. Source: RFC 7240, section 4.3.
"""

import re
import time
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from pos import clock, serving
from pos.services.shop import displays
from pos.web import security
from pos.web.counter.known import Place
from pos.web.counter.polls import POLLS, Poll
from pos.web.counter.watch import Watch
from pos.web.gate import why_shut

LONGEST = 20
"""Seconds that a poll may wait, whatever it asks for."""

_SEEN = "seen="
_WAIT = re.compile(r"wait=(\d{1,4})", re.ASCII)
_HEADERS = (("Cache-Control", "no-store"), ("Vary", "Cookie"))


class Unchanged:
    """Stands before an app's own WSGI entry."""

    def __init__(self, app: Flask) -> None:
        self._app, self._next = app, app.wsgi_app
        self._headers = [*security.headers_of(app).items(), *_HEADERS]
        self._watch = app.extensions["pos_watch"] = Watch(app)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 204 where the poll's `seen` is the mark of now; otherwise pass it on."""
        poll = POLLS.get(environ["PATH_INFO"])
        if poll is not None and environ["REQUEST_METHOD"] == "GET":
            if self._has_seen(environ, poll):
                start_response("204 NO CONTENT", self._headers)
                return []
        return self._next(environ, start_response)

    def _has_seen(self, environ: WSGIEnvironment, poll: Poll) -> bool:
        asked: str = environ.get("QUERY_STRING", "")
        if not asked.startswith(_SEEN):
            return False
        place = (environ["PATH_INFO"], environ.get("HTTP_COOKIE", ""))
        screen = self._watch.known.find(place) if self._watch.is_alive() else None
        if screen is not None:
            screen.asked_at = time.monotonic()
            mark = screen.mark
        else:
            mark = self._read(place, poll)
        if mark is None or asked != _SEEN + mark:
            return False
        return "HTTP_PREFER" not in environ or self._stays(place, mark, environ["HTTP_PREFER"])

    def _stays(self, place: Place, mark: str, wish: str) -> bool:
        """Wait as long as is wished, and return whether the screen still shows its mark."""
        server, wait = serving.server(), _WAIT.fullmatch(wish)
        if server is None or wait is None or not self._watch.is_alive():
            return True
        return self._watch.hold(place, mark, server.polls, min(int(wait[1]), LONGEST))

    def _read(self, place: Place, poll: Poll) -> str | None:
        """Look into the books, and let the watch know the screen if this server has one."""
        commit, server = self._watch.known.commit, serving.server()
        try:
            with self._app.app_context():
                if why_shut(self._app) is not None:
                    return None
                key = poll.key_of(self._app, place[1])
                row, now = poll.rows_of([key]).get(key), clock.now()
                if row is None:
                    return None
                known = None
                if server is not None:
                    self._watch.start(server)
                    known = self._watch.add(place, poll, key, row, commit)
                if known is None and _is_due(poll, row):
                    return None
                return poll.mark_at(row, now)
        except SQLAlchemyError:
            # The route meets the same trouble, and its error page tells of it.
            return None


def _is_due(poll: Poll, row: object) -> bool:
    """Whether the route has to note a sign of life."""
    return poll.has_signs and clock.now() - row.last_seen_at >= displays.SEEN_EVERY  # type: ignore[attr-defined]
