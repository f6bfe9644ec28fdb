"""By how much riel that were typed at the keypad were rounded to hundreds, over a shift's sales.

A sale counts once, with what settled it: its money from a bank, else its last cash.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import aliased

from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Sale, Tender
from pos.money import Currency, Money
from pos.states import SaleStatus

_Later = aliased(Tender)

BY_BANK = GatewayTransaction.settles_sale_id == Payment.sale_id
"""Whether money that a bank reported settled the sale of its payment."""


def by_cash() -> ColumnElement[bool]:
    """Whether a tender is the last of a sale that cash alone has paid."""
    from_bank = exists().where(GatewayTransaction.settles_sale_id == Sale.id)
    later = exists().where(_Later.sale_id == Sale.id, _Later.id > Tender.id)
    return (Sale.status == SaleStatus.PAID) & ~from_bank & ~later


def of_shift(shift_id: int) -> Money:
    """Return what rounding added to a shift's paid sales, in riel; below zero: took off."""
    total = func.coalesce(func.sum(Sale.rounding_minor), 0)
    bank = (
        select(total)
        .join(Payment, Payment.sale_id == Sale.id)
        .join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
        .where(Payment.paid_shift_id == shift_id, BY_BANK)
    )
    cash = select(total).join(Tender, Tender.sale_id == Sale.id)
    cash = cash.where(Tender.shift_id == shift_id, by_cash())
    return Money(_sum(bank) + _sum(cash), Currency.KHR)


def _sum(query: Select[Any]) -> int:
    return int(db.session.scalar(query) or 0)


def in_words(rounding: Money | None) -> str:
    """Return what a report says of it; "" where nothing was rounded, or nobody kept it."""
    if rounding is None or not rounding.minor:
        return ""
    return f"Riel typed at the keypad were rounded to hundreds, by {rounding} in all."
