"""The cookie by which a browser is known as an enrolled till of a store."""

from flask import current_app, request
from werkzeug.wrappers import Response

from pos.models import Terminal
from pos.services.people import terminals

_KEPT = 400 * 86_400
"""Seconds; no browser keeps a cookie longer."""


def here() -> Terminal | None:
    """Return the enrolled till that this browser is, or None."""
    return terminals.of_token(request.cookies.get(_name(), ""))


def remember(answer: Response, token: str) -> None:
    """Have the browser keep the secret of its enrolment, out of reach of any script."""
    answer.set_cookie(
        _name(),
        token,
        max_age=_KEPT,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _is_secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _name() -> str:
    # Over HTTPS the prefix says that no other host, and no plain connection, has put it there.
    return "__Host-pos_till" if _is_secure() else "pos_till"
