"""How a request came here: under which name, through which proxies, and whether over TLS."""

import logging
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from pos.config import Settings
from pos.errors import NotAllowed
from pos.extensions import settings
from pos.gateways.sockets import is_loopback
from pos.words import _

Wsgi = Callable[..., Iterable[bytes]]
"""What a server calls."""

log = logging.getLogger(__name__)

PROBES = frozenset({"health.alive", "health.ready"})
"""What a monitor asks of the machine itself; nothing in it is secret."""

THIS_MACHINE = ("localhost", "127.0.0.1")

MARKS = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
"""What a proxy adds to what it passes on."""

PLAIN = "%s is served without TLS: passwords cross the network in the clear (docs/operator.md, TLS)"

_TOLD = "pos_told_of_plain_http"


def names(settings: Settings) -> list[str] | None:
    """Return the names that the shop answers to, for Flask's TRUSTED_HOSTS; None for any."""
    if not settings.trusted_hosts:
        return None
    public = urlsplit(settings.public_url).hostname
    return [*settings.trusted_hosts.split(","), *THIS_MACHINE, *([public] if public else [])]


def init_app(app: Flask) -> None:
    """Believe the proxies that the settings count, and refuse or tell of what comes without TLS."""
    settings: Settings = app.extensions["pos_settings"]
    if not settings.https_only and not is_loopback(settings.host):
        log.warning(PLAIN, f"POS_HOST={settings.host}")
    app.before_request(_look_for_tls)


def behind_proxies(app: Wsgi, settings: Settings) -> Wsgi:
    """Return the app as it sees through so many proxies: who asks, and over which scheme.

    `X-Forwarded-Host` is believed from nobody: a proxy passes `Host` on.
    """
    if not settings.proxies:
        return app
    return ProxyFix(app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)


def _look_for_tls() -> None:
    """Over plain HTTP take no password where TLS is asked for; elsewhere tell of it in the log."""
    if request.is_secure or _is_this_machine():
        return
    if not settings().https_only:
        _tell_once(request.remote_addr or "")
    elif request.endpoint not in PROBES:
        raise NotAllowed(_("This shop is open over HTTPS only: put https:// before its address."))


def _is_this_machine() -> bool:
    """Return whether somebody asks on the machine itself, and no proxy for somebody else.

    Over a socket of the machine's own there is no address.
    """
    asker = request.remote_addr
    return (not asker or is_loopback(asker)) and not any(it in request.headers for it in MARKS)


def _tell_once(asker: str) -> None:
    if not current_app.extensions.get(_TOLD):
        current_app.extensions[_TOLD] = True
        log.warning(PLAIN, asker)
