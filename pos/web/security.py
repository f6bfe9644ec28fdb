"""What every answer carries, and who may ask at all: deny by default."""

from flask import Flask, Response, abort, request
from flask_login import current_user

from pos.extensions import login
from pos.web import ids

PUBLIC = frozenset(
    {
        *("auth.language", "auth.login", "callbacks.payway", "display.display", "display.screen"),
        *("health.alive", "health.ready", "static"),
        *("kiosk.till_manifest", "kiosk.display_manifest", "kiosk.offline", "kiosk.service_worker"),
    }
)
"""Endpoints that anybody may ask. A display proves itself by its token, a callback by its
signature."""

OWN_CHECK = frozenset({"till.payment"})
"""Endpoints that look at the login themselves, in the one query that answers them."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_YEAR = 365 * 86_400
_HOUR = 3_600


def init_app(app: Flask) -> None:
    """Guard each request of an app and put the headers on each answer."""
    app.url_map.converters["int"] = ids.RowId
    # Over HTTPS Flask-WTF also wants a Referer, and our pages send none. The token is the proof.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.before_request(_refuse_nul)
    app.before_request(_require_login)
    app.after_request(_add_headers)
    app.get_send_file_max_age = _static_age  # type: ignore[method-assign,assignment]


def _refuse_nul() -> None:
    """No address has a NUL in it, and PostgreSQL would not even compare one."""
    if "\0" in request.path:
        abort(404)


def _require_login() -> Response | None:
    """Let nobody past who is not signed in, unless the endpoint is on a list above."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC or endpoint in OWN_CHECK:
        return None
    if current_user.is_authenticated:
        return None
    answer: Response = login.unauthorized()
    return answer


def _add_headers(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    if request.endpoint != "static" or answer.status_code >= 400:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _static_age(_filename: str | None) -> int:
    """A file asked for with the mark of its content never changes under that address."""
    return _YEAR if "v" in request.args else _HOUR
