"""How often people may press Check now about one payment of an account with a daily limit."""

from datetime import timedelta

from sqlalchemy import func, select

from pos import clock
from pos.errors import TooSoon
from pos.extensions import db
from pos.models import GatewayQuestion, Payment
from pos.words import _

PAUSES_SECONDS = (0, 2, 5, 10, 20, 40, 60)
"""The pause after so many presses about a payment; after more of them, the last."""


def refuse_hasty(payment: Payment) -> None:
    """Raise TooSoon, with the seconds left, where people have asked about it a moment ago.

    Each press costs one of the day's questions, and the reserve is there for all payments.
    """
    if payment.account.daily_quota == 0:
        return
    # People are named with their role, "cashier:dara"; programs have no colon.
    by_people = (GatewayQuestion.payment_id == payment.id, GatewayQuestion.who.contains(":"))
    query = select(func.count(GatewayQuestion.id), func.max(GatewayQuestion.asked_at))
    presses, last = db.session.execute(query.where(*by_people)).one()
    if presses == 0:
        return
    pause = timedelta(seconds=PAUSES_SECONDS[min(presses, len(PAUSES_SECONDS) - 1)])
    left = pause - (clock.now() - last)
    # Pressed in what is now the future: the clock was set back.
    if timedelta(0) < left <= pause:
        seconds = -(-left // timedelta(seconds=1))
        times = _("once") if presses == 1 else _("%(count)s times", count=presses)
        raise TooSoon(
            _(
                "The bank was asked %(times)s about this payment, and allows few questions a day."
                " Wait %(seconds)s seconds.",
                times=times,
                seconds=seconds,
            )
        )
