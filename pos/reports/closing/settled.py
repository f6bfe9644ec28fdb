"""Which sales a shift has settled: by money that the bank reported in it, or by cash in full."""

from sqlalchemy import CompoundSelect, ScalarSelect, Select, func, select, union
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


def of_shift(shift_id: int) -> CompoundSelect[tuple[int]]:
    """Return a query of the ids of the sales that a shift has settled, each once.

    It starts at what an index finds by the shift, and never at all sales.
    """
    return union(_by_money(shift_id), _by_cash(shift_id))


def by_cash_alone(shift_id: int) -> Select[int]:
    """Return a query of those that no money settled in this shift."""
    money = _by_money(shift_id).where(Payment.sale_id == Tender.sale_id).correlate(Tender)
    return _by_cash(shift_id).where(~money.exists())


def _by_money(shift_id: int) -> Select[int]:
    return (
        select(Payment.sale_id)
        .join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
        .where(Payment.paid_shift_id == shift_id)
        .where(BY_BANK)
    )


def _by_cash(shift_id: int) -> Select[int]:
    return (
        select(Tender.sale_id)
        .join(Sale, Sale.id == Tender.sale_id)
        .where(Tender.shift_id == shift_id, *SETTLES)
    )
