"""One payment as a page: what was asked for, what came, all that happened, its QR read again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Receipt, User
from pos.money import Money
from pos.reports import wording
from pos.reports.office import attention, payment_timeline, refunds
from pos.reports.office.payment_timeline import Step
from pos.reports.office.qr_fields import QrField, read_qr
from pos.reports.remembered import again
from pos.states import PaymentStatus, SaleStatus


@dataclass(frozen=True, kw_only=True)
class MoneyLine:
    """Money that the bank reported for it; `gone_text` says how much went back, "" if none."""

    amount: Money
    at: datetime
    payer: str
    receiver: str
    reference: str
    bank_reference: str
    settles: bool
    gone_text: str


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """All of one payment. `qr_fields` are tag, name and value; none where there is no KHQR."""

    tran_id: str
    sale_id: int
    sale_number: int
    till_name: str
    cashier_name: str
    gateway: str
    account: str
    note: str
    amount: Money
    status_text: str
    tone: str
    remark_text: str
    trouble_text: str
    made_at: datetime
    expires_at: datetime
    lookup: str
    money: tuple[MoneyLine, ...]
    steps: tuple[Step, ...]
    qr_string: str
    is_awaiting: bool
    qr_fields: tuple[QrField, ...]
    qr_problem: str
    refund_text: str
    """What the button to give its money back says, "" where no money settled the sale."""
    is_sale_paid: bool
    receipt_number: int
    needs_attention: bool


def of_payment(payment: Payment, viewer: User) -> PaymentView:
    """Return the page of one payment, as this person may see it."""
    text, tone = wording.status_of(payment.status, payment.remark)
    query = select(GatewayTransaction).where(GatewayTransaction.payment_id == payment.id)
    money = list(db.session.scalars(query.order_by(GatewayTransaction.id)))
    fields, problem = read_qr(payment.qr_string or "")
    settled = any(one.settles_sale_id == payment.sale_id for one in money)
    return PaymentView(
        **_asked_for(payment),
        status_text=text,
        tone=tone,
        remark_text=wording.REMARK[payment.remark] if payment.remark else "",
        trouble_text=again(payment.trouble_says) or wording.trouble_text(payment.trouble),
        money=tuple(_money(one) for one in money),
        steps=payment_timeline.of_payment(payment),
        qr_string=payment.qr_string or "",
        is_awaiting=payment.status is PaymentStatus.AWAITING,
        qr_fields=fields,
        qr_problem=problem,
        refund_text=refunds.deed_text(payment.account.gateway) if settled else "",
        needs_attention=attention.of_payment(viewer, payment.tran_id) is not None,
    )


def _asked_for(payment: Payment) -> dict[str, Any]:
    """Return what stands on the page of the sale and its QR."""
    receipt = db.session.scalar(select(Receipt).where(Receipt.sale_id == payment.sale_id))
    return {
        "tran_id": payment.tran_id,
        "sale_id": payment.sale_id,
        "sale_number": payment.sale.number,
        "till_name": payment.till.name,
        "cashier_name": db.session.get_one(User, payment.sale.cashier_id).display_name,
        "gateway": payment.account.gateway,
        "account": payment.receiver or payment.account.account_id,
        "note": payment.sale.note,
        "amount": payment.amount,
        "made_at": payment.made_at,
        "expires_at": payment.expires_at,
        "lookup": payment.lookup or "",
        "is_sale_paid": payment.sale.status is SaleStatus.PAID,
        "receipt_number": receipt.number if receipt else 0,
    }


def _money(row: GatewayTransaction) -> MoneyLine:
    return MoneyLine(
        amount=row.amount,
        at=row.paid_at,
        payer=row.payer,
        receiver=row.receiver,
        reference=row.reference,
        bank_reference=row.bank_reference,
        settles=row.settles_sale_id is not None,
        gone_text=refunds.gone_text(row),
    )
