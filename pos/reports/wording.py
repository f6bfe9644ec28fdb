"""How states, remarks and troubles are told to people at the till."""

from pos.gateways.base import Trouble
from pos.permissions import Role
from pos.states import (
    DisputeDeed,
    DisputeKind,
    DisputeStatus,
    MovementKind,
    PaymentStatus,
    RefundKind,
    RefundProof,
    RefundStatus,
    Remark,
    ResolutionKind,
)
from pos.words import Words, _

_P = PaymentStatus

STATUS: dict[PaymentStatus, tuple[str, str]] = {
    _P.CREATING: (_("Making QR"), "waiting"),
    _P.AWAITING: (_("Waiting"), "waiting"),
    _P.EXPIRING: (_("Last check"), "waiting"),
    _P.CANCEL_REQUESTED: (_("Cancelling"), "waiting"),
    _P.PAID: (_("Paid"), "paid"),
    _P.MISMATCH: (_("Wrong payment"), "problem"),
    _P.FAILED: (_("Not gone through"), "quiet"),
    _P.EXPIRED: (_("Expired"), "quiet"),
    _P.CANCELLED: (_("Cancelled"), "quiet"),
    _P.CREATE_FAILED: (_("No QR"), "quiet"),
}
"""Each status as a word and its tone: paid, waiting, problem or quiet."""

REMARK: dict[Remark, str] = {
    Remark.LEARNED_LATE: _("Paid in time, learned of late"),
    Remark.PAID_LATE: _("Paid after the QR had ended"),
    Remark.PAID_AFTER_CANCEL: _("Paid after the sale was cancelled"),
    Remark.DUPLICATE: _("Paid a second time"),
    Remark.UNDERPAID: _("Too little was paid"),
    Remark.OVERPAID: _("Too much was paid"),
    Remark.WRONG_CURRENCY: _("Paid in the other currency"),
    Remark.WRONG_RECEIVER: _("Paid to another account"),
    Remark.ODD_TIME: _("The bank's time for it does not fit this QR"),
    Remark.GIVEN_BACK: _("Paid, and given back at the bank"),
    Remark.MARKED: _("Marked as paid by hand"),
    Remark.MARK_DENIED: _("Marked as paid by hand, but the bank has no payment"),
    Remark.UNCONFIRMED: _("The bank does not confirm this payment any more"),
    Remark.ACCEPTED: _("Accepted by a manager"),
}

TROUBLE: dict[Trouble, str] = {
    Trouble.UNREACHABLE: _("The bank cannot be reached."),
    Trouble.SILENT: _("The bank does not answer."),
    Trouble.GARBLED: _("The bank's answer makes no sense."),
    Trouble.UNAUTHORISED: _("The bank refuses our key. Tell the manager."),
    Trouble.UNPROVEN: _("The bank cannot prove who it is. Tell the manager."),
    Trouble.FORBIDDEN: _("The bank refuses this server's address. Tell the manager."),
    Trouble.BUSY: _("The bank asks us to slow down."),
    Trouble.QUOTA: _("Today's questions to the bank are used up."),
    Trouble.DOWN: _("The bank's service is down."),
    Trouble.OTHER: _("The bank's answer settles nothing."),
}

NEEDS_A_PERSON = frozenset(set(Remark) - {Remark.LEARNED_LATE, Remark.MARKED, Remark.ACCEPTED})
"""Remarks of money that a manager has to look at."""

RESOLUTION: dict[ResolutionKind, str] = {
    ResolutionKind.ACCEPTED: _("Accepted"),
    ResolutionKind.REFUND_REQUESTED: _("To be refunded"),
    ResolutionKind.REFUNDED: _("Refunded"),
    ResolutionKind.WRITTEN_OFF: _("Written off"),
}
"""Each decision of a manager, as lists and reports tell it."""

REFUND_KIND: dict[RefundKind, str] = {
    RefundKind.GATEWAY: _("Refund"),
    RefundKind.MANUAL: _("Manual refund"),
    RefundKind.AT_BANK: _("Given back at the bank"),
}
"""Each way in which money went back."""

REFUND_STATUS: dict[RefundStatus, tuple[str, str]] = {
    RefundStatus.SENDING: (_("Being sent"), "waiting"),
    RefundStatus.UNKNOWN: (_("Not known yet"), "problem"),
    RefundStatus.FOUND: (_("To be noted"), "problem"),
    RefundStatus.DONE: (_("Given back"), "paid"),
    RefundStatus.REFUSED: (_("Not given back"), "quiet"),
}
"""Each state of a refund as a word and its tone."""

_PAID_BUT = {
    Remark.MARKED: (_("Marked by hand"), "waiting"),
    Remark.ACCEPTED: (_("Paid, accepted"), "paid"),
}


def status_of(status: PaymentStatus, remark: Remark | None) -> tuple[str, str]:
    """Return a payment's word and tone; money that needs a person is always a problem."""
    if status is _P.PAID and remark in _PAID_BUT:
        return _PAID_BUT[remark]
    word, tone = STATUS[status]
    if remark in NEEDS_A_PERSON:
        return (_("%(word)s, see manager", word=word) if tone != "problem" else word), "problem"
    return word, tone


