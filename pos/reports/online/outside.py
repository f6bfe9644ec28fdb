"""Outside sales and their payments, as other programs see them."""

import uuid
from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from pos.extensions import db
from pos.models import Instalment, OutsidePart, OutsideSale, Payment, Plan, Sale
from pos.models.payment import WITH_SHOP
from pos.states import PaymentStatus, SaleStatus

_NAMES = uuid.UUID("6f0f5a0e-3a52-5c0f-9d6f-5f6b7a1d2c11")


class Word(StrEnum):
    """The four states of a payment that the outside knows."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"


_P = PaymentStatus
_WORDS = {
    _P.CREATING: Word.PENDING,
    **dict.fromkeys((_P.AWAITING, _P.EXPIRING, _P.CANCEL_REQUESTED), Word.PROCESSING),
    _P.PAID: Word.COMPLETED,
}


def word_of(status: PaymentStatus) -> Word:
    """Return which of the four words a state is; what is none of the first three has failed."""
    return _WORDS.get(status, Word.FAILED)


def uuid_of(payment: Payment) -> str:
    """Return a payment's uuid, which its number makes: the same one each time."""
    return str(uuid.uuid5(_NAMES, payment.tran_id))


def is_paid(outside_id: int) -> bool:
    """Return whether an outside sale is paid: with a plan, whether each of its parts is."""
    parts = (
        select(func.count(Instalment.id))
        .join(Plan, Plan.id == Instalment.plan_id)
        .where(Plan.outside_id == outside_id)
    )
    paid = func.count(func.coalesce(OutsidePart.instalment_id, 0).distinct())
    query = (
        select(paid, parts.scalar_subquery())
        .select_from(OutsidePart)
        .join(Sale, OutsidePart.sale_id == Sale.id)
        .where(OutsidePart.outside_id == outside_id, Sale.status == SaleStatus.PAID)
    )
    are_paid, wanted = db.session.execute(query).one()
    return bool(are_paid >= max(1, wanted))


def _payments() -> Select[Payment]:
    query = select(Payment).join(OutsidePart, OutsidePart.sale_id == Payment.sale_id)
    return query.options(*WITH_SHOP, joinedload(Payment.sale))


def newest_payment(outside_id: int, instalment_id: int | None = None) -> Payment | None:
    """Return the last attempt to collect an outside sale; one that is paid comes first.

    Of a sale in parts that is the last part that anybody began to pay, or the one that is named.
    """
    query = _payments().where(OutsidePart.outside_id == outside_id)
    if instalment_id is not None:
        query = query.where(OutsidePart.instalment_id == instalment_id)
    part = func.coalesce(OutsidePart.instalment_id, 0)
    order = part.desc(), (Payment.status == PaymentStatus.PAID).desc(), Payment.id.desc()
    fresh = query.execution_options(populate_existing=True)
    return db.session.scalar(fresh.order_by(*order).limit(1))


def payment_of(store_id: int, *, tran_id: str = "", lookup: str = "") -> Payment | None:
    """Return a payment of an outside sale of a store, by our number or by its MD5."""
    this = Payment.tran_id == tran_id if tran_id else Payment.lookup == lookup
    query = _payments().join(OutsideSale, OutsideSale.id == OutsidePart.outside_id)
    return db.session.scalar(query.where(this, OutsideSale.store_id == store_id))


def payment_of_any_store(lookup: str) -> Payment | None:
    """Return the payment of an outside sale by its MD5, whichever store's: for hints alone."""
    return db.session.scalar(_payments().where(Payment.lookup == lookup))


def outside_of(payment: Payment) -> OutsideSale:
    """Return the outside sale that a payment is to pay."""
    query = select(OutsideSale).join(OutsidePart, OutsidePart.outside_id == OutsideSale.id)
    return db.session.scalars(query.where(OutsidePart.sale_id == payment.sale_id)).one()


def page_of_sales(
    store_id: int, *, customer: str, before: int | None, most: int
) -> Sequence[OutsideSale]:
    """Return a store's outside sales, the newest first, from one on; of one customer, if named."""
    query = select(OutsideSale).where(OutsideSale.store_id == store_id)
    if customer:
        query = query.where(OutsideSale.customer == customer)
    if before is not None:
        query = query.where(OutsideSale.id < before)
    return db.session.scalars(query.order_by(OutsideSale.id.desc()).limit(most)).all()


def page_of_payments(
    store_id: int, *, customer: str, before: int | None, most: int, gateway: str = ""
) -> Sequence[Payment]:
    """Return the payments of a store's outside sales, the newest first, from one on."""
    query = _payments().join(OutsideSale, OutsideSale.id == OutsidePart.outside_id)
    query = query.where(OutsideSale.store_id == store_id)
    if customer:
        query = query.where(OutsideSale.customer == customer)
    if gateway:
        query = query.where(Payment.account.has(gateway=gateway))
    if before is not None:
        query = query.where(Payment.id < before)
    return db.session.scalars(query.order_by(Payment.id.desc()).limit(most)).all()
