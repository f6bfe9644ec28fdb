"""Money that arrived: booked once, compared with what was asked for, and put in its place.

Money is never refused by a state. It settles the sale where everything fits; otherwise it
keeps its row and the payment gets a remark that a person must look at.
"""

import logging
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select

from pos import clock
from pos.extensions import db, settings
from pos.gateways.base import PaidFacts, Trouble
from pos.models import GatewayTransaction, Payment
from pos.services.backups import gap
from pos.services.bookkeeping import corrections
from pos.services.reconciling import returned
from pos.services.selling import sales
from pos.services.settling import attention, marks, payments, proofs
from pos.states import MARKS, WATCHED, PaymentStatus, Remark, SaleStatus

log = logging.getLogger(__name__)

_P = PaymentStatus

_UNDECIDED = frozenset({_P.AWAITING, _P.FAILED, _P.EXPIRING, _P.CANCEL_REQUESTED})
"""States that money still moves; in the others it can only be remarked upon, or settle late."""

_BOOKED = select(GatewayTransaction).where(
    GatewayTransaction.gateway == bindparam("of_gateway"),
    GatewayTransaction.reference == bindparam("of_reference"),
)


def receive(payment: Payment, facts: PaidFacts, *, who: str) -> Trouble | None:
    """Book the money and settle or mark; return why the report cannot be believed, if so.

    Works inside the open transaction. Telling of the same money again changes nothing.
    """
    if not proofs.is_believable(facts, payment.made_at, clock.now()):
        if not _is_stubborn(payment, facts):
            return Trouble.GARBLED
    if not proofs.is_in_hand(facts):
        return Trouble.OTHER
    known = _transaction(payment.account.gateway, facts.reference)
    if known is not None and known.payment_id == payment.id:
        returned.hear(known, facts.refunded, who=who)
        return None
    if known is not None:
        return _claimed_twice(payment, facts)
    transaction = _book(payment, facts)
    _place(payment, transaction, facts, who)
    return None


def _is_stubborn(payment: Payment, facts: PaidFacts) -> bool:
    """Return whether the bank keeps to a time that will never fit: a person must decide then.

    It has said so twice, the last time after the QR's end; the next answer would be no better.
    """
    said_before = payment.trouble == Trouble.GARBLED
    asked_at = payment.asked_at or payment.made_at
    is_over = asked_at >= payments.decisive_from(payment)
    return said_before and is_over and proofs.never_fits(facts, payment.made_at, clock.now())


def _transaction(gateway: str, reference: str) -> GatewayTransaction | None:
    return db.session.scalar(_BOOKED, {"of_gateway": gateway, "of_reference": reference})


def _claimed_twice(payment: Payment, facts: PaidFacts) -> Trouble | None:
    """One piece of money cannot belong to two payments; the first keeps it.

    For a QR that was given up that is an answer: its late money settled another sale, by its
    receipt. One that waits is asked about again.
    """
    if payment.status in WATCHED:
        return None
    log.error("transaction %s reported for a second payment, %s", facts.reference, payment.tran_id)
    return Trouble.GARBLED


