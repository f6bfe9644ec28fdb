"""What every answer carries, and who may ask at all: deny by default."""

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import NotAllowed
from pos.extensions import login
from pos.services.people import logins, second_step
from pos.web import ids, origin
from pos.web.api import bearer
from pos.web.rights import BY_TOKEN, FIRST_PASSWORD, NEEDS, OWN_CHECK, PRIVATE, PUBLIC, SECOND_STEP
from pos.words import _

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

BY_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
"""Once seen over HTTPS, a browser asks this host over nothing else for a year."""

_YEAR = 365 * 86_400
_HOUR = 3_600


def init_app(app: Flask) -> None:
    """Guard each request of an app and put the headers on each answer."""
    app.url_map.converters["int"] = ids.RowId
    # Over HTTPS Flask-WTF also wants a Referer, and our pages send none. The token is the proof.
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.before_request(_refuse_nul)
    app.before_request(origin.refuse_other_sites)
    app.before_request(_require_right)
    app.after_request(_add_headers)
    app.get_send_file_max_age = _static_age  # type: ignore[method-assign,assignment]


def headers_of(app: Flask) -> dict[str, str]:
    """Return what every answer of an app carries."""
    return HEADERS | (BY_TLS if app.config["SESSION_COOKIE_SECURE"] else {})


def _refuse_nul() -> None:
    """No address has a NUL in it, and PostgreSQL would not even compare one."""
    if "\0" in request.path:
        abort(404)


def _require_right() -> ResponseReturnValue | None:
    """Let nobody past who is not signed in, or whose role lacks the right of the address."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in PUBLIC or endpoint in OWN_CHECK:
        return None
    if endpoint in BY_TOKEN:
        bearer.require(BY_TOKEN[endpoint])
        return None
    if not current_user.is_authenticated:
        answer: ResponseReturnValue = login.unauthorized()
        return answer
    need, user = NEEDS.get(endpoint), current_user.user
    if need is None or not user.may(need.of(request.method)):
        abort(403)
    if not current_user.may(need.of(request.method)):
        raise NotAllowed(_("For this, log out and log in with your password."))
    logins.touch(current_user.login)
    if user.must_change_password and endpoint not in FIRST_PASSWORD:
        return redirect(url_for("auth.password"), 303)
    if _must_turn_on(endpoint):
        return redirect(url_for("second_step.second_step"), 303)
    return None


def _must_turn_on(endpoint: str) -> bool:
    """Return whether the second step comes first; a login by PIN reaches nothing it guards."""
    if current_user.login.by_pin or endpoint in SECOND_STEP:
        return False
    return second_step.is_due(current_user.user)


def _add_headers(answer: Response) -> Response:
    answer.headers.update(headers_of(current_app))
    if request.endpoint in PRIVATE:
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    elif request.endpoint != "static" or answer.status_code >= 400:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _static_age(_filename: str | None) -> int:
    """A file asked for with the mark of its content never changes under that address."""
    return _YEAR if "v" in request.args else _HOUR
