"""Which sales a shift has settled: by money that the bank reported in it, or by cash in full."""

from sqlalchemy import Integer, ScalarSelect, bindparam, func, select, union
from sqlalchemy.orm import aliased

from pos.models import GatewayTransaction, Payment, Sale, Tender
from pos.states import SaleStatus

_Other = aliased(Tender)


def _of_sale(figure: object) -> ScalarSelect[int]:
    query = select(figure).where(_Other.sale_id == Tender.sale_id)  # type: ignore[call-overload]
    return query.correlate(Tender).scalar_subquery()  # type: ignore[no-any-return]


SETTLES = (
    Sale.status == SaleStatus.PAID,
    Tender.id == _of_sale(func.max(_Other.id)),
    Sale.amount_minor == _of_sale(func.sum(_Other.settles_minor)),
)
"""Conditions on a tender joined with its sale: it was the cash that settled it."""

BY_BANK = GatewayTransaction.settles_sale_id == Payment.sale_id
"""Whether money that a bank reported settled the sale of its payment."""


_SHIFT = bindparam("shift_id", type_=Integer)
_BY_MONEY = (
    select(Payment.sale_id)
    .join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
    .where(Payment.paid_shift_id == _SHIFT)
    .where(BY_BANK)
)
_BY_CASH = (
    select(Tender.sale_id)
    .join(Sale, Sale.id == Tender.sale_id)
    .where(Tender.shift_id == _SHIFT, *SETTLES)
)
_SAME_BY_MONEY = _BY_MONEY.where(Payment.sale_id == Tender.sale_id).correlate(Tender)

OF_SHIFT = union(_BY_MONEY, _BY_CASH)
"""The ids of the sales that a shift, `shift_id`, has settled, each once.

It starts at what an index finds by the shift, and never at all sales.
"""

BY_CASH_ALONE = _BY_CASH.where(~_SAME_BY_MONEY.exists())
"""The ids of those that no money settled in this shift."""
