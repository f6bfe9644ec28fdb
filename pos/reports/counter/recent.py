"""What a till did last: its newest payments and cash, and the change of the last cash sale."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from pos.cash import Cash
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Refund, Sale, Tender
from pos.money import Money
from pos.reports import wording
from pos.states import REFUND_OPEN, SaleStatus
from pos.words import _

RECENT = 5
"""How many of the shift's last payments the till lists."""


REFUND_LOST = _("Refund not known")


@dataclass(frozen=True, kw_only=True)
class RecentPayment:
    """One line of the till's list."""

    sale_number: int
    amount: Money
    status_text: str
    tone: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CashDone:
    """A sale that cash has settled: what was given, and the change to hand out."""

    sale_id: int
    sale_number: int
    amount: Money
    given: Cash
    change: Cash
    rounding: Money
    at: datetime

    @property
    def announce(self) -> str:
        """The same as a sentence."""
        if not self.change:
            return _("Paid %(amount)s in cash, no change", amount=self.amount)
        return _(
            "Paid %(amount)s in cash, change %(change)s", amount=self.amount, change=self.change
        )


def cash_done(shift_id: int, *, after: datetime | None) -> CashDone | None:
    """Return the last cash sale of a shift, unless a payment changed after it."""
    query = (
        select(Tender)
        .join(Tender.sale)
        .where(Tender.shift_id == shift_id, Sale.status == SaleStatus.PAID)
        .options(contains_eager(Tender.sale))
        .order_by(Tender.id.desc())
        .limit(1)
    )
    tender = db.session.scalar(query)
    if tender is None or (after is not None and after > tender.taken_at):
        return None
    return CashDone(
        sale_id=tender.sale_id,
        sale_number=tender.sale.number,
        amount=tender.settles,
        given=tender.given,
        change=tender.change,
        rounding=tender.rounding,
        at=tender.taken_at,
    )


def of_shift(shift_id: int) -> tuple[RecentPayment, ...]:
    """Return the last payments of a shift, by QR and in cash, newest first."""
    query = (
        select(Payment)
        .join(Payment.sale)
        .where(Sale.shift_id == shift_id)
        .options(contains_eager(Payment.sale))
        .order_by(Payment.id.desc())
        .limit(RECENT)
    )
    rows = db.session.scalars(query).all()
    refunded = _refunded([payment.id for payment in rows])
    found = [_line(payment, refunded.get(payment.id)) for payment in rows]
    found += _cash_lines(shift_id)
    # What is of one instant keeps its order: the newest of each comes first.
    found.sort(key=lambda one: one[0], reverse=True)
    return tuple(line for _, line in found[:RECENT])


def _refunded(payment_ids: list[int]) -> dict[int, str]:
    """Return in a word how the money of these payments went back, if any has."""
    back = GatewayTransaction.refunded_minor + GatewayTransaction.returned_minor
    query = select(GatewayTransaction).where(
        GatewayTransaction.payment_id.in_(payment_ids), back > 0
    )
    sent = select(Refund.transaction_id).where(
        Refund.payment_id.in_(payment_ids), Refund.status.in_(REFUND_OPEN)
    )
    is_open = set(db.session.scalars(sent))
    return {
        money.payment_id: _how_far(money, is_open=money.id in is_open)
        for money in db.session.scalars(query)
    }


def _how_far(money: GatewayTransaction, *, is_open: bool) -> str:
    if is_open:
        return REFUND_LOST
    return _("Part refunded") if money.left.minor else _("Refunded")


def _line(payment: Payment, refunded: str | None) -> tuple[datetime, RecentPayment]:
    text, tone = wording.status_of(payment.status, payment.remark)
    if refunded is not None:
        text, tone = refunded, "problem" if refunded == REFUND_LOST else "quiet"
    line = RecentPayment(
        sale_number=payment.sale.number,
        amount=payment.amount,
        status_text=text,
        tone=tone,
        at=payment.paid_at or payment.made_at,
        note=payment.sale.note,
    )
    return payment.made_at, line


def _cash_lines(shift_id: int) -> list[tuple[datetime, RecentPayment]]:
    query = (
        select(Tender)
        .join(Tender.sale)
        .where(Tender.shift_id == shift_id)
        .options(contains_eager(Tender.sale))
        .order_by(Tender.id.desc())
        .limit(RECENT)
    )
    return [(tender.taken_at, _cash_line(tender)) for tender in db.session.scalars(query)]


def _cash_line(tender: Tender) -> RecentPayment:
    is_void = tender.sale.status is SaleStatus.VOIDED
    return RecentPayment(
        sale_number=tender.sale.number,
        amount=tender.settles,
        status_text=_("Cash, given back") if is_void else _("Cash"),
        tone="quiet" if is_void else "paid",
        at=tender.taken_at,
        note=tender.sale.note,
    )


def cash_sales(till_id: int, limit: int = 20) -> tuple[Sale, ...]:
    """Return the last sales of a till that cash paid for, newest first."""
    query = (
        select(Sale)
        .where(Sale.till_id == till_id, Sale.status == SaleStatus.PAID)
        .where(select(Tender.id).where(Tender.sale_id == Sale.id).exists())
        .order_by(Sale.id.desc())
        .limit(limit)
    )
    return tuple(db.session.scalars(query))


def open_parts(till_id: int) -> tuple[Payment, ...]:
    """Return the newest payment of each sale of a till that is paid in part, and of no other."""
    newest = (
        select(func.max(Payment.id))
        .join(Sale, Sale.id == Payment.sale_id)
        .where(Sale.till_id == till_id, Sale.status == SaleStatus.OPEN)
        .where(select(Tender.id).where(Tender.sale_id == Sale.id).exists())
        .group_by(Sale.id)
    )
    query = select(Payment).where(Payment.id.in_(newest)).order_by(Payment.id)
    return tuple(db.session.scalars(query))