def trouble_text(trouble: str) -> str:
    """Return a sentence for a stored trouble word; "" for none."""
    return TROUBLE[Trouble(trouble)] if trouble else ""


MOVEMENT: dict[MovementKind, str] = {
    MovementKind.PAID_IN: _("Paid in"),
    MovementKind.PAID_OUT: _("Paid out"),
    MovementKind.NO_SALE: _("Drawer opened"),
    MovementKind.REFUND: _("Cash refund"),
}

MOVEMENT_REASONS: dict[MovementKind, dict[str, str]] = {
    MovementKind.PAID_IN: {
        "change_brought": _("Change was brought"),
        "put_right": _("To put an earlier entry right"),
    },
    MovementKind.PAID_OUT: {
        "to_safe": _("To the safe or the bank"),
        "supplies": _("Something bought for the shop"),
        "supplier": _("A supplier was paid"),
        "put_right": _("To put an earlier entry right"),
    },
    MovementKind.NO_SALE: {
        "note_changed": _("A note was changed for a customer"),
        "looked": _("To look into the drawer"),
    },
    MovementKind.REFUND: {
        "goods_back": _("The goods came back"),
        "wrong_sale": _("The sale was wrong"),
    },
}
"""Why cash moved, as the forms list it; each form also has "other", with a note."""

MOVEMENT_REASON: dict[str, str] = {
    "other": _("Another reason"),
    "given_up": _("Sale given up before it was paid in full"),
    **{word: text for listed in MOVEMENT_REASONS.values() for word, text in listed.items()},
}

DISCOUNT_REASON: dict[str, str] = {
    "regular": _("A regular customer"),
    "promotion": _("An offer of the shop"),
    "damaged": _("Something is damaged"),
    "staff": _("Our own people"),
    "other": _("Another reason, written below"),
}
"""Why something was taken off a price, as the form lists it."""

ROLE: dict[Role, Words] = {
    Role.CASHIER: _("Cashier"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.MANAGER: _("Manager"),
    Role.OWNER: _("Owner"),
    Role.AUDITOR: _("Auditor"),
}
"""What each role is called."""

TENDER: dict[str, str] = {
    "Cash": _("Cash"),
    "KHQR": "KHQR",
    "KHQR, marked by hand": _("KHQR, marked by hand"),
}
"""Each tender as a stored receipt names it, to be said in the reader's language."""

OVER_REASON: dict[str, str] = {
    "wrong_change": _("Wrong change was given"),
    "not_typed": _("Something was not typed in"),
    "unknown": _("Nobody knows"),
    "other": _("Another reason, written below"),
}
"""Why a count was off by more than the limit, as the form lists it."""

RECOUNT_REASON: dict[str, str] = {
    "not_counted": _("Nobody counted at the close"),
    "counted_wrong": _("The count at the close was wrong"),
    "found_later": _("Cash was found, or missed, later"),
    "other": _("Another reason, written below"),
}
"""Why a drawer was counted after its shift was closed, as the form lists it."""

DISPUTE_KIND: dict[DisputeKind, str] = {
    DisputeKind.NOT_CONFIRMED: _("Paid, but not confirmed"),
    DisputeKind.PAID_TWICE: _("Paid twice"),
    DisputeKind.WRONG_AMOUNT: _("A wrong amount"),
    DisputeKind.GOODS: _("The goods"),
    DisputeKind.OTHER: _("Something else"),
}
"""What a dispute is about."""

DISPUTE_STATUS: dict[DisputeStatus, tuple[str, str]] = {
    DisputeStatus.OPEN: (_("Open"), "waiting"),
    DisputeStatus.REFUNDED: (_("Refunded"), "paid"),
    DisputeStatus.MONEY_FOUND: (_("Money found"), "paid"),
    DisputeStatus.REJECTED: (_("Rejected"), "quiet"),
    DisputeStatus.WITHDRAWN: (_("Withdrawn"), "quiet"),
}
"""Each state of a dispute as a word and its tone."""

DISPUTE_END: dict[DisputeStatus, tuple[str, str]] = {
    DisputeStatus.REFUNDED: (_("Refunded"), _("The refund must be in the books.")),
    DisputeStatus.MONEY_FOUND: (_("Money found"), _("The bank has reported the payment.")),
    DisputeStatus.REJECTED: (_("Rejected"), _("Nothing bears the claim out.")),
    DisputeStatus.WITHDRAWN: (_("Withdrawn"), _("The customer does not ask any more.")),
}
"""Each end of a dispute as the form offers it, and what goes with it."""

DISPUTE_DEED: dict[DisputeDeed, str] = {
    DisputeDeed.OPENED: _("Opened"),
    DisputeDeed.EVIDENCE: _("Evidence"),
    DisputeDeed.LINKED: _("Payment found"),
    DisputeDeed.ENDED: _("Ended"),
}
"""Each line of a dispute's history."""

ALONE = _("without a second person")
"""Stands beside who agreed to a refund by hand that nobody else agreed to."""

REFUND_PROOF: dict[RefundProof, tuple[str, str]] = {
    RefundProof.UNPROVEN: (_("Not proven yet"), "waiting"),
    RefundProof.PROVEN: (_("Proven by the bank"), "paid"),
    RefundProof.DENIED: (_("The transfer is another one"), "problem"),
}
"""What the bank says of a refund by hand, as a word and its tone."""