def _book(payment: Payment, facts: PaidFacts) -> GatewayTransaction:
    row = GatewayTransaction(
        payment_id=payment.id,
        gateway=payment.account.gateway,
        reference=facts.reference,
        amount_minor=facts.amount.minor,
        currency=facts.amount.currency,
        payer=facts.payer,
        receiver=facts.receiver,
        bank_reference=facts.bank_reference,
        paid_at=facts.paid_at,
        confirmed_at=facts.confirmed_at,
        recorded_at=clock.now(),
        # What had gone back before is a remark of its own; what goes back later is news.
        returned_minor=facts.refunded.minor if facts.refunded else 0,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _place(payment: Payment, money: GatewayTransaction, facts: PaidFacts, who: str) -> None:
    """Settle the sale with the money, or say on the payment why it does not."""
    remark = _objection(payment, facts)
    told = _as_event(facts) | _as_restored(payment)
    if remark is None and payment.remark in MARKS:
        marks.confirm(payment, money, who=who, facts=told)
    elif remark is None:
        _settle(payment, money, facts, who, told)
    elif payment.status not in _UNDECIDED:
        payments.mark(payment, remark, who=who, facts=told)
    elif remark in (Remark.PAID_LATE, Remark.PAID_AFTER_CANCEL):
        _give_up(payment, who)
        payments.mark(payment, remark, who=who, facts=told)
    elif remark is Remark.DUPLICATE:
        payments.move(payment, _P.PAID, who=who, remark=remark, facts=told, paid_at=facts.paid_at)
    else:
        payments.move(payment, _P.MISMATCH, who=who, remark=remark, facts=told)


def _objection(payment: Payment, facts: PaidFacts) -> Remark | None:
    """Return why this money does not settle the sale, or None where it does."""
    wrong = proofs.wrong_money(facts, payment.amount, payment.receiver)
    if wrong is not None:
        return wrong
    if not proofs.is_believable(facts, payment.made_at, clock.now()):
        return Remark.ODD_TIME
    if payment.remark in MARKS and not sales.is_settled_by_money(payment.sale_id):
        return None
    # After wrong money a person decides; what comes then settles nothing by itself.
    if payment.sale.status is SaleStatus.PAID or payment.status is _P.MISMATCH:
        return Remark.DUPLICATE
    if payment.status is _P.CREATE_FAILED:
        # The bank made a QR after all, though we showed none; a person has to look at that.
        return Remark.PAID_LATE
    given_up = payment.status in (_P.CANCELLED, _P.CANCEL_REQUESTED)
    # Money that we know of was sent before now, whatever the gateway's clock says.
    sent_at = min(facts.paid_at, clock.now())
    too_late = sent_at > payment.expires_at + timedelta(seconds=settings().grace_seconds)
    if payment.sale.status is SaleStatus.VOIDED or (given_up and too_late):
        return Remark.PAID_AFTER_CANCEL
    return Remark.PAID_LATE if too_late else None


def _give_up(payment: Payment, who: str) -> None:
    """End a payment whose only money came too late: nothing was paid while the QR lived."""
    if payment.status is _P.AWAITING:
        payments.move(payment, _P.EXPIRING, who=who)
    if payment.status is _P.EXPIRING:
        payments.move(payment, _P.EXPIRED, who=who)
    elif payment.status is _P.CANCEL_REQUESTED:
        payments.move(payment, _P.CANCELLED, who=who)
    sales.void_if_given_up(payment.sale)


def _settle(
    payment: Payment,
    money: GatewayTransaction,
    facts: PaidFacts,
    who: str,
    told: dict[str, Any],
) -> None:
    """Mark payment and sale as paid by this money; withdraw the sale's other QRs."""
    learned_late = payment.status not in _UNDECIDED or clock.now() > payment.expires_at + timedelta(
        seconds=settings().grace_seconds
    )
    remark = Remark.LEARNED_LATE if learned_late else None
    sales.settle(payment.sale, at=facts.paid_at)
    money.settles_sale_id = payment.sale_id
    if attention.has_open_money(payment.id):
        remark = Remark.DUPLICATE
    payments.move(
        payment,
        _P.PAID,
        who=who,
        remark=remark,
        facts=told,
        paid_at=facts.paid_at,
        paid_shift_id=sales.shift_for_money(payment.till_id),
    )
    corrections.late_sale(payment, money)
    sales.withdraw_other_qrs(payment, who=who)


def _as_restored(payment: Payment) -> dict[str, Any]:
    """Mark money that the books may have known before a restore, and were told of once more."""
    restore = gap.restored_from(payment)
    return {"restored": restore.name} if restore is not None else {}


def _as_event(facts: PaidFacts) -> dict[str, Any]:
    return {
        "reference": facts.reference,
        "amount_minor": facts.amount.minor,
        "currency": str(facts.amount.currency),
        "payer": facts.payer,
        "receiver": facts.receiver,
        "paid_at": facts.paid_at.isoformat(),
    }
