"""Which payment the screens of a till are about."""

from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload

from pos.extensions import db
from pos.models import Payment, Sale, Till
from pos.models.payment import WITH_SHOP
from pos.states import PaymentStatus, SaleStatus


def of_till(till_id: Any) -> ScalarSelect[int]:
    """Return, as a subquery, the id of the payment that a till's screens show; none yet: NULL.

    It is the newest, but for a QR taken back because an older one of its sale was paid: then
    the screens must tell of the money, not of the QR. `till_id` is a number or a column.
    """
    one, sale = aliased(Payment), aliased(Sale)
    tells = or_(
        one.status == PaymentStatus.PAID,
        one.remark.is_not(None),
        sale.status != SaleStatus.PAID,
    )
    return (
        select(one.id)
        .join(sale, sale.id == one.sale_id)
        .where(one.till_id == till_id, tells)
        .order_by(one.id.desc())
        .limit(1)
        .correlate(Till)
        .scalar_subquery()
    )


def shown(till_id: int) -> Payment | None:
    """Return that payment with its sale and its shop, or None while there is none."""
    return db.session.scalar(_shown(), {"till": till_id})


@cache
def _shown() -> Select[Payment]:
    """Select it for a `till` to be named; made once, for it costs more than its answer."""
    query = select(Payment).where(Payment.id == of_till(bindparam("till")))
    return query.options(joinedload(Payment.sale), *WITH_SHOP)
