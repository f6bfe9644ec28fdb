"""Where a payment stands, what is remarked of it, what happened to it, and every legal move. Pure.

`services/settling/payments.py:move` is the one writer.
"""

from enum import StrEnum


class PaymentStatus(StrEnum):
    """Where one attempt to collect the money of a sale stands."""

    CREATING = "creating"
    AWAITING = "awaiting"
    EXPIRING = "expiring"
    CANCEL_REQUESTED = "cancel_requested"
    PAID = "paid"
    MISMATCH = "mismatch"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    CREATE_FAILED = "create_failed"


class Remark(StrEnum):
    """What else a person must know of a payment, beside its status."""

    LEARNED_LATE = "learned_late"
    PAID_LATE = "paid_late"
    PAID_AFTER_CANCEL = "paid_after_cancel"
    DUPLICATE = "duplicate"
    UNDERPAID = "underpaid"
    OVERPAID = "overpaid"
    WRONG_CURRENCY = "wrong_currency"
    WRONG_RECEIVER = "wrong_receiver"
    ODD_TIME = "odd_time"
    """Sent, says the bank, before the QR was made: one of the two clocks was wrong."""
    GIVEN_BACK = "given_back"
    """It came, and some or all of it went back at the bank before we heard of it."""
    MARKED = "marked"
    """Paid by a manager's word while the bank could not be asked; no money is booked yet."""
    MARK_DENIED = "mark_denied"
    """So marked, and the bank has since said that it has no payment."""
    UNCONFIRMED = "unconfirmed"
    """Paid by money that the bank, asked again, does not confirm any more."""
    ACCEPTED = "accepted"
    """Money that did not fit; a manager let it settle its sale."""


class EventName(StrEnum):
    """What happened, as the history of a payment tells it."""

    QR_SHOWN = "qr_shown"
    QR_REFUSED = "qr_refused"
    PAID = "paid"
    WRONG_MONEY = "wrong_money"
    TRANSFER_FAILED = "transfer_failed"
    TIME_UP = "time_up"
    EXPIRED = "expired"
    CANCEL_ASKED = "cancel_asked"
    CANCELLED = "cancelled"
    LATE_MONEY = "late_money"
    ACCEPTED = "accepted"
    RESOLVED = "resolved"
    MARKED = "marked"
    MARK_CONFIRMED = "mark_confirmed"
    MARK_DENIED = "mark_denied"
    UNCONFIRMED = "unconfirmed"
    REFUNDED = "refunded"
    REFUND_FOUND = "refund_found"


_P = PaymentStatus

MOVES: dict[tuple[PaymentStatus, PaymentStatus], EventName] = {
    (_P.CREATING, _P.AWAITING): EventName.QR_SHOWN,
    (_P.CREATING, _P.CREATE_FAILED): EventName.QR_REFUSED,
    (_P.AWAITING, _P.PAID): EventName.PAID,
    (_P.AWAITING, _P.MISMATCH): EventName.WRONG_MONEY,
    (_P.AWAITING, _P.FAILED): EventName.TRANSFER_FAILED,
    (_P.AWAITING, _P.EXPIRING): EventName.TIME_UP,
    (_P.AWAITING, _P.CANCEL_REQUESTED): EventName.CANCEL_ASKED,
    # The payer may try the same QR again after a failed transfer, so it is still alive.
    (_P.FAILED, _P.PAID): EventName.PAID,
    (_P.FAILED, _P.MISMATCH): EventName.WRONG_MONEY,
    (_P.FAILED, _P.CANCEL_REQUESTED): EventName.CANCEL_ASKED,
    (_P.EXPIRING, _P.PAID): EventName.PAID,
    (_P.EXPIRING, _P.MISMATCH): EventName.WRONG_MONEY,
    (_P.EXPIRING, _P.EXPIRED): EventName.EXPIRED,
    (_P.EXPIRING, _P.FAILED): EventName.TRANSFER_FAILED,
    (_P.CANCEL_REQUESTED, _P.PAID): EventName.PAID,
    (_P.CANCEL_REQUESTED, _P.MISMATCH): EventName.WRONG_MONEY,
    (_P.CANCEL_REQUESTED, _P.CANCELLED): EventName.CANCELLED,
    (_P.CANCEL_REQUESTED, _P.FAILED): EventName.TRANSFER_FAILED,
    # Money sent in time and learned of late settles a sale that is still open.
    (_P.EXPIRED, _P.PAID): EventName.PAID,
    (_P.CANCELLED, _P.PAID): EventName.PAID,
}
"""Every legal move of a payment and the event it writes. Paid is sticky: nothing leaves it."""

CORRECTIONS: dict[EventName, frozenset[PaymentStatus]] = {
    EventName.MARKED: frozenset({_P.AWAITING, _P.FAILED, _P.EXPIRING, _P.CANCEL_REQUESTED}),
    # A QR that we never heard of may have been made, and paid, all the same.
    EventName.ACCEPTED: frozenset(
        {_P.MISMATCH, _P.FAILED, _P.EXPIRED, _P.CANCELLED, _P.CREATE_FAILED}
    ),
}
"""What only a manager does, with a reason: from which states each of them leads to paid."""

MARKS = frozenset({Remark.MARKED, Remark.MARK_DENIED})
"""A payment that counts as paid though no gateway has reported its money."""

LIVE = frozenset({_P.CREATING, _P.AWAITING, _P.FAILED})
"""A QR is, or is about to be, in front of a customer, until its time is up."""

UNVERIFIED = frozenset({_P.EXPIRING, _P.CANCEL_REQUESTED})
"""The QR is hidden, and the last word of the gateway is still awaited."""

WATCHED = frozenset({_P.EXPIRED, _P.CANCELLED, _P.FAILED})
"""Given up by the shop, yet money may still arrive and must be found."""


def event_of(
    old: PaymentStatus, new: PaymentStatus, by: EventName | None = None
) -> EventName | None:
    """Return the event a move writes, or None where the table has no such move.

    `by` is the manager's correction that takes the payment there, if one does.
    """
    if by is None:
        return MOVES.get((old, new))
    return by if new is _P.PAID and old in CORRECTIONS[by] else None
