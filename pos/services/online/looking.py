"""Asking the bank for a program that waits, within the day's questions and never around them.

Where the account has a daily limit a program's wish asks nothing more than the plan would:
a web page that polls must not use up what the counter needs.
"""

from collections.abc import Sequence
from datetime import timedelta

from pos import clock
from pos.database import writing
from pos.errors import TooSoon
from pos.extensions import db, settings
from pos.models import Payment
from pos.services.asking import questions
from pos.services.banking import callback_keeping
from pos.services.settling import payments
from pos.states import UNVERIFIED, PaymentStatus

MOST = 50
"""Payments in one bulk check. Source: NBC, Bakong Open API v1.0.5."""

_OPEN = UNVERIFIED | {PaymentStatus.AWAITING, PaymentStatus.FAILED}


def look(payment: Payment, *, who: str) -> Payment:
    """Return a payment after the bank was asked about it, if it may be asked now."""
    payment_id = payment.id
    if payment.status in _OPEN:
        _ask(payment, who)
    return payments.read(payment_id)


def _ask(payment: Payment, who: str) -> None:
    if payment.account.daily_quota:
        questions.ask_if_due(payment.id, who=who)
        return
    try:
        questions.check_now(payment, who=who)
    except TooSoon:
        # Somebody has just asked; what was said is in the books, or will be in a second.
        return


def look_at_all(wanted: Sequence[Payment], *, who: str) -> list[Payment]:
    """Return payments of one store after the bank was asked about those it may be asked about.

    In one question for each account, where the bank takes lists.
    """
    ids, now = [one.id for one in wanted], clock.now()
    rested = now - timedelta(seconds=settings().check_now_seconds)
    groups: dict[int, list[int]] = {}
    with writing(db.session):
        for one in map(payments.read, ids):
            if one.status not in _OPEN:
                continue
            groups.setdefault(one.account_id, []).append(one.id)
            if not one.account.daily_quota and (one.asked_at is None or one.asked_at <= rested):
                callback_keeping.wake(one.id, now)
    for members in groups.values():
        questions.ask_together(members, who=who)
    return [payments.read(payment_id) for payment_id in ids]
