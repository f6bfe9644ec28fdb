"""What is counted as a sign, and the rows behind it. One query each: it counts, and it lists.

A sign is only something to look at: each has plain reasons, and most of them are these.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from pos.gateways.base import Outcome
from pos.models import (
    CashMovement,
    Discount,
    GatewayQuestion,
    GatewayTransaction,
    Kind,
    Mark,
    Payment,
    Printing,
    Receipt,
    Refund,
    Sale,
    User,
)
from pos.permissions import Role
from pos.reports.closing import exceptions
from pos.reports.office.spans import Span, shifts_of
from pos.states import MovementKind, PaymentStatus, RefundStatus, SaleStatus

Rows = Select[*tuple[Any, ...]]


class Sign(StrEnum):
    """What may be worth a look where one cashier or till has much more of it than the others."""

    CANCELLED = "cancelled"
    VOIDED = "voided"
    REFUNDED = "refunded"
    NO_SALE = "no-sale"
    MARKED = "marked"
    REPRINTED = "reprinted"
    RECEIPT_MISFIT = "receipt-misfit"
    DISCOUNTED = "discounted"


@dataclass(frozen=True)
class Asked:
    """Whose rows, of which days."""

    user: User
    span: Span

    @property
    def here(self) -> ColumnElement[bool]:
        """The condition that a payment was made at a till whose money this person sees.

        A sum of nothing keeps the index of tills out: SQLite would begin with all payments
        there, to look for the few that were refunded or marked.
        """
        return (Payment.till_id + 0).in_(exceptions.tills_of(self.user))

    def in_time(self, at: Any) -> tuple[ColumnElement[bool], ...]:
        """Return the conditions on an instant that lies in these days."""
        begins, ends = self.span.instants
        return at >= begins, at < ends


def _columns(**of: Any) -> list[Any]:
    """Label what each query says of a row, in one order; the rest is null, of its type."""
    kinds: dict[str, Any] = {
        **dict.fromkeys(("till_id", "cashier_id", "sale_id", "shift_id"), Integer),
        "at": BigInteger,
        "minor": BigInteger,
        "currency": String,
        "why": String,
    }
    told = {name: type_coerce(of[name], kind) if name in of else cast(null(), kind)
            for name, kind in kinds.items()}  # fmt: skip
    return [one.label(name) for name, one in told.items()]


def _sale(**more: Any) -> list[Any]:
    usual = {"till_id": Sale.till_id, "cashier_id": Sale.cashier_id, "sale_id": Sale.id,
             "shift_id": Sale.shift_id, "at": Sale.made_at, "minor": Sale.amount_minor,
             "currency": Sale.currency}  # fmt: skip
    return _columns(**{**usual, **more})


def _cancelled(asked: Asked) -> Rows:
    """QRs that a cashier took off the screen after the customer could see them."""
    shifts = shifts_of(asked.user, asked.span)
    # In a form that no index knows: SQLite would begin with all that ever were cancelled.
    is_cancelled = case((Payment.status == PaymentStatus.CANCELLED, 1), else_=0)
    query = select(*_sale(at=Payment.shown_at, minor=Payment.amount_minor))
    return (
        query.select_from(shifts)
        .join(Sale, Sale.shift_id == shifts.c.id)
        .join(Payment, Payment.sale_id == Sale.id)
        .where(is_cancelled == 1, Payment.shown_at.is_not(None))
    )


def _voided(asked: Asked) -> Rows:
    """Sales that were given up."""
    shifts = shifts_of(asked.user, asked.span)
    query = select(*_sale()).select_from(shifts).join(Sale, Sale.shift_id == shifts.c.id)
    return query.where(Sale.status == SaleStatus.VOIDED)


def _refunded(asked: Asked) -> Rows:
    """Money given back: through the bank, or out of the drawer for a sale that was paid."""
    at_bank = (
        select(*_sale(till_id=Payment.till_id, cashier_id=Refund.asked_by_id, at=Refund.made_at,
                      minor=Refund.amount_minor, currency=Refund.currency, why=Refund.reason))
        .select_from(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Sale, Sale.id == Payment.sale_id)
        .where(asked.here, Refund.status != RefundStatus.REFUSED, *asked.in_time(Refund.made_at))
        .where(Refund.asked_by_id.is_not(None))
    )  # fmt: skip
    shifts = shifts_of(asked.user, asked.span)
    in_cash = (
        select(*_sale(till_id=shifts.c.till_id, cashier_id=CashMovement.asked_by_id,
                      shift_id=shifts.c.id, at=CashMovement.at, minor=CashMovement.worth_minor,
                      why=CashMovement.reason))
        .select_from(shifts)
        .join(CashMovement, CashMovement.shift_id == shifts.c.id)
        .join(Sale, Sale.id == CashMovement.sale_id)
        .where(CashMovement.kind == MovementKind.REFUND, Sale.status == SaleStatus.PAID)
    )  # fmt: skip
    both = union_all(at_bank, in_cash).subquery()
    return select(*both.c)


def _no_sale(asked: Asked) -> Rows:
    """The drawer opened for nothing."""
    shifts = shifts_of(asked.user, asked.span)
    told = _columns(till_id=shifts.c.till_id, cashier_id=CashMovement.asked_by_id,
                    shift_id=shifts.c.id, at=CashMovement.at, why=CashMovement.reason)  # fmt: skip
    query = select(*told).select_from(shifts)
    query = query.join(CashMovement, CashMovement.shift_id == shifts.c.id)
    return query.where(CashMovement.kind == MovementKind.NO_SALE)


def _marked(asked: Asked) -> Rows:
    """Payments called paid by a person's word."""
    told = _sale(
        till_id=Payment.till_id, cashier_id=Mark.asked_by_id, at=Mark.at, why=Mark.evidence
    )
    query = select(*told).select_from(Mark).join(Payment, Payment.id == Mark.payment_id)
    return query.join(Sale, Sale.id == Payment.sale_id).where(asked.here, *asked.in_time(Mark.at))


