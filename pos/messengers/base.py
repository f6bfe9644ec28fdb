"""What is sent, and what became of it, the same for every way out."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Trouble(StrEnum):
    """Why a message did not arrive, or may not have."""

    NOT_SET_UP = "not_set_up"
    """The operator has named no server, or no key."""
    REFUSED_KEY = "refused_key"
    """The server does not take our name and password, or the bot's token."""
    REFUSED_ADDRESS = "refused_address"
    """The server knows no such address, or may not write to it: trying again is of no use."""
    REFUSED = "refused"
    """The server does not take this message: trying again is of no use."""
    NO_TLS = "no_tls"
    """The connection cannot be made secret, so nothing was sent."""
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    """Nothing was sent."""
    SILENT = "silent"
    """Sent, and no usable answer: it may have arrived."""


FINAL = frozenset({Trouble.REFUSED_ADDRESS, Trouble.REFUSED})
"""After these nothing is tried again."""


@dataclass(frozen=True)
class Paper:
    """A PDF that goes with a letter, and the name that it is kept under."""

    name: str
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """One message: to an address of its way, with a title and a text, both plain.

    `paper` goes with it by mail; Telegram gets the text alone.

    `key` is the same each time it is sent, so that a reader's program can tell doubles.
    """

    address: str
    title: str
    body: str
    key: str
    paper: Paper | None = None


@dataclass(frozen=True)
class Delivery:
    """What became of a letter; `wait_seconds` is what the server asked for, at least."""

    trouble: Trouble | None = None
    wait_seconds: int = 0

    @property
    def is_sent(self) -> bool:
        """Whether the server took it."""
        return self.trouble is None

    @property
    def is_final(self) -> bool:
        """Whether nothing more is to be tried."""
        return self.trouble is None or self.trouble in FINAL


class Way(Protocol):
    """One way out."""

    def send(self, letter: Letter) -> Delivery:
        """Send a letter and return what became of it."""


def one_line(text: str, most: int) -> str:
    """Return a text as one line of printable characters: fit for a header."""
    plain = "".join(one if one.isprintable() else " " for one in text)
    return " ".join(plain.split())[:most]
