"""What the till says aloud, to who cannot look: one sentence for each phase."""

from pos.money import Money

_SAID = {
    "idle": "Ready",
    "creating": "Making the QR for {}",
    "waiting": "Waiting for {}",
    "failed": "The payment of {} did not go through",
    "checking": "Checking {} with the bank",
    "cancelling": "Cancelling {}",
    "paid": "Paid {}",
    "expired": "Expired, {} was not paid",
    "cancelled": "Cancelled, {} was not paid",
    "create_failed": "No QR could be made for {}",
    "mismatch": "Wrong payment for {}. Call a manager",
    "late": "Money for {} came too late. Call a manager",
    "marked": "{} was marked as paid by hand",
    "denied": "The bank has no payment of {}. Call a manager",
}


def announce(phase: str, amount: Money | None, *, in_trouble: bool) -> str:
    """Return the sentence of a phase; `in_trouble` where the bank cannot be asked about it."""
    said = _SAID[phase].format(amount or "")
    return f"{said}. The bank cannot be reached" if in_trouble else said
