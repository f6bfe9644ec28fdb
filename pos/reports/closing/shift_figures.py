"""What a shift comes to: the figures of an X and of a Z report, read by the same code."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, type_coerce

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Merchant, Payment, Shift, Store, Till, User
from pos.money import Currency, Money
from pos.reports import wording
from pos.reports.closing import (
    cash_part,
    exceptions,
    held_money,
    marked,
    qr_health,
    refund_part,
    settled_part,
    shift_payments,
)
from pos.reports.closing.drawer import CashPart
from pos.reports.closing.exceptions import MoneyException
from pos.reports.closing.held_money import HeldMoney
from pos.reports.closing.last_told import Last
from pos.reports.closing.marked import MarkedTotal, MarkLine
from pos.reports.closing.qr_health import Health
from pos.reports.closing.refund_part import RefundPart
from pos.reports.closing.settled_part import DiscountTotal, TipTotal
from pos.reports.closing.shift_payments import CURRENCIES, Row
from pos.states import UNVERIFIED, PaymentStatus, Remark
from pos.version import __version__


@dataclass(frozen=True, kw_only=True)
class TenderTotal:
    """What came in by one tender, gateway and currency. Currencies are never added."""

    tender: str
    gateway: str
    currency: Currency
    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class OpenItem:
    """A QR whose last word is still out."""

    sale_number: int
    amount: Money
    status_text: str


@dataclass(frozen=True, kw_only=True)
class PaymentLine:
    """One payment that was received in the shift."""

    sale_number: int
    at: datetime
    amount: Money
    tran_id: str
    payer: str
    bank_reference: str
    short_hash: str
    status_text: str


@dataclass(frozen=True, kw_only=True)
class ShiftView:
    """What an X and a Z report both tell. What has a default came later than the first reports."""

    merchant_name: str
    store_name: str
    till_name: str
    opened_at: datetime
    opened_by: str
    business_day: date
    version: str
    written_at: datetime
    floats: tuple[Money, ...]
    totals: tuple[TenderTotal, ...]
    health: Health
    exceptions: tuple[MoneyException, ...]
    unverified: tuple[OpenItem, ...]
    payments: tuple[PaymentLine, ...]
    marked: tuple[MarkedTotal, ...] = ()
    marks: tuple[MarkLine, ...] = ()
    cash: CashPart | None = None
    """None in the reports of before cash was counted."""
    refunds: RefundPart | None = None
    keyed_rounding: Money | None = None
    discounts: tuple[DiscountTotal, ...] = ()
    tips: tuple[TipTotal, ...] = ()
    held_money: HeldMoney | None = None


_SHIFT = bindparam("shift_id", type_=Integer)
_NAMES = (
    select(Merchant.name.label("merchant_name"), Store.name.label("store_name"))
    .add_columns(Till.name.label("till_name"), User.display_name.label("opened_by"))
    .select_from(Shift)
    .join(Till, Till.id == Shift.till_id)
    .join(Store, Store.id == Till.store_id)
    .join(Merchant, Merchant.id == Store.merchant_id)
    .join(User, User.id == Shift.cashier_id)
    .where(Shift.id == _SHIFT)
)
# By their status, which few have, and not by the till, which may have a million.
_AT_TILL = Payment.till_id + 0 == bindparam("till_id", type_=Integer)
_UNVERIFIED = select(Payment).where(_AT_TILL, Payment.status.in_(UNVERIFIED)).order_by(Payment.id)


def of_shift(shift: Shift, told: Last | None = None) -> dict[str, Any]:
    """Return the value of each field of `ShiftView`, as the books say now.

    `told` is how far the till's report before told, where it was read already.
    """
    marks, rows = marked.of_shift(shift), shift_payments.of_shift(shift.id)
    return {
        **db.session.execute(_NAMES, {"shift_id": shift.id}).one()._asdict(),
        "opened_at": shift.opened_at,
        "business_day": shift.business_date,
        "version": __version__,
        "written_at": clock.now(),
        "floats": shift.floats,
        "totals": _sums(rows.settled),
        "health": qr_health.of(rows.made),
        "exceptions": exceptions.of_shift(shift, told),
        "unverified": unverified(shift.till_id),
        "payments": tuple([_line(row) for row in rows.settled]),
        "marked": marked.totals(marks),
        "marks": marks,
        "cash": cash_part.of_shift(shift),
        "refunds": refund_part.of_shift(shift),
        "held_money": held_money.of_shift(shift),
        **vars(settled_part.of_rows(shift.id, rows.settled)),
    }


def totals(shift_ids: Iterable[int]) -> dict[int, tuple[TenderTotal, ...]]:
    """Return for each of these shifts what it has taken so far; none for one with nothing."""
    of = type_coerce(Payment.paid_shift_id, Integer)
    kind = GatewayTransaction.gateway, GatewayTransaction.currency
    query = (
        select(of, *kind, func.count(), func.sum(GatewayTransaction.amount_minor))
        .join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
        .where(of.in_(shift_ids), GatewayTransaction.settles_sale_id == Payment.sale_id)
        .group_by(of, *kind)
        .order_by(of, *kind)
    )
    found: dict[int, tuple[TenderTotal, ...]] = {}
    for shift_id, gateway, currency, count, minor in db.session.execute(query):
        one = _total(gateway, currency, count, int(minor))
        found[shift_id] = (*found.get(shift_id, ()), one)
    return found


def _total(gateway: str, currency: Currency, count: int, minor: int) -> TenderTotal:
    return TenderTotal(
        tender="KHQR",
        gateway=gateway,
        currency=currency,
        count=count,
        amount=Money(minor, currency),
    )


def unverified(till_id: int) -> tuple[OpenItem, ...]:
    """Return the QRs of a till that were given up and whose last word is out."""
    found = db.session.scalars(_UNVERIFIED, {"till_id": till_id})
    return tuple(open_item(payment) for payment in found)


def open_item(payment: Payment) -> OpenItem:
    """Return a payment as a line of things still open."""
    text, _ = wording.status_of(payment.status, payment.remark)
    return OpenItem(sale_number=payment.sale.number, amount=payment.amount, status_text=text)


def _sums(money: list[Row]) -> tuple[TenderTotal, ...]:
    """Sum the lines of a report, so that it cannot tell another total than they make."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in money:
        found[row.gateway, row.currency].append(row.minor)
    return tuple(
        _total(gateway, CURRENCIES[currency], len(some), sum(some))
        for (gateway, currency), some in sorted(found.items())
    )


def _line(row: Row) -> PaymentLine:
    return PaymentLine(
        sale_number=row.sale_number,
        at=row.at,
        amount=Money(row.minor, CURRENCIES[row.currency]),
        tran_id=row.tran_id,
        payer=row.payer,
        bank_reference=row.bank_reference,
        short_hash=row.short_hash,
        status_text=_status_text(row.status, row.remark),
    )


@cache
def _status_text(status: str, remark: str | None) -> str:
    return wording.status_of(PaymentStatus(status), Remark(remark) if remark else None)[0]
