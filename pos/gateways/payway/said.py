"""One line of the tables of codes: what a code means, and what to tell whom."""

from dataclasses import dataclass
from enum import StrEnum

from pos.gateways.base import Outcome, Trouble


class Reader(StrEnum):
    """Who can do something about it."""

    CASHIER = "cashier"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Said:
    """The meaning of a code, and its sentence."""

    means: Outcome | Trouble
    text: str
    reader: Reader = Reader.MANAGER


KEY_TEXT = (
    "PayWay does not take our key. Compare merchant id and key, and set the computer's clock."
)

Table = dict[str, Said]


def wrong_key(text: str = KEY_TEXT) -> Said:
    """Return a line for a key, a merchant id or a clock that PayWay does not take."""
    return Said(Trouble.UNAUTHORISED, text)


def at_aba(text: str) -> Said:
    """Return a line for what only ABA can switch on: asking again changes nothing."""
    return Said(Trouble.FORBIDDEN, f"{text} Ask ABA to change it.")


def ours(what: str) -> Said:
    """Return a line for a request that we wrote wrongly."""
    return Said(Trouble.OTHER, f"PayWay refused {what}. Report this to who runs the system.")


def counter(text: str) -> Said:
    """Return a line for what the cashier can do something about."""
    return Said(Trouble.OTHER, text, Reader.CASHIER)


def down(text: str = "PayWay has trouble of its own. Try again, or take cash.") -> Said:
    """Return a line for a failure at PayWay."""
    return Said(Trouble.DOWN, text, Reader.CASHIER)


BUSY = Said(Trouble.BUSY, "PayWay is asked too often. Wait a minute.", Reader.CASHIER)

UNKNOWN_CODE = Said(
    Trouble.OTHER, "PayWay answered with a code that is in no guide.", Reader.MANAGER
)
