"""Refunds as the screens show them: what went back, what is open, what may still go back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select

from pos.errors import NotFound
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.models import GatewayTransaction, Payment, Refund
from pos.money import Money
from pos.reports import wording
from pos.reports.closing.exceptions import Tills
from pos.reports.remembered import again
from pos.states import (
    PROOF_MOVES,
    REFUND_CALLS,
    REFUND_OPEN,
    RefundKind,
    RefundProof,
    RefundStatus,
)
from pos.words import _

_HASHES = (8, 64)
"""Lengths of the references by which a bank finds a transfer: a receipt's code, a hash."""

LISTED = 100
OFFERED = 20
"""How many refunds, and how many payments to refund, the list shows, newest first."""


@dataclass(frozen=True, kw_only=True)
class RefundView:
    """One refund; `reason` is the form's word for it."""

    id: int
    tran_id: str
    till_id: int
    till_name: str
    sale_number: int
    amount: Money
    kind: RefundKind
    kind_text: str
    status: RefundStatus
    status_text: str
    tone: str
    at: datetime
    reason: str
    note: str
    reference: str
    asked_by: str
    approved_by: str
    says: str
    trouble_text: str
    looked_at: datetime | None
    proof: RefundProof | None
    proof_text: str
    proof_tone: str
    can_prove: bool
    can_retype: bool
    """Another transfer may be typed, if the bank bears it out."""
    wrong_references: tuple[str, ...]
    is_denied: bool
    """The bank shows another transfer, and nobody has looked into it yet."""
    is_alone: bool
    denial_note: str
    denial_noted_by: str
    denial_noted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class MoneyView:
    """Money of a payment, what is left of it, and in which words it can go back."""

    money_id: int
    tran_id: str
    till_id: int
    till_name: str
    sale_number: int
    paid: Money
    left: Money
    payer: str
    at: datetime
    status_text: str
    is_by_hand: bool
    deed_text: str
    refunds: tuple[RefundView, ...]


_CALLS = or_(
    Refund.status.in_(REFUND_CALLS),
    and_(Refund.proof == RefundProof.DENIED, Refund.denial_noted_at.is_(None)),
)
"""Whether a refund calls for a person: its end is open, or the bank denies it."""


def _is_denied(row: Refund) -> bool:
    return row.proof is RefundProof.DENIED and row.denial_noted_at is None


def _can_retype(row: Refund) -> bool:
    is_open = row.proof is not None and RefundProof.PROVEN in PROOF_MOVES[row.proof]
    return is_open and row.status is RefundStatus.DONE


def _calls(row: Refund) -> bool:
    return row.status in REFUND_CALLS or _is_denied(row)


def deed_text(gateway: str) -> str:
    """Return what the button says: whether the gateway gives back, or a person has to."""
    return _("Refund") if capabilities_of(gateway).can_refund else _("Record a manual refund")


def gone_text(money: GatewayTransaction) -> str:
    """Return how much of this money has gone back and what is left, "" where none has."""
    if money.left == money.amount:
        return ""
    query = select(func.count(Refund.id)).where(
        Refund.transaction_id == money.id, Refund.status.in_(REFUND_OPEN)
    )
    gone, left = money.amount - money.left, money.left
    if db.session.scalar(query):
        return _("%(gone)s being given back, %(left)s left.", gone=gone, left=left)
    return _("%(gone)s given back, %(left)s left.", gone=gone, left=left)


def of_tills(tills: Tills) -> tuple[RefundView, ...]:
    """Return the refunds of these tills, those that call for a person first, then the newest."""
    query = select(Refund).join(Payment, Payment.id == Refund.payment_id)
    mine = query.where(Payment.till_id.in_(tills))
    rows = db.session.scalars(mine.order_by(Refund.id.desc()).limit(LISTED)).all()
    rest = tuple(_view(row) for row in rows if not _calls(row))
    return calling(tills) + rest


def calling(tills: Tills) -> tuple[RefundView, ...]:
    """Return the refunds of these tills that call for a person, oldest first."""
    query = select(Refund).join(Payment, Payment.id == Refund.payment_id)
    mine = query.where(Payment.till_id.in_(tills), _CALLS)
    return tuple(_view(row) for row in db.session.scalars(mine.order_by(Refund.id)).all())


