"""A post to another system's address: signed by whoever calls, to the internet alone.

The address was typed at a screen, so it is trusted with nothing: which machine is connected to is
decided at the moment of connecting, redirects are not followed, and the answer's body is not
read beyond a few bytes and kept nowhere. The path may hold a secret and is in no log.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from pos.errors import BadInput, GatewayError, GatewayUnreachable
from pos.gateways.addresses import (
    is_public,
    literal,
    public_only,
    public_or_this_machine,
)
from pos.gateways.http import Wire
from pos.gateways.sockets import DeadlineTransport, is_loopback
from pos.messengers.base import Trouble
from pos.words import _

SECONDS = 8.0
"""The longest that one post takes, from the name to the answer's last byte."""

MOST_BYTES = 4 * 1024
"""So much of an answer is read: its status is all that counts."""

MOST_ADDRESS = 500
PORTS = frozenset({443, 8443})
LONGEST_WAIT = 3_600
AT_ONCE = 8
"""Connections that may be open."""

_HERE = frozenset({"localhost", "local", "internal", "lan", "home", "localdomain"})
"""Ends of names that no name server of the internet knows. Source: RFC 6761, RFC 6762, ICANN."""

SHOWN_PATH = "/..."
GONE = 410

_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>[/?][!-\"$-\[\]-~]*)?",
    re.IGNORECASE | re.ASCII,
)
"""Scheme, host, port, the rest: so narrow that no two programs read it differently."""

_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?", re.IGNORECASE)
"""What the last part of an address is, and of no name. Source: URL standard, "ends in a number"."""


@dataclass(frozen=True)
class Posted:
    """What became of a post: the answer's status, if there was one, and what was wrong.

    `wait_seconds` is what was asked for, at least.
    """

    status: int | None = None
    trouble: Trouble | None = None
    wait_seconds: int = 0

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to be tried: it was taken, or that place is gone for good."""
        return self.trouble is None or self.status == GONE


def check_address(typed: str, *, may_stay_here: bool) -> str:
    """Return an address as it is kept; BadInput where nothing may ever be posted there.

    `may_stay_here` lets it be this very machine, at any port and without TLS: for practice. What
    a name leads to is not looked up here: that may change before the post.
    """
    text = typed.strip()
    found = _ADDRESS.fullmatch(text)
    if (
        found is None
        or len(text) > MOST_ADDRESS
        or int(found["port"] or 443) not in range(1, 65536)
    ):
        raise BadInput(_("This cannot be read as a web address. It starts with https://."))
    host, is_tls = found["host"].lower(), found["scheme"].lower() == "https"
    if may_stay_here and is_loopback(host.strip("[]")):
        return text
    if not is_tls:
        raise BadInput(_("The address must start with https://."))
    if int(found["port"] or 443) not in PORTS:
        raise BadInput(_("The address may name port 443 or 8443, or none."))
    if _is_inside(host):
        raise BadInput(_("This address leads into the shop's own network."))
    return text


def _is_inside(host: str) -> bool:
    """Return whether a host is, by its very spelling, none of the internet."""
    address = literal(host.strip("[]"))
    if address is not None:
        return not is_public(address)
    name = host.rstrip(".")
    last = name.rpartition(".")[2]
    return "." not in name or last in _HERE or _NUMBER.fullmatch(last) is not None


def post(url: str, body: bytes, headers: Mapping[str, str], *, may_stay_here: bool) -> Posted:
    """Post a body as it is, and return what became of it; raises nothing for the outside world."""
    try:
        check_address(url, may_stay_here=may_stay_here)
        reply = _wire(may_stay_here).exchange(
            url, body, seconds=SECONDS, most_bytes=MOST_BYTES, shown_path=SHOWN_PATH, more=headers
        )
    except BadInput:
        return Posted(trouble=Trouble.REFUSED_ADDRESS)
    except GatewayUnreachable as error:
        return Posted(trouble=_UNSENT.get(error.code, Trouble.UNREACHABLE))
    except GatewayError:
        return Posted(trouble=Trouble.SILENT)
    if 200 <= reply.status < 300:
        return Posted(reply.status)
    wait = min(reply.retry_after_seconds or 0, LONGEST_WAIT)
    is_busy = reply.status == 429 or reply.status >= 500
    return Posted(reply.status, Trouble.BUSY if is_busy else Trouble.REFUSED, wait)


_UNSENT = {"certificate": Trouble.NO_TLS, "address": Trouble.REFUSED_ADDRESS}


@cache
def _wire(may_stay_here: bool) -> Wire:
    may = public_or_this_machine if may_stay_here else public_only
    return Wire(DeadlineTransport(connections=AT_ONCE, may=may))


# A worker forked from a warm process shares none of its sockets.
os.register_at_fork(after_in_child=_wire.cache_clear)
