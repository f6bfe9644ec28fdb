"""Refunds of outside sales, as other programs see them."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from pos.extensions import db
from pos.models import OutsidePart, OutsideSale, Payment, Refund


def _refunds(store_id: int) -> Select[Refund]:
    query = select(Refund).join(Payment, Payment.id == Refund.payment_id)
    query = query.join(OutsidePart, OutsidePart.sale_id == Payment.sale_id)
    query = query.join(OutsideSale, OutsideSale.id == OutsidePart.outside_id)
    return query.where(OutsideSale.store_id == store_id).options(joinedload(Refund.payment))


def page(store_id: int, *, customer: str, before: int | None, most: int) -> Sequence[Refund]:
    """Return the refunds of a store's outside sales, the newest first, from one on."""
    query = _refunds(store_id)
    if customer:
        query = query.where(OutsideSale.customer == customer)
    if before is not None:
        query = query.where(Refund.id < before)
    return db.session.scalars(query.order_by(Refund.id.desc()).limit(most)).all()


def one(store_id: int, refund_id: int) -> Refund | None:
    """Return one refund of a store's outside sales; None for any other."""
    return db.session.scalar(_refunds(store_id).where(Refund.id == refund_id))
