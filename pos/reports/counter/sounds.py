"""What sounds when, and on which device: each result of a payment once, from one place.

A sound is named `kind:tran_id`, so that a device that has played one does not play it again.
The tones themselves are made by `static/js/sound.js`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Display, Payment, SoundAt, Till
from pos.reports.closing.exceptions import MoneyException

HEARD_WITHIN = timedelta(seconds=45)
"""A display that was not seen for longer may be switched off: then the till sounds for it."""

_KIND = {
    "paid": "success",
    "failed": "problem",
    "expired": "problem",
    "create_failed": "problem",
    "mismatch": "attention",
    "late": "attention",
    "denied": "attention",
}

_FOR_CUSTOMERS = ("success", "problem")


@dataclass(frozen=True)
class Sounds:
    """What a screen has to sound, split by spaces, and whether it is the device that does.

    What calls for a manager sounds at the till in any case.
    """

    names: str
    speaks: bool


SILENT = Sounds("", False)


def at_till(
    till: Till, phase: str, shown: Payment | None, undecided: Iterable[MoneyException]
) -> Sounds:
    """Return the sounds of a till: of the payment on its screen, and of what needs a manager."""
    kind = _KIND.get(phase)
    first = [f"{kind}:{shown.tran_id}"] if kind and shown else []
    names = dict.fromkeys([*first, *(f"attention:{one.tran_id}" for one in undecided)])
    return Sounds(" ".join(names), speaker(till) is None)


def at_display(display: Display, phase: str, shown: Payment | None) -> Sounds:
    """Return the sound of a customer's display; nothing where another device sounds."""
    if display.till is None or speaker(display.till) != display.id:
        return SILENT
    kind = _KIND.get(phase)
    return Sounds(f"{kind}:{shown.tran_id}" if shown and kind in _FOR_CUSTOMERS else "", True)


def speaker(till: Till) -> int | None:
    """Return the display that sounds for a till; None where the till does so itself.

    Of several displays it is the one that was paired first and is still alive.
    """
    if till.sound_at is not SoundAt.DISPLAY:
        return None
    alive = clock.now() - HEARD_WITHIN
    query = select(Display.id).where(Display.till_id == till.id, Display.last_seen_at >= alive)
    return db.session.scalar(query.order_by(Display.paired_at, Display.id).limit(1))
