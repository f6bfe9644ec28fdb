"""Payments called paid by hand: what a shift's report says of them, apart from every tender."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Mark, Payment, Shift
from pos.money import Currency, Money
from pos.states import Remark
from pos.words import _


@dataclass(frozen=True, kw_only=True)
class MarkedTotal:
    """What was called paid in a shift and no bank has reported yet, in one currency."""

    currency: Currency
    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class MarkLine:
    """One mark: who gave it, on what evidence, and what the bank has said since."""

    sale_number: int
    at: datetime
    amount: Money
    tran_id: str
    approved_by: str
    evidence: str
    is_confirmed: bool
    status_text: str


_OF_SHIFT = (
    select(Mark)
    .join(Payment, Payment.id == Mark.payment_id)
    .where(Payment.paid_shift_id == bindparam("shift_id"))
    .order_by(Mark.id)
)


def of_shift(shift: Shift) -> tuple[MarkLine, ...]:
    """Return the marks of a shift, and earlier ones whose money was found in it, oldest first."""
    found = db.session.scalars(_OF_SHIFT, {"shift_id": shift.id})
    return tuple(_line(mark, shift) for mark in found)


def totals(lines: tuple[MarkLine, ...]) -> tuple[MarkedTotal, ...]:
    """Return the sums of marks that no money stands behind yet."""
    sums: dict[Currency, list[Money]] = {}
    for line in lines:
        if not line.is_confirmed:
            sums.setdefault(line.amount.currency, []).append(line.amount)
    return tuple(
        MarkedTotal(currency=currency, count=len(some), amount=sum(some[1:], some[0]))
        for currency, some in sorted(sums.items())
    )


def _line(mark: Mark, shift: Shift) -> MarkLine:
    payment = mark.payment
    money = db.session.scalar(
        select(GatewayTransaction).where(GatewayTransaction.settles_sale_id == payment.sale_id)
    )
    return MarkLine(
        sale_number=payment.sale.number,
        at=mark.at,
        amount=payment.amount,
        tran_id=payment.tran_id,
        approved_by=mark.approved_by.display_name,
        evidence=mark.evidence,
        is_confirmed=money is not None,
        status_text=_told(mark, money, shift),
    )


def _told(mark: Mark, money: GatewayTransaction | None, shift: Shift) -> str:
    if money is None:
        denied = mark.payment.remark is Remark.MARK_DENIED
        return _("The bank has no payment") if denied else _("Not confirmed by the bank yet")
    found = clock.shop_time(money.recorded_at).strftime("%H:%M")
    if mark.shift_id != shift.id:
        day = clock.shop_time(mark.at).strftime("%-d %b")
        return _(
            "Marked on %(day)s, on an earlier report; the bank confirmed it at %(at)s",
            day=day,
            at=found,
        )
    return _("Confirmed by the bank at %(at)s, in the KHQR total", at=found)