def _reprinted(asked: Asked) -> Rows:
    """Receipts printed once more; the first print of each is none."""
    # Histories name people by role and name, and a role may have changed since.
    names = [literal(f"{role}:") + User.username for role in Role]
    told = _sale(till_id=Printing.till_id, cashier_id=User.id, at=Printing.asked_at)
    query = (
        select(*told)
        .select_from(Printing)
        .join(Receipt, Receipt.id == Printing.document_id)
        .join(Sale, Sale.id == Receipt.sale_id)
        .join(User, Printing.who.in_(names))
        .where(Printing.kind == Kind.RECEIPT, Printing.copy > 0)
    )
    return query.where(
        Printing.till_id.in_(exceptions.tills_of(asked.user)), *asked.in_time(Printing.asked_at)
    )


def _receipt_misfit(asked: Asked) -> Rows:
    """Receipts shown for a sale whose money is not that sale's, or shown for two sales.

    The bank found the transfer and it was another's, older, or of another amount, and nothing was
    booked; or a manager was shown the very receipt that another mark names.
    """
    shifts = shifts_of(asked.user, asked.span)
    money = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == Payment.id)
    claimed = (
        select(*_sale(at=func.min(GatewayQuestion.asked_at), minor=Payment.amount_minor))
        .select_from(shifts)
        .join(Sale, Sale.shift_id == shifts.c.id)
        .join(Payment, Payment.sale_id == Sale.id)
        .join(GatewayQuestion, GatewayQuestion.payment_id == Payment.id)
        .where(Payment.status != PaymentStatus.PAID, ~money.exists())
        .where(GatewayQuestion.outcome == Outcome.PAID)
        .where(GatewayQuestion.who.startswith(f"{Role.CASHIER}:"))
        .group_by(Sale.id, Payment.id)
    )
    earlier = aliased(Mark)
    same = func.lower(earlier.evidence) == func.lower(Mark.evidence)
    shown_before = select(earlier.id).where(same, earlier.id < Mark.id)
    both = union_all(claimed, _marked(asked).where(shown_before.exists())).subquery()
    return select(*both.c)


def _discounted(asked: Asked) -> Rows:
    """Discounts of sales that were charged."""
    shifts = shifts_of(asked.user, asked.span)
    told = _sale(cashier_id=Discount.given_by_id, at=Discount.at, minor=Discount.minor,
                 why=Discount.reason)  # fmt: skip
    query = select(*told).select_from(shifts)
    query = query.join(Discount, Discount.shift_id == shifts.c.id)
    return query.join(Sale, Sale.discount_id == Discount.id)


ROWS: dict[Sign, Callable[[Asked], Rows]] = {
    Sign.CANCELLED: _cancelled,
    Sign.VOIDED: _voided,
    Sign.REFUNDED: _refunded,
    Sign.NO_SALE: _no_sale,
    Sign.MARKED: _marked,
    Sign.REPRINTED: _reprinted,
    Sign.RECEIPT_MISFIT: _receipt_misfit,
    Sign.DISCOUNTED: _discounted,
}
"""The rows behind each sign: till_id, cashier_id, sale_id, shift_id, at (milliseconds), minor,
currency and why; what a row has not is null."""