def count_open(tills: Tills) -> int:
    """Return how many refunds of these tills call for a person."""
    query = select(func.count(Refund.id)).where(
        _CALLS,
        Refund.payment_id.in_(select(Payment.id).where(Payment.till_id.in_(tills))),
    )
    return db.session.scalar(query) or 0


def find(tills: Tills, refund_id: int) -> RefundView:
    """Return one refund; NotFound, also where it is of another till."""
    row = db.session.get(Refund, refund_id, populate_existing=True)
    if row is None or row.payment.till_id not in set(db.session.scalars(tills)):
        raise NotFound(_("There is no such refund."))
    return _view(row)


def refundable(tills: Tills) -> tuple[MoneyView, ...]:
    """Return the newest money of these tills that paid a sale and may go back."""
    gone = GatewayTransaction.refunded_minor + GatewayTransaction.returned_minor
    query = _money(tills).where(
        GatewayTransaction.settles_sale_id.is_not(None),
        gone < GatewayTransaction.amount_minor,
    )
    rows = db.session.scalars(query.order_by(GatewayTransaction.id.desc()).limit(OFFERED))
    return tuple(_money_view(row) for row in rows.all())


def of_money(tills: Tills, money: GatewayTransaction | None) -> MoneyView:
    """Return money with its refunds; NotFound where there is none, or at another till."""
    if money is None or money.payment.till_id not in set(db.session.scalars(tills)):
        raise NotFound(_("There is no such payment."))
    return _money_view(money)


def _money(tills: Tills) -> Select[GatewayTransaction]:
    query = select(GatewayTransaction).join(Payment, Payment.id == GatewayTransaction.payment_id)
    return query.where(Payment.till_id.in_(tills))


def _money_view(money: GatewayTransaction) -> MoneyView:
    payment = money.payment
    query = select(Refund).where(Refund.transaction_id == money.id).order_by(Refund.id)
    return MoneyView(
        money_id=money.id,
        tran_id=payment.tran_id,
        till_id=payment.till_id,
        till_name=payment.till.name,
        sale_number=payment.sale.number,
        paid=money.amount,
        left=money.left,
        payer=money.payer,
        at=money.paid_at,
        status_text=wording.status_of(payment.status, payment.remark)[0],
        is_by_hand=not capabilities_of(money.gateway).can_refund,
        deed_text=deed_text(money.gateway),
        refunds=tuple(_view(row) for row in db.session.scalars(query)),
    )


def _view(row: Refund) -> RefundView:
    text, tone = wording.REFUND_STATUS[row.status]
    proof_text, proof_tone = wording.REFUND_PROOF[row.proof] if row.proof else ("", "")
    is_waiting = row.proof is RefundProof.UNPROVEN and row.status is RefundStatus.DONE
    return RefundView(
        id=row.id,
        tran_id=row.payment.tran_id,
        till_id=row.payment.till_id,
        till_name=row.payment.till.name,
        sale_number=row.payment.sale.number,
        amount=row.amount,
        kind=row.kind,
        kind_text=wording.REFUND_KIND[row.kind],
        status=row.status,
        status_text=text,
        tone=tone,
        at=row.ended_at or row.made_at,
        reason=row.reason,
        note=row.note,
        reference=row.reference,
        asked_by=row.asked_by.display_name if row.asked_by else "",
        approved_by=row.approved_by.display_name if row.approved_by else "",
        says=again(row.says),
        trouble_text=wording.trouble_text(row.trouble),
        looked_at=row.looked_at,
        proof=row.proof,
        proof_text=proof_text,
        proof_tone=proof_tone,
        is_denied=_is_denied(row),
        is_alone=row.is_alone,
        denial_note=row.denial_note,
        denial_noted_by=row.denial_noted_by.display_name if row.denial_noted_by else "",
        denial_noted_at=row.denial_noted_at,
        can_retype=_can_retype(row),
        wrong_references=tuple(row.wrong_references.splitlines()),
        can_prove=is_waiting and len(row.reference.strip()) in _HASHES,
    )
