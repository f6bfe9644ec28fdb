"""A payment called paid by hand while the bank cannot be asked, and what the bank says later.

The manager's word makes the sale paid, and books no money: no total of a tender has it. The
payment stays watched. Money that the bank then reports is booked as any other and settles the
sale; a late enough "not found" hands the payment to a person again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db, settings
from pos.gateways.base import Answer
from pos.models import GatewayTransaction, Mark, Payment
from pos.services.bookkeeping import corrections
from pos.services.selling import sales
from pos.services.settling import payments
from pos.states import CORRECTIONS, EventName, PaymentStatus, Remark, SaleStatus
from pos.words import _

LEAST_EVIDENCE = 4
MOST_TEXT = 500

REASONS = {
    "receipt_seen": _("The bank is down; I have seen the customer's receipt"),
    "statement_seen": _("I have seen the money in the bank's own app"),
    "other": _("Another reason, written below"),
}
"""Why a payment may be called paid by hand, as the form lists it."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for: the reason's word, the evidence, who asks and which manager agreed."""

    reason: str
    evidence: str
    asked_by_id: int
    approved_by_id: int


def refuse_bad(reason: str, evidence: str) -> None:
    """Raise BadInput for a reason that is not listed, or evidence that says nothing."""
    if reason not in REASONS:
        raise BadInput(_("Choose a reason."))
    if not LEAST_EVIDENCE <= len(evidence.strip()) <= MOST_TEXT or not evidence.isprintable():
        raise BadInput(_("Write down the evidence: the receipt's characters, or what was seen."))


def refuse_unfit(payment: Payment) -> None:
    """Raise Refused unless the bank cannot be asked about this payment and it may be marked."""
    if payment.status is PaymentStatus.PAID or payment.sale.status is SaleStatus.PAID:
        raise AlreadyDecided(_("This sale is already paid."))
    markable = CORRECTIONS[EventName.MARKED]
    if payment.status not in markable or payment.sale.status is not SaleStatus.OPEN:
        raise Refused(_("This payment is over. It cannot be marked as paid."))
    if payment.remark is not None:
        raise Refused(_("The bank has reported money for this payment. See Attention."))
    if not payment.trouble:
        raise Refused(_("The bank can be asked about this payment, so only the bank can say paid."))


def mark_paid(payment: Payment, wish: Wish, *, who: str) -> None:
    """Call a payment and its sale paid by a manager's word, in one commit.

    Refused unless the last question about it found the bank unable to answer.
    """
    refuse_bad(wish.reason, wish.evidence)
    with writing(db.session):
        payment = payments.retake(payment)
        refuse_unfit(payment)
        now = clock.now()
        db.session.add(_row(payment, wish, now))
        sales.settle(payment.sale, at=now)
        payments.move(
            payment,
            PaymentStatus.PAID,
            by=EventName.MARKED,
            who=who,
            remark=Remark.MARKED,
            facts={"reason": wish.reason, "evidence": wish.evidence.strip()},
            paid_at=now,
            paid_shift_id=sales.shift_for_money(payment.till_id),
        )
        sales.withdraw_other_qrs(payment, who=who)


def _row(payment: Payment, wish: Wish, now: datetime) -> Mark:
    return Mark(
        payment_id=payment.id,
        shift_id=sales.shift_for_money(payment.till_id),
        reason=wish.reason,
        evidence=wish.evidence.strip(),
        trouble=payment.trouble,
        asked_by_id=wish.asked_by_id,
        approved_by_id=wish.approved_by_id,
        at=now,
    )


def confirm(
    payment: Payment, money: GatewayTransaction, *, who: str, facts: dict[str, Any]
) -> None:
    """Let money settle the sale that was marked paid, inside the open transaction.

    From now on it counts where it was found, in the shift that is open, and the mark in no sum.
    """
    money.settles_sale_id = payment.sale_id
    payment.paid_at = money.paid_at
    payment.paid_shift_id = sales.shift_for_money(payment.till_id)
    payments.mark(payment, None, who=who, facts=facts, name=EventName.MARK_CONFIRMED)
    corrections.late_sale(payment, money)


def hear_denial(payment: Payment, answer: Answer, asked_at: datetime, who: str) -> None:
    """Hand a marked payment to a person where the bank, asked late enough, knows no money.

    Nobody is bothered where other money has settled the sale meanwhile.
    """
    late_enough = payment.expires_at + timedelta(seconds=settings().grace_seconds)
    if asked_at < max(late_enough, _of(payment.id).at):
        return
    said = {"outcome": str(answer.outcome), "code": answer.code}
    if sales.is_settled_by_money(payment.sale_id):
        payments.mark(payment, None, who=who, facts=said, name=EventName.MARK_CONFIRMED)
    else:
        payments.mark(payment, Remark.MARK_DENIED, who=who, facts=said, name=EventName.MARK_DENIED)


def _of(payment_id: int) -> Mark:
    return db.session.scalars(select(Mark).where(Mark.payment_id == payment_id)).one()
