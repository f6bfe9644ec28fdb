"""The shift report: what a Z says, gathered once when the shift closes, then only read."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from statistics import median, quantiles

from pydantic import TypeAdapter
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Sale, Shift
from pos.money import Currency, Money
from pos.reports import cash_part, exceptions, marked, refund_part, wording
from pos.reports.drawer import CashPart
from pos.reports.exceptions import MoneyException
from pos.reports.marked import MarkedTotal, MarkLine
from pos.reports.refund_part import RefundPart
from pos.states import MARKS, UNVERIFIED, PaymentStatus, ShiftStatus
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
class Health:
    """How well taking payments went; times are seconds from QR shown to money sent."""

    attempts: int
    paid: int
    expired: int
    cancelled: int
    failed: int
    median_seconds: float | None
    p95_seconds: float | None


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
class ZView:
    """All of one shift report. What has a default was added later than the first reports."""

    number: int
    merchant_name: str
    store_name: str
    till_name: str
    opened_at: datetime
    closed_at: datetime
    opened_by: str
    closed_by: str
    is_auto_closed: bool
    business_day: date
    version: str
    written_at: datetime
    floats: tuple[Money, ...]
    totals: tuple[TenderTotal, ...]
    health: Health
    exceptions: tuple[MoneyException, ...]
    unverified: tuple[OpenItem, ...]
    payments: tuple[PaymentLine, ...]
    last_money_id: int = 0
    last_denial_id: int = 0
    last_decision_id: int = 0
    """The newest of each at the till by then: the next report goes on from there."""
    marked: tuple[MarkedTotal, ...] = ()
    marks: tuple[MarkLine, ...] = ()
    cash: CashPart | None = None
    """None in the reports of before cash was counted."""
    refunds: RefundPart | None = None


@cache
def _adapter() -> TypeAdapter[ZView]:
    return TypeAdapter(ZView)


def to_json(view: ZView) -> str:
    """Return a report as the text that is stored for good."""
    return _adapter().dump_json(view).decode()


def from_json(body: str) -> ZView:
    """Return a stored report, exactly as it was written."""
    return _adapter().validate_json(body)


def gather(shift: Shift, number: int) -> ZView:
    """Return the report of a shift that has just been closed, under this number."""
    assert shift.closed_at is not None
    lines = _received(shift.id)
    attempts = _attempts(shift.id)
    marks = marked.of_shift(shift)
    last = exceptions.last_of(shift.till_id)
    return ZView(
        number=number,
        merchant_name=shift.till.store.merchant.name,
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        opened_at=shift.opened_at,
        closed_at=shift.closed_at,
        opened_by=shift.cashier.display_name,
        closed_by=shift.closed_by.display_name if shift.closed_by else "",
        is_auto_closed=shift.status is ShiftStatus.AUTO_CLOSED,
        business_day=shift.business_date,
        version=__version__,
        written_at=clock.now(),
        floats=shift.floats,
        totals=_totals(lines),
        health=_health(attempts),
        exceptions=exceptions.of_shift(shift),
        unverified=unverified(shift.till_id),
        payments=tuple(_line(payment, money) for payment, money in lines),
        last_money_id=last.money_id,
        last_denial_id=last.denial_id,
        last_decision_id=last.decision_id,
        marked=marked.totals(marks),
        marks=marks,
        cash=cash_part.of_shift(shift),
        refunds=refund_part.of_shift(shift),
    )


def totals(shift: Shift) -> tuple[TenderTotal, ...]:
    """Return what a shift has taken so far."""
    return _totals(_received(shift.id))


def unverified(till_id: int) -> tuple[OpenItem, ...]:
    """Return the QRs of a till that were given up and whose last word is out."""
    query = (
        select(Payment)
        .where(Payment.till_id == till_id, Payment.status.in_(UNVERIFIED))
        .order_by(Payment.id)
    )
    return tuple(open_item(payment) for payment in db.session.scalars(query))


def open_item(payment: Payment) -> OpenItem:
    """Return a payment as a line of things still open."""
    text, _ = wording.status_of(payment.status, payment.remark)
    return OpenItem(sale_number=payment.sale.number, amount=payment.amount, status_text=text)


_Received = list[tuple[Payment, GatewayTransaction]]


def _received(shift_id: int) -> _Received:
    """Read the money that settled sales in a shift, oldest first."""
    query = (
        select(Payment, GatewayTransaction)
        .join(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
        .where(
            Payment.paid_shift_id == shift_id,
            GatewayTransaction.settles_sale_id == Payment.sale_id,
        )
        .order_by(GatewayTransaction.id)
    )
    return [(payment, money) for payment, money in db.session.execute(query)]


def _attempts(shift_id: int) -> list[Payment]:
    query = select(Payment).join(Sale).where(Sale.shift_id == shift_id)
    return list(db.session.scalars(query))


def _totals(lines: _Received) -> tuple[TenderTotal, ...]:
    sums: dict[tuple[str, Currency], list[Money]] = {}
    for _, money in lines:
        sums.setdefault((money.gateway, money.currency), []).append(money.amount)
    return tuple(
        TenderTotal(
            tender="KHQR",
            gateway=gateway,
            currency=currency,
            count=len(amounts),
            amount=sum(amounts[1:], amounts[0]),
        )
        for (gateway, currency), amounts in sorted(sums.items())
    )


def _health(attempts: list[Payment]) -> Health:
    def count(*statuses: PaymentStatus) -> int:
        return sum(payment.status in statuses for payment in attempts)

    waits = sorted(
        max(0.0, (payment.paid_at - payment.shown_at).total_seconds())
        for payment in attempts
        if payment.paid_at is not None
        and payment.shown_at is not None
        and payment.remark not in MARKS
    )
    return Health(
        attempts=len(attempts),
        paid=count(PaymentStatus.PAID),
        expired=count(PaymentStatus.EXPIRED),
        cancelled=count(PaymentStatus.CANCELLED),
        failed=count(PaymentStatus.FAILED, PaymentStatus.CREATE_FAILED),
        median_seconds=round(median(waits), 1) if waits else None,
        p95_seconds=round(_p95(waits), 1) if waits else None,
    )


def _p95(waits: list[float]) -> float:
    return waits[0] if len(waits) == 1 else quantiles(waits, n=20, method="inclusive")[-1]


def _line(payment: Payment, money: GatewayTransaction) -> PaymentLine:
    return PaymentLine(
        sale_number=payment.sale.number,
        at=money.paid_at,
        amount=money.amount,
        tran_id=payment.tran_id,
        payer=money.payer,
        bank_reference=money.bank_reference,
        short_hash=money.reference[:8],
        status_text=wording.status_of(payment.status, payment.remark)[0],
    )
