"""Money that needs a person: wrong, late, double, or after a cancel."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Shift, ZReport
from pos.money import Money
from pos.reports.wording import NEEDS_A_PERSON, REMARK


@dataclass(frozen=True, kw_only=True)
class MoneyException:
    """One such piece of money, as a till or a report shows it."""

    tran_id: str
    sale_number: int
    amount: Money
    received: Money | None
    remark_text: str
    at: datetime


def of_shift(shift: Shift) -> tuple[MoneyException, ...]:
    """Return the exceptions of a till that no report before this shift's tells of, oldest first.

    Money that arrives while a till is closed so lands with its next shift. What counts is the
    order in which money was booked and not the time: that may have been set back.
    """
    is_new = select(GatewayTransaction.payment_id).where(GatewayTransaction.id > _told_up_to(shift))
    query = (
        select(Payment)
        .where(
            Payment.till_id == shift.till_id,
            Payment.remark.in_(NEEDS_A_PERSON),
            Payment.id.in_(is_new),
        )
        .order_by(Payment.changed_at, Payment.id)
    )
    return tuple(_exception(payment) for payment in db.session.scalars(query))


def last_money_id(till_id: int) -> int:
    """Return the newest piece of money that was booked at a till, 0 for none."""
    query = select(func.max(GatewayTransaction.id)).join(Payment).where(Payment.till_id == till_id)
    return db.session.scalar(query) or 0


def _told_up_to(shift: Shift) -> int:
    """Return the newest money that the till's report before this shift could tell of."""
    query = (
        select(ZReport.body)
        .where(ZReport.till_id == shift.till_id, ZReport.shift_id < shift.id)
        .order_by(ZReport.number.desc())
        .limit(1)
    )
    body = db.session.scalar(query)
    return int(json.loads(body).get("last_money_id", 0)) if body else 0


def _exception(payment: Payment) -> MoneyException:
    assert payment.remark is not None
    return MoneyException(
        tran_id=payment.tran_id,
        sale_number=payment.sale.number,
        amount=payment.amount,
        received=received(payment.id),
        remark_text=REMARK[payment.remark],
        at=payment.changed_at,
    )


def received(payment_id: int) -> Money | None:
    """Return what last arrived for a payment, or None."""
    query = (
        select(GatewayTransaction)
        .where(GatewayTransaction.payment_id == payment_id)
        .order_by(GatewayTransaction.id.desc())
        .limit(1)
    )
    money = db.session.scalar(query)
    return money.amount if money is not None else None
