"""The life of a sale: settled by money, or voided when the cashier gave it up."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Sale, Shift, Tender
from pos.money import Money
from pos.services.settling import payments
from pos.states import UNCLOSED, UNVERIFIED, PaymentStatus, SaleStatus

_PAYABLE_UNSEEN = UNVERIFIED | {PaymentStatus.CREATING, PaymentStatus.AWAITING}
"""Payments of a sale that keep it from being voided: their last word is still out."""

_TENDERS = select(Tender).where(Tender.sale_id == bindparam("sale_id")).order_by(Tender.id)
_IN_CASH = select(func.sum(Tender.settles_minor)).where(Tender.sale_id == bindparam("sale_id"))


def settle(sale: Sale, *, at: datetime) -> None:
    """Mark an open sale as paid, within the open transaction."""
    assert sale.status is SaleStatus.OPEN, "a sale is settled once"
    sale.status, sale.paid_at = SaleStatus.PAID, at


def is_settled_by_money(sale_id: int) -> bool:
    """Return whether money has settled a sale; a mark alone has not.

    That is money that a gateway reported, or cash for all of it.
    """
    query = select(GatewayTransaction.id).where(GatewayTransaction.settles_sale_id == sale_id)
    if db.session.scalar(query.limit(1)) is not None:
        return True
    sale = db.session.get_one(Sale, sale_id)
    return sale.amount_minor > 0 and rest_of(sale).minor == 0


def tenders_of(sale_id: int) -> tuple[Tender, ...]:
    """Return the cash that was taken for a sale, oldest first."""
    return tuple(db.session.scalars(_TENDERS, {"sale_id": sale_id}))


def rest_of(sale: Sale) -> Money:
    """Return what of a sale no cash has paid."""
    paid = db.session.scalar(_IN_CASH, {"sale_id": sale.id})
    return sale.amount - Money(int(paid or 0), sale.currency)


def void_if_given_up(sale: Sale) -> None:
    """Void a sale that its cashier cancelled, once no QR of it can still be paid unseen."""
    if sale.void_asked_at is None or sale.status is not SaleStatus.OPEN:
        return
    still_open = select(Payment.id).where(
        Payment.sale_id == sale.id, Payment.status.in_(_PAYABLE_UNSEEN)
    )
    if db.session.scalar(still_open.limit(1)) is None:
        sale.status = SaleStatus.VOIDED


def shift_for_money(till_id: int) -> int | None:
    """Return the till's shift that is not closed, in whose report money found now belongs.

    None while the till is closed; the next shift to open takes such money over.
    """
    return db.session.scalar(
        select(Shift.id).where(Shift.till_id == till_id, Shift.status.in_(UNCLOSED))
    )


def withdraw_other_qrs(paid: Payment, *, who: str) -> None:
    """Take back the QRs of a sale that another of its payments has just settled."""
    withdraw_qrs(paid.sale_id, who=who, but=paid.id)


def withdraw_qrs(sale_id: int, *, who: str, but: int | None = None) -> None:
    """Take back the QRs of a sale, but for one payment's, within the open transaction."""
    query = select(Payment).where(
        Payment.sale_id == sale_id,
        Payment.id != (but or 0),
        Payment.status.in_({PaymentStatus.AWAITING, PaymentStatus.FAILED}),
        Payment.expires_at > clock.now(),
    )
    for other in db.session.scalars(query).all():
        payments.move(other, PaymentStatus.CANCEL_REQUESTED, who=who)
