"""Answers a poll that has seen everything, before the app's machinery is set in motion.

Two polls a second for each till are the most frequent thing that this program is asked, and
nearly all have the same answer: nothing changed. It costs the cookie and one query; what has
changed, or cannot be read here, goes on to the route as if nothing stood in front of it. So
the address is compared as it came, and not taken apart: a mark is made of plain signs.
"""

from collections.abc import Callable, Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from pos.web import security
from pos.web.gate import why_shut

MarkOf = Callable[[Flask, str], str | None]
"""Reads by a poll's `Cookie` header what its screen shows; None where the route must look."""

_SEEN = "seen="
_HEADERS = (("Cache-Control", "no-store"), ("Vary", "Cookie"))


class Unchanged:
    """Stands before an app's own WSGI entry; `marks` names the polls it may answer by path."""

    def __init__(self, app: Flask, marks: dict[str, MarkOf]) -> None:
        self._app, self._next, self._marks = app, app.wsgi_app, marks
        self._headers = [*security.headers_of(app).items(), *_HEADERS]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 204 where the poll's `seen` is the mark of now; otherwise pass it on."""
        mark_of = self._marks.get(environ["PATH_INFO"])
        if mark_of is not None and environ["REQUEST_METHOD"] == "GET":
            if self._has_seen(environ, mark_of):
                start_response("204 NO CONTENT", self._headers)
                return []
        return self._next(environ, start_response)

    def _has_seen(self, environ: "WSGIEnvironment", mark_of: MarkOf) -> bool:
        asked: str = environ.get("QUERY_STRING", "")
        if not asked.startswith(_SEEN):
            return False
        try:
            with self._app.app_context():
                if why_shut(self._app) is not None:
                    return False
                mark = mark_of(self._app, environ.get("HTTP_COOKIE", ""))
        except SQLAlchemyError:
            # The route meets the same trouble, and its error page tells of it.
            return False
        return mark is not None and asked == _SEEN + mark
