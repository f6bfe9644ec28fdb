"""What a form about a dispute must say, and which ends the books bear out."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from pos import clock
from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.models import CashMovement, Dispute, GatewayTransaction, Payment, Refund, Resolution
from pos.money import Money
from pos.services.refunding.refund_moves import NOT_OURS
from pos.states import (
    DISPUTE_MOVES,
    DISPUTE_NEEDS_PAYMENT,
    DisputeKind,
    DisputeStatus,
    MovementKind,
    RefundStatus,
    ResolutionKind,
)
from pos.words import _

MOST_TEXT = 500
LEAST_TEXT = 3
MOST_REFERENCE = 128
MOST_DIGITS = 8

_JOINERS = dict.fromkeys((0x0A, 0x0D, 0x200B, 0x200C, 0x200D))
"""Ends of lines, and the signs between Khmer words: they do not print, and may stand in a text."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a customer says; `key` is the form's, so that it opens one dispute.

    `paid_at` and `payer_digits` are what they know of their transfer, if anything.
    """

    till_id: int
    payment_id: int | None
    kind: DisputeKind
    amount: Money
    says: str
    key: str
    opened_by_id: int
    paid_at: datetime | None = None
    payer_digits: str = ""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One thing brought forward; `payment_id` where it says which payment is meant."""

    text: str
    by_id: int
    reference: str = ""
    payment_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class End:
    """How a dispute ends, why, who asked for it and which manager agreed."""

    status: DisputeStatus
    why: str
    asked_by_id: int
    approved_by_id: int


def refuse_bad(claim: Claim) -> None:
    """Raise BadInput for a claim that cannot be."""
    if not 16 <= len(claim.key) <= 64 or not (claim.key.isascii() and claim.key.isprintable()):
        raise BadInput(_("This form is not complete. Reload the page and try again."))
    if claim.amount.minor <= 0:
        raise BadInput(_("Type the amount that the customer paid."))
    digits = claim.payer_digits
    if digits and not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= MOST_DIGITS):
        raise BadInput(_("Type the last 2 to 8 digits of the payer's account."))
    if claim.paid_at is not None and claim.paid_at > clock.now():
        raise BadInput(_("The time of the payment lies ahead."))
    if claim.payment_id is None and claim.paid_at is None:
        raise BadInput(_("Say about when the customer paid."))
    refuse_bad_text(claim.says)


def refuse_bad_text(text: str) -> None:
    """Raise BadInput for a text that says nothing, is too long, or has signs that do not print."""
    if len(text.strip()) < LEAST_TEXT:
        raise BadInput(_("Write down what is known, in a few words."))
    _refuse_unprintable(text, MOST_TEXT)


def refuse_bad_evidence(evidence: Evidence) -> None:
    """Raise BadInput for evidence that cannot be written down."""
    refuse_bad_text(evidence.text)
    _refuse_unprintable(evidence.reference, MOST_REFERENCE)


def _refuse_unprintable(text: str, most: int) -> None:
    if len(text) > most or not text.translate(_JOINERS).isprintable():
        raise BadInput(
            _(
                "A text has %(most)s characters at most, and no signs that do not print.",
                most=most,
            )
        )


def refuse_bad_end(dispute: Dispute, status: DisputeStatus, why: str) -> None:
    """Raise Refused for an end that this dispute cannot have, or that the books do not bear out.

    AlreadyDecided where it has ended.
    """
    if not DISPUTE_MOVES[dispute.status]:
        raise AlreadyDecided(_("This dispute has ended. Somebody else was quicker."))
    if status not in DISPUTE_MOVES[dispute.status]:
        raise BadInput(_("Choose how it ends."))
    refuse_bad_text(why)
    if status not in DISPUTE_NEEDS_PAYMENT:
        return
    if dispute.payment_id is None:
        raise Refused(_("Say first which payment it is about: add its number as evidence."))
    payment = db.session.get_one(Payment, dispute.payment_id)
    if status is DisputeStatus.REFUNDED and not _went_back(payment):
        raise Refused(_("Nothing of this payment has gone back yet. Give it back first."))
    if status is DisputeStatus.MONEY_FOUND and not _is_here(payment):
        raise Refused(_("The bank has reported no money for this payment."))


def _went_back(payment: Payment) -> bool:
    by_bank = select(Refund.id).where(
        Refund.payment_id == payment.id, Refund.status == RefundStatus.DONE
    )
    in_cash = select(CashMovement.id).where(
        CashMovement.sale_id == payment.sale_id, CashMovement.kind == MovementKind.REFUND
    )
    decided = select(Resolution.id).where(
        Resolution.payment_id == payment.id, Resolution.kind == ResolutionKind.REFUNDED
    )
    return any(db.session.scalar(select(exists(one))) for one in (by_bank, in_cash, decided))


def _is_here(payment: Payment) -> bool:
    if payment.remark in NOT_OURS:
        return False
    money = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == payment.id)
    return bool(db.session.scalar(select(exists(money))))
