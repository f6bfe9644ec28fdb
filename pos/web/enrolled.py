"""The cookie by which a browser is known as an enrolled till of a store."""

from werkzeug.wrappers import Response

from pos.models import Terminal
from pos.services.people import terminals
from pos.web import cookies

_KEPT = 400 * 86_400
"""Seconds; no browser keeps a cookie longer."""


def here() -> Terminal | None:
    """Return the enrolled till that this browser is, or None."""
    return terminals.of_token(cookies.value_of(cookies.TILL))


def remember(answer: Response, token: str) -> None:
    """Have the browser keep the secret of its enrolment, out of reach of any script."""
    cookies.keep(answer, cookies.TILL, token, seconds=_KEPT)
