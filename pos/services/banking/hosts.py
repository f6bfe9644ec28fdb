"""Which hosts of gateways move real money, and which accounts may be kept there. Pure."""

from urllib.parse import urlsplit

from pos.gateways.sockets import is_loopback
from pos.words import Words, _


def is_test(base_url: str) -> bool:
    """Return whether an address is of a host for tests, where what is paid is no money."""
    host = urlsplit(base_url).hostname or ""
    return is_loopback(host) or "sandbox" in host or host.startswith("sit-")


def mix_problem(base_url: str, *, is_practice: bool) -> Words | None:
    """Return why an account may not be used at this host, or None where the two agree."""
    if is_practice and not is_test(base_url):
        return _("This is a practice account at a live host. Add a real one.")
    if is_test(base_url) and not is_practice:
        return _("This is an account for real money at a host for tests. Add it anew.")
    return None
