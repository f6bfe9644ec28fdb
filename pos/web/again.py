"""Does a request once more, from its beginning, where the database undid it.

A server that restarts, or two transactions in each other's way, end a request through no fault
of its own. Nothing of it was saved, so it is done again as if it had come a moment later: the
whole of it, with a session and forms of its own. Whoever has saved anything, or may have, is
not done again but told so: a second sale is worse than a second press.
"""

import io
import time
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_WISH = "pos.again"
MOST_BYTES = 64 * 1024
"""Forms are small. What is larger is not kept for a second time."""


def wish(environ: WSGIEnvironment, seconds: float) -> bool:
    """Ask for the request to be done again in so many seconds; return whether it will be."""
    wishes: list[float] | None = environ.get(_WISH)
    if wishes is None:
        return False
    wishes.append(seconds)
    return True


class Again:
    """Stands before an app's own WSGI entry."""

    def __init__(self, entry: WSGIApplication) -> None:
        self._next = entry

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer; where the first try wished for a second one, with the answer of that."""
        body = _body_of(environ)
        if body is None:
            return self._next(environ, start_response)
        wishes: list[float] = []
        first = {**environ, "wsgi.input": io.BytesIO(body), _WISH: wishes}
        told: list[tuple[Any, ...]] = []
        answer = self._next(first, lambda *args: told.append(args))  # type: ignore[arg-type]
        if not wishes:
            start_response(*told[-1])
            return answer
        _close(answer)
        time.sleep(wishes[-1])
        return self._next({**environ, "wsgi.input": io.BytesIO(body)}, start_response)


def _body_of(environ: WSGIEnvironment) -> bytes | None:
    """Return what the request brings; None where that is too much, or of unknown length."""
    length = environ.get("CONTENT_LENGTH") or "0"
    is_open_end = "HTTP_TRANSFER_ENCODING" in environ
    if is_open_end or not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    body: bytes = environ["wsgi.input"].read(int(length)) if int(length) else b""
    return body


def _close(answer: Iterable[bytes]) -> None:
    close = getattr(answer, "close", None)
    if close is not None:
        close()
