"""What happened to a payment, in words: events, answers of the bank, calls from it."""

from pos.gateways.base import Outcome
from pos.models import CallbackVerdict
from pos.states import EventName
from pos.words import _

EVENT: dict[EventName, tuple[str, str]] = {
    EventName.QR_SHOWN: (_("QR shown"), "waiting"),
    EventName.QR_REFUSED: (_("No QR was made"), "problem"),
    EventName.PAID: (_("Paid"), "paid"),
    EventName.WRONG_MONEY: (_("Money came that does not fit"), "problem"),
    EventName.TRANSFER_FAILED: (_("The transfer did not go through"), "problem"),
    EventName.TIME_UP: (_("The QR's time was up"), "quiet"),
    EventName.EXPIRED: (_("Expired, the bank had no payment"), "quiet"),
    EventName.CANCEL_ASKED: (_("Cancel asked for"), "quiet"),
    EventName.CANCELLED: (_("Cancelled, the bank had no payment"), "quiet"),
    EventName.LATE_MONEY: (_("Money came that needs a person"), "problem"),
    EventName.ACCEPTED: (_("The money was accepted"), "paid"),
    EventName.RESOLVED: (_("A decision was taken"), "quiet"),
    EventName.MARKED: (_("Marked as paid by hand"), "waiting"),
    EventName.MARK_CONFIRMED: (_("The mark is confirmed"), "paid"),
    EventName.MARK_DENIED: (_("The bank denies what was marked"), "problem"),
    EventName.UNCONFIRMED: (_("The bank does not confirm it any more"), "problem"),
    EventName.REFUNDED: (_("Money was given back"), "quiet"),
    EventName.REFUND_FOUND: (_("Money went back at the bank"), "problem"),
}
"""Each event of a payment as a sentence and its tone."""

ANSWER: dict[str, tuple[str, str]] = {
    Outcome.PAID: (_("The bank was asked: paid"), "paid"),
    Outcome.NOT_FOUND: (_("The bank was asked: no payment"), "quiet"),
    Outcome.FAILED: (_("The bank was asked: the transfer failed"), "problem"),
    Outcome.UNKNOWN: (_("The bank was asked: no answer"), "waiting"),
}
"""Each answer of a gateway as a sentence and its tone."""

VERDICT: dict[CallbackVerdict, tuple[str, str]] = {
    CallbackVerdict.WAITING: (_("The bank called us"), "waiting"),
    CallbackVerdict.CHECKED: (_("The bank called us, and was asked"), "quiet"),
    CallbackVerdict.CONTRADICTED: (
        _("Somebody called of money that the bank does not have"),
        "problem",
    ),
    CallbackVerdict.UNKNOWN: (_("The bank called us"), "quiet"),
    CallbackVerdict.REFUSED: (_("A call that proved nothing was refused"), "problem"),
}
"""Each verdict about a callback as a sentence and its tone."""
