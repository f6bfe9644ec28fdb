"""What must be true of reported money before it settles a sale. Pure.

Source: facts on the Bakong Open API, "before a sale is called paid": the answer carries no
status word of its own, and a token sees every merchant's payments, so amount, currency,
receiver and time are compared with the payment that was asked about.
"""

from datetime import datetime, timedelta

from pos.gateways.base import PaidFacts
from pos.money import Money
from pos.states import Remark

CLOCK_SKEW = timedelta(minutes=10)
"""How far a gateway's clock may be from ours before its times make no sense."""

FAR_AHEAD = timedelta(days=1)
"""A payer's time that is further ahead than this is not waited for."""

_NOT_IN_HAND = ("FAILED", "REFUND", "REVERSE", "RETURN")


def wrong_money(facts: PaidFacts, amount: Money, receiver: str) -> Remark | None:
    """Return what is wrong with the money, or None where it is just what was asked for."""
    if facts.receiver.strip().lower() != receiver.strip().lower():
        return Remark.WRONG_RECEIVER
    if facts.refunded is not None and facts.refunded.minor:
        return Remark.GIVEN_BACK
    if facts.amount.currency is not amount.currency:
        return Remark.WRONG_CURRENCY
    if facts.amount.minor < amount.minor:
        return Remark.UNDERPAID
    if facts.amount.minor > amount.minor:
        return Remark.OVERPAID
    return None


def is_believable(facts: PaidFacts, made_at: datetime, now: datetime) -> bool:
    """Return whether the payer's time can belong to a QR made at `made_at`.

    Nobody pays a QR before it exists, or in the future; such an answer is about other money.
    """
    return made_at - CLOCK_SKEW <= facts.paid_at <= now + CLOCK_SKEW


def never_fits(facts: PaidFacts, made_at: datetime, now: datetime) -> bool:
    """Return whether the payer's time will not do later, either: time alone puts nothing right.

    A time that lies a little ahead of ours will come; one before the QR was made will not. Then
    the QR was made by a wrong clock, or the bank's is.
    """
    return facts.paid_at < made_at - CLOCK_SKEW or facts.paid_at > now + FAR_AHEAD


def is_in_hand(facts: PaidFacts) -> bool:
    """Return whether the tracking word leaves the money with us; unknown words do."""
    word = facts.tracking.upper()
    return not any(sign in word for sign in _NOT_IN_HAND)
