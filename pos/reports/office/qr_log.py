"""Every QR of a day: when it was made, where, by whom, how long it lived, what became of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import contains_eager

from pos import clock
from pos.extensions import db
from pos.models import GatewayAccount, Payment, PaymentEvent, Sale, Till, User
from pos.money import Money
from pos.reports import wording
from pos.states import EventName, PaymentStatus

MOST = 2000
"""QRs on one page; the file has all."""

ENDS = frozenset(
    {
        *(EventName.PAID, EventName.WRONG_MONEY, EventName.TIME_UP),
        *(EventName.CANCEL_ASKED, EventName.MARKED, EventName.QR_REFUSED),
    }
)
"""What takes a QR off the screens. After a transfer that failed it may be tried again."""


@dataclass(frozen=True, kw_only=True)
class QrLine:
    """One QR; `ended_at` and `seconds` are None while it is in front of the customer."""

    tran_id: str
    made_at: datetime
    till_name: str
    cashier_name: str
    sale_number: int
    amount: Money
    gateway: str
    ended_at: datetime | None
    seconds: int | None
    status_text: str
    tone: str


@dataclass(frozen=True, kw_only=True)
class QrDay:
    """The QRs of one day, first to last; `is_cut` where there were more than a page has."""

    day: date
    lines: tuple[QrLine, ...]
    paid: int
    is_cut: bool


def ended() -> ScalarSelect[datetime]:
    """Select, beside a payment, when its QR left the screens."""
    first = select(func.min(PaymentEvent.at)).where(
        PaymentEvent.payment_id == Payment.id, PaymentEvent.name.in_(ENDS)
    )
    return first.correlate(Payment).scalar_subquery()


def seconds(made_at: datetime, ended_at: datetime | None) -> int | None:
    """Return how long a QR lived, in whole seconds; a clock that was set back makes it 0."""
    return None if ended_at is None else max(0, int((ended_at - made_at) / timedelta(seconds=1)))


def of_day(store_id: int, day: date) -> QrDay:
    """Return every QR that a store's tills made on a day of the calendar."""
    first, last = clock.day_span(day)
    tills = list(db.session.scalars(select(Till.id).where(Till.store_id == store_id)))
    query = (
        select(Payment, Till.name, User.display_name, GatewayAccount.gateway, ended())
        .join(Payment.sale)
        .join(Till, Till.id == Payment.till_id)
        .join(User, User.id == Sale.cashier_id)
        .join(GatewayAccount, GatewayAccount.id == Payment.account_id)
        .where(Payment.till_id.in_(tills), Payment.made_at >= first, Payment.made_at < last)
        .options(contains_eager(Payment.sale))
        .order_by(Payment.made_at, Payment.id)
        .limit(MOST + 1)
    )
    rows = db.session.execute(query).all()
    lines = tuple(_line(row[0], row[1], row[2], row[3], row[4]) for row in rows[:MOST])
    paid = sum(row[0].status is PaymentStatus.PAID for row in rows[:MOST])
    return QrDay(day=day, lines=lines, paid=paid, is_cut=len(rows) > MOST)


def _line(
    payment: Payment, till: str, cashier: str, gateway: str, ended_at: datetime | None
) -> QrLine:
    text, tone = wording.status_of(payment.status, payment.remark)
    return QrLine(
        tran_id=payment.tran_id,
        made_at=payment.made_at,
        till_name=till,
        cashier_name=cashier,
        sale_number=payment.sale.number,
        amount=payment.amount,
        gateway=gateway,
        ended_at=ended_at,
        seconds=seconds(payment.made_at, ended_at),
        status_text=text,
        tone=tone,
    )
