"""What the till says aloud, to who cannot look: one sentence for each phase."""

from pos.money import Money
from pos.words import Words, _


def announce(phase: str, amount: Money | None, *, in_trouble: bool) -> Words:
    """Return the sentence of a phase; `in_trouble` where the bank cannot be asked about it."""
    said = _sentences(amount or "")[phase]
    return _("%(said)s. The bank cannot be reached", said=said) if in_trouble else said


def _sentences(amount: Money | str) -> dict[str, Words]:
    return {
        "idle": _("Ready"),
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
