"""One line of the tables of codes: what a code means, and what to tell whom."""

from dataclasses import dataclass
from enum import StrEnum

from pos.gateways.base import Outcome, Trouble
from pos.words import _


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


KEY_TEXT = _(
    "PayWay does not take our key. Compare merchant id and key, and set the computer's clock."
)

Table = dict[str, Said]


def wrong_key(text: str = KEY_TEXT) -> Said:
    """Return a line for a key, a merchant id or a clock that PayWay does not take."""
    return Said(Trouble.UNAUTHORISED, text)


def at_aba(text: str) -> Said:
    """Return a line for what only ABA can switch on: asking again changes nothing."""
    return Said(Trouble.FORBIDDEN, _("%(text)s Ask ABA to change it.", text=text))


def ours(what: str) -> Said:
    """Return a line for a request that we wrote wrongly."""
    return Said(
        Trouble.OTHER, _("PayWay refused %(what)s. Report this to who runs the system.", what=what)
    )


def counter(text: str) -> Said:
    """Return a line for what the cashier can do something about."""
    return Said(Trouble.OTHER, text, Reader.CASHIER)


def down(text: str = _("PayWay has trouble of its own. Try again, or take cash.")) -> Said:
    """Return a line for a failure at PayWay."""
    return Said(Trouble.DOWN, text, Reader.CASHIER)


BUSY = Said(Trouble.BUSY, _("PayWay is asked too often. Wait a minute."), Reader.CASHIER)

UNKNOWN_CODE = Said(
    Trouble.OTHER, _("PayWay answered with a code that is in no guide."), Reader.MANAGER
)
