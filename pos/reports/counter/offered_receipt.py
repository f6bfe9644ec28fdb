"""The sale whose receipt a customer's display offers, once its result has been seen."""

from dataclasses import dataclass

from pos.extensions import db
from pos.models import Payment, Sale
from pos.money import Money
from pos.reports.counter import recent
from pos.reports.counter.glance import Glance
from pos.states import SaleStatus


@dataclass(frozen=True, kw_only=True)
class OfferedReceipt:
    """A paid sale, told so that its payer knows it again."""

    sale_id: int
    sale_number: int
    amount: Money


def of(glance: Glance, shown: Payment | None) -> OfferedReceipt | None:
    """Return what a display in the phase "receipt" offers: what was asked for, or the newest.

    `shown` is the payment that the screens of the till are about.
    """
    sale = db.session.get(Sale, _sale_id(glance, shown) or 0)
    if sale is None or sale.status is not SaleStatus.PAID:
        return None
    return OfferedReceipt(sale_id=sale.id, sale_number=sale.number, amount=sale.amount)


def _sale_id(glance: Glance, shown: Payment | None) -> int | None:
    if glance.receipt_sale_id is not None:
        return glance.receipt_sale_id
    after = shown.changed_at if shown else None
    cash = recent.cash_done(glance.shift_id, after=after) if glance.shift_id else None
    if cash is not None:
        return cash.sale_id
    return shown.sale_id if shown else None
