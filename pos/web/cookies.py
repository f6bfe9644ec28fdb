"""The cookies of the shop: kept from scripts and from other sites, and by TLS bound to this host.

Source: RFC 6265bis, section 4.1.3.2: a browser takes a cookie named `__Host-` only over HTTPS,
with `Secure` and `Path=/` and without `Domain`; so no other host and no plain connection can
have put it there.
"""

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from pos.config import Settings

LOGIN, TILL, DISPLAY, LANGUAGE = "pos_login", "pos_till", "pos_display", "pos_language"

YEAR = 365 * 86_400


def for_login(settings: Settings) -> dict[str, object]:
    """Return how Flask is to keep its own cookie, which holds the login."""
    return {
        "SESSION_COOKIE_NAME": _named(LOGIN, settings.https_only),
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.https_only,
    }


def name_in(app: Flask, plain: str) -> str:
    """Return what a cookie is called in this app: over HTTPS with the prefix."""
    return _named(plain, _is_secure(app))


def value_of(plain: str) -> str:
    """Return what the browser that asks sent of a cookie, or ""."""
    return request.cookies.get(name_in(current_app, plain), "")


def keep(answer: Response, plain: str, value: str, *, seconds: int, path: str = "/") -> None:
    """Have the browser keep a cookie for so long; one with the prefix is for the whole host."""
    is_secure = _is_secure(current_app)
    answer.set_cookie(
        name_in(current_app, plain),
        value,
        max_age=seconds,
        path="/" if is_secure else path,
        httponly=True,
        samesite="Lax",
        secure=is_secure,
    )


def _is_secure(app: Flask) -> bool:
    return bool(app.config["SESSION_COOKIE_SECURE"])


def _named(plain: str, is_secure: bool) -> str:
    return f"__Host-{plain}" if is_secure else plain
