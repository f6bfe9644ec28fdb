"""Whether a gateway on the internet can post to an address of ours."""

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from pos.words import _

PATHS = {"payway": "/api/payway/v2/webhook"}
"""Where each gateway's callbacks are heard."""


def problem_of(url: str, gateway: str) -> str:
    """Return why nobody outside could post there, as a sentence; "" where it looks right.

    Looks the name up; connects to nothing. A machine may know other addresses of its own name
    than the world does, so a problem seen here can be no problem there, and the reverse.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return _("it cannot be read as an address.")
    if parts.scheme != "https":
        return _("it has to start with https://.")
    if port not in (None, 443):
        return _("only port 443 is posted to.")
    if parts.path != PATHS[gateway]:
        return _("callbacks are heard at %(path)s.", path=PATHS[gateway])
    return _private(parts.hostname or "")


def _private(host: str) -> str:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return _("its name is not known.")
    inside = sorted(str(one) for one in found if not ip_address(str(one)).is_global)
    if not inside:
        return ""
    return _("it leads to %(address)s, which only this network reaches.", address=inside[0])
