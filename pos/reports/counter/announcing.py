"""What the till says aloud, and what the bank said when it was asked at once."""

from pos import clock
from pos.gateways.base import Outcome
from pos.money import Money
from pos.words import Words, _


def announce(phase: str, amount: Money | None, *, in_trouble: bool) -> Words:
    """Return the sentence of a phase; `in_trouble` where the bank cannot be asked about it."""
    said = _sentences(amount or "")[phase]
    return _("%(said)s. The bank cannot be reached", said=said) if in_trouble else said


def _sentences(amount: Money | str) -> dict[str, Words]:
    return {
        "idle": _("Ready"),
        "tip": _("The customer is asked for a tip on %(amount)s", amount=amount),
        "creating": _("Making the QR for %(amount)s", amount=amount),
        "waiting": _("Waiting for %(amount)s", amount=amount),
        "failed": _("The payment of %(amount)s did not go through", amount=amount),
        "checking": _("Checking %(amount)s with the bank", amount=amount),
        "cancelling": _("Cancelling %(amount)s", amount=amount),
        "paid": _("Paid %(amount)s", amount=amount),
        "expired": _("Expired, %(amount)s was not paid", amount=amount),
        "cancelled": _("Cancelled, %(amount)s was not paid", amount=amount),
        "create_failed": _("No QR could be made for %(amount)s", amount=amount),
        "mismatch": _("Wrong payment for %(amount)s. Call a manager", amount=amount),
        "late": _("Money for %(amount)s came too late. Call a manager", amount=amount),
        "marked": _("%(amount)s was marked as paid by hand", amount=amount),
        "denied": _("The bank has no payment of %(amount)s. Call a manager", amount=amount),
    }


def told(outcome: Outcome) -> Words:
    """Return what the bank said when it was asked at once, with the time of day."""
    at = clock.shop_time(clock.now()).strftime("%H:%M:%S")
    return {
        Outcome.PAID: _("At %(at)s the bank reported the money.", at=at),
        Outcome.NOT_FOUND: _("At %(at)s the bank had no payment for this QR.", at=at),
        Outcome.FAILED: _("At %(at)s the bank said that the transfer had failed.", at=at),
        Outcome.UNKNOWN: _(
            "At %(at)s the bank could not be asked. That does not mean unpaid.", at=at
        ),
    }[outcome]
