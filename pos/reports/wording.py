"""How states, remarks and troubles are told to people at the till."""

from pos.gateways.base import Trouble
from pos.states import (
    MovementKind,
    PaymentStatus,
    RefundKind,
    RefundStatus,
    Remark,
    ResolutionKind,
)

_P = PaymentStatus

STATUS: dict[PaymentStatus, tuple[str, str]] = {
    _P.CREATING: ("Making QR", "waiting"),
    _P.AWAITING: ("Waiting", "waiting"),
    _P.EXPIRING: ("Last check", "waiting"),
    _P.CANCEL_REQUESTED: ("Cancelling", "waiting"),
    _P.PAID: ("Paid", "paid"),
    _P.MISMATCH: ("Wrong payment", "problem"),
    _P.FAILED: ("Not gone through", "quiet"),
    _P.EXPIRED: ("Expired", "quiet"),
    _P.CANCELLED: ("Cancelled", "quiet"),
    _P.CREATE_FAILED: ("No QR", "quiet"),
}
"""Each status as a word and its tone: paid, waiting, problem or quiet."""

REMARK: dict[Remark, str] = {
    Remark.LEARNED_LATE: "Paid in time, learned of late",
    Remark.PAID_LATE: "Paid after the QR had ended",
    Remark.PAID_AFTER_CANCEL: "Paid after the sale was cancelled",
    Remark.DUPLICATE: "Paid a second time",
    Remark.UNDERPAID: "Too little was paid",
    Remark.OVERPAID: "Too much was paid",
    Remark.WRONG_CURRENCY: "Paid in the other currency",
    Remark.WRONG_RECEIVER: "Paid to another account",
    Remark.ODD_TIME: "The bank's time for it does not fit this QR",
    Remark.GIVEN_BACK: "Paid, and given back at the bank",
    Remark.MARKED: "Marked as paid by hand",
    Remark.MARK_DENIED: "Marked as paid by hand, but the bank has no payment",
    Remark.UNCONFIRMED: "The bank does not confirm this payment any more",
    Remark.ACCEPTED: "Accepted by a manager",
}

TROUBLE: dict[Trouble, str] = {
    Trouble.UNREACHABLE: "The bank cannot be reached.",
    Trouble.SILENT: "The bank does not answer.",
    Trouble.GARBLED: "The bank's answer makes no sense.",
    Trouble.UNAUTHORISED: "The bank refuses our key. Tell the manager.",
    Trouble.UNPROVEN: "The bank cannot prove who it is. Tell the manager.",
    Trouble.FORBIDDEN: "The bank refuses this server's address. Tell the manager.",
    Trouble.BUSY: "The bank asks us to slow down.",
    Trouble.QUOTA: "Today's questions to the bank are used up.",
    Trouble.DOWN: "The bank's service is down.",
    Trouble.OTHER: "The bank's answer settles nothing.",
}

NEEDS_A_PERSON = frozenset(set(Remark) - {Remark.LEARNED_LATE, Remark.MARKED, Remark.ACCEPTED})
"""Remarks of money that a manager has to look at."""

RESOLUTION: dict[ResolutionKind, str] = {
    ResolutionKind.ACCEPTED: "Accepted",
    ResolutionKind.REFUND_REQUESTED: "To be refunded",
    ResolutionKind.REFUNDED: "Refunded",
    ResolutionKind.WRITTEN_OFF: "Written off",
}
"""Each decision of a manager, as lists and reports tell it."""

REFUND_KIND: dict[RefundKind, str] = {
    RefundKind.GATEWAY: "Refund",
    RefundKind.MANUAL: "Manual refund",
    RefundKind.AT_BANK: "Given back at the bank",
}
"""Each way in which money went back."""

REFUND_STATUS: dict[RefundStatus, tuple[str, str]] = {
    RefundStatus.SENDING: ("Being sent", "waiting"),
    RefundStatus.UNKNOWN: ("Not known yet", "problem"),
    RefundStatus.FOUND: ("To be noted", "problem"),
    RefundStatus.DONE: ("Given back", "paid"),
    RefundStatus.REFUSED: ("Not given back", "quiet"),
}
"""Each state of a refund as a word and its tone."""

_PAID_BUT = {
    Remark.MARKED: ("Marked by hand", "waiting"),
    Remark.ACCEPTED: ("Paid, accepted", "paid"),
}


def status_of(status: PaymentStatus, remark: Remark | None) -> tuple[str, str]:
    """Return a payment's word and tone; money that needs a person is always a problem."""
    if status is _P.PAID and remark in _PAID_BUT:
        return _PAID_BUT[remark]
    word, tone = STATUS[status]
    if remark in NEEDS_A_PERSON:
        return (f"{word}, see manager" if tone != "problem" else word), "problem"
    return word, tone


def trouble_text(trouble: str) -> str:
    """Return a sentence for a stored trouble word; "" for none."""
    return TROUBLE[Trouble(trouble)] if trouble else ""


MOVEMENT: dict[MovementKind, str] = {
    MovementKind.PAID_IN: "Paid in",
    MovementKind.PAID_OUT: "Paid out",
    MovementKind.NO_SALE: "Drawer opened",
    MovementKind.REFUND: "Cash refund",
}

MOVEMENT_REASONS: dict[MovementKind, dict[str, str]] = {
    MovementKind.PAID_IN: {
        "change_brought": "Change was brought",
        "put_right": "To put an earlier entry right",
    },
    MovementKind.PAID_OUT: {
        "to_safe": "To the safe or the bank",
        "supplies": "Something bought for the shop",
        "supplier": "A supplier was paid",
        "put_right": "To put an earlier entry right",
    },
    MovementKind.NO_SALE: {
        "note_changed": "A note was changed for a customer",
        "looked": "To look into the drawer",
    },
    MovementKind.REFUND: {
        "goods_back": "The goods came back",
        "wrong_sale": "The sale was wrong",
    },
}
"""Why cash moved, as the forms list it; each form also has "other", with a note."""

MOVEMENT_REASON: dict[str, str] = {
    "other": "Another reason",
    "given_up": "Sale given up before it was paid in full",
    **{word: text for listed in MOVEMENT_REASONS.values() for word, text in listed.items()},
}

OVER_REASON: dict[str, str] = {
    "wrong_change": "Wrong change was given",
    "not_typed": "Something was not typed in",
    "unknown": "Nobody knows",
    "other": "Another reason, written below",
}
"""Why a count was off by more than the limit, as the form lists it."""

RECOUNT_REASON: dict[str, str] = {
    "not_counted": "Nobody counted at the close",
    "counted_wrong": "The count at the close was wrong",
    "found_later": "Cash was found, or missed, later",
    "other": "Another reason, written below",
}
"""Why a drawer was counted after its shift was closed, as the form lists it."""
