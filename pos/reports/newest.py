"""Which payment the screens of a till are about."""

from typing import Any

from sqlalchemy import ScalarSelect, or_, select
from sqlalchemy.orm import aliased

from pos.models import Payment, Sale, Till
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
