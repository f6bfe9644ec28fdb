"""Where the parts listen: read from the environment, and seen to be free before anything starts."""

import errno
import ipaddress
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from pos.errors import ConfigError

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


@dataclass(frozen=True, slots=True)
class Address:
    """One host and port, and the variable in which a person can change the port."""

    host: str
    port: int
    variable: str

    @property
    def bind(self) -> str:
        """The address as a server wants it."""
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        """The address as a browser on this machine wants it."""
        return f"http://{_bracketed(_EVERYWHERE.get(self.host, self.host))}:{self.port}"

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def check_free(self) -> None:
        """Raise ConfigError, in one line a person can act on, when nothing can listen here."""
        try:
            family, kind, protocol, _, where = socket.getaddrinfo(
                self.host, self.port, self._family, socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                # As the server will: a port that was just let go counts as free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(where)
                probe.listen(1)
        except (OSError, UnicodeError) as problem:
            raise ConfigError(self._why_not(problem)) from None

    @property
    def _family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    def _why_not(self, problem: OSError | UnicodeError) -> str:
        number = getattr(problem, "errno", None)
        if number == errno.EADDRINUSE:
            return (
                f"Port {self.port} on {self.host} is taken: end what listens there, "
                f"or set {self.variable} to another port."
            )
        if number == errno.EACCES:
            return f"Port {self.port} needs more rights than yours: choose another {self.variable}."
        return f"POS_HOST={self.host}: this machine cannot listen there."


@dataclass(frozen=True, slots=True)
class Place:
    """The address of the shop's app and that of the practice bank."""

    shop: Address
    bank: Address


def read_place(environ: Mapping[str, str]) -> Place:
    """Return the addresses that POS_HOST, POS_PORT and SANDBOX_PORT name; ConfigError if bad."""
    shop, bank = read_address(environ, "POS_PORT", 5000), read_bank(environ)
    if shop.port == bank.port:
        raise ConfigError(f"POS_PORT and SANDBOX_PORT are both {shop.port}: they must differ.")
    return Place(shop, bank)


def read_bank(environ: Mapping[str, str]) -> Address:
    """Return the address of the practice bank; ConfigError if it cannot be one."""
    return read_address(environ, "SANDBOX_PORT", 5001)


def read_address(environ: Mapping[str, str], variable: str, default: int) -> Address:
    """Return the address on POS_HOST whose port the variable holds; ConfigError if bad."""
    text = environ.get(variable) or str(default)
    if not (re.fullmatch(r"[0-9]{1,5}", text) and 1 <= int(text) <= 65535):
        raise ConfigError(f"{variable}={text}: a port is a whole number from 1 to 65535.")
    return Address(environ.get("POS_HOST") or "127.0.0.1", int(text), variable)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
