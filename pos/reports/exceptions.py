"""Money that needs a person: wrong, late, double, or after a cancel."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select

from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Shift
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


def of_shift(shift: Shift, until: datetime) -> tuple[MoneyException, ...]:
    """Return the exceptions of a till since its last shift closed, oldest first.

    Money that arrives while a till is closed so lands with its next shift.
    """
    query = (
        select(Payment)
        .where(
            Payment.till_id == shift.till_id,
            Payment.remark.in_(NEEDS_A_PERSON),
            # Where the clock was set back since, the last close lies in the future.
            Payment.changed_at > min(_last_close(shift), shift.opened_at),
            Payment.changed_at <= until,
        )
        .order_by(Payment.changed_at, Payment.id)
    )
    return tuple(_exception(payment) for payment in db.session.scalars(query))


def _last_close(shift: Shift) -> datetime:
    query = select(func.max(Shift.closed_at)).where(
        Shift.till_id == shift.till_id, Shift.id < shift.id
    )
    closed: datetime | None = db.session.scalar(query)
    return closed or datetime(1970, 1, 1, tzinfo=UTC)


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
