"""What a keypad says of a sale beside its amount, and the question before the same one again."""

import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from pos import clock
from pos.errors import BadAmount, BadInput, SameAgain
from pos.extensions import db
from pos.models import Sale, Shift
from pos.models.payment import UNSEEN
from pos.money import Money
from pos.services.shop.limits import Limits
from pos.states import SaleStatus
from pos.words import _

LONGEST_NOTE = 60

SAME_SECONDS = 30
"""The same amount at the same till within this time is asked about once."""

_LOOK_BACK = 5
"""Sales of the shift that are looked through; more are not made in that time."""


@dataclass(frozen=True, kw_only=True)
class Keyed:
    """What was keyed in with an amount.

    `rounding` is in riel: the price less what was typed. `discount` in minor units is what its
    row took off that price, `tip` what the customer adds, which is in the sale's amount. `asks` is
    whether a person can still be asked about an amount that was charged a moment ago.
    """

    note: str = ""
    rounding: int = 0
    discount_id: int | None = None
    discount: int = 0
    tip: int = 0
    asks: bool = False


PLAIN = Keyed()
"""Nothing but an amount."""


def read_note(typed: str) -> str:
    """Return a note in the form it is kept in; BadInput for one too long or not to be shown."""
    note = unicodedata.normalize("NFC", " ".join(typed.split()))
    shown = note.translate(dict.fromkeys(map(ord, UNSEEN)))
    if len(note) > LONGEST_NOTE or not shown.isprintable():
        raise BadInput(_("A note has at most %(most)s letters, in one line.", most=LONGEST_NOTE))
    return note


def check_limit(amount: Money, allowed: Limits) -> None:
    """Raise BadAmount for more than the store's largest charge."""
    limit = allowed.largest(amount.currency)
    if amount.minor > limit.minor:
        raise BadAmount(
            _(
                "The most that can be charged at once is %(limit)s.",
                limit=limit,
            )
        )


def refuse_twice(shift: Shift, amount: Money) -> None:
    """Raise SameAgain where this amount was charged here a moment ago and is not given up.

    Within the open transaction, so that of two taps at two screens the second is asked.
    """
    now = clock.now()
    query = (
        select(Sale.made_at)
        .where(Sale.shift_id == shift.id, Sale.number > shift.sales_made - _LOOK_BACK)
        .where(Sale.amount_minor - Sale.tip_minor == amount.minor, Sale.currency == amount.currency)
        .where(Sale.void_asked_at.is_(None), Sale.status != SaleStatus.VOIDED)
        .where(Sale.made_at > now - timedelta(seconds=SAME_SECONDS))
        .order_by(Sale.number.desc())
    )
    made_at = db.session.scalar(query.limit(1))
    if made_at is not None:
        seconds = max(0, round((now - made_at).total_seconds()))
        raise SameAgain(
            _(
                "%(amount)s was charged %(seconds)s seconds ago. If this is another sale, press"
                " Charge again.",
                amount=amount,
                seconds=seconds,
            )
        )
