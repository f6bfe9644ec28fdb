"""The one place that knows htmx-flask: is this a request of htmx, and how to send it away."""

from flask import Flask, Response, request
from htmx_flask import Htmx, make_response

_htmx = Htmx()


def init_app(app: Flask) -> None:
    """Teach an app's requests to know htmx."""
    _htmx.init_app(app)


def is_htmx() -> bool:
    """Return whether a fragment was asked for by htmx. Never a security check."""
    return bool(request.htmx)  # type: ignore[attr-defined]


def send_to(url: str, status: int = 200) -> Response:
    """Answer a fragment's request by sending the whole page somewhere else."""
    answer: Response = make_response("", status, redirect=url)
    return answer
