"""What a shift's report says of money that went back.

A refund of money that paid a sale counts in the later of two shifts: where it was made, and
where the money counts. Money that paid no sale is in no total, and neither is its refund.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, bindparam, or_, select

from pos.extensions import db
from pos.models import Payment, Refund, Shift
from pos.money import Currency, Money
from pos.reports.wording import ALONE, REFUND_KIND, REFUND_PROOF, REFUND_STATUS
from pos.states import REFUND_CALLS, REFUND_OPEN, RefundKind, RefundStatus

_AT_TILL = Payment.till_id + 0 == bindparam("till_id", type_=Integer)
"""The till in a form that no index serves: refunds are few, the payments of a till are not."""

_SHIFT = bindparam("shift_id", type_=Integer)
_WAITING = REFUND_OPEN | REFUND_CALLS
_DONE_HERE = and_(
    Refund.status == RefundStatus.DONE,
    or_(Refund.shift_id == _SHIFT, Payment.paid_shift_id == _SHIFT),
)
_SOME = (
    select(Refund)
    .join(Payment, Payment.id == Refund.payment_id)
    .where(_AT_TILL, or_(_DONE_HERE, Refund.status.in_(_WAITING)))
    .order_by(Refund.id)
)


@dataclass(frozen=True, kw_only=True)
class RefundTotal:
    """What went back one way, by gateway and currency; `of_sales`: it lessens what was paid."""

    kind: RefundKind
    kind_text: str
    gateway: str
    currency: Currency
    of_sales: bool
    count: int
    amount: Money


@dataclass(frozen=True, kw_only=True)
class RefundLine:
    """One refund, with whose word it was; `was_before`: made before its money counted."""

    refund_id: int
    sale_number: int
    at: datetime
    amount: Money
    tran_id: str
    kind_text: str
    status_text: str
    approved_by: str
    reference: str
    of_sales: bool
    was_before: bool


@dataclass(frozen=True, kw_only=True)
class RefundPart:
    """The refunds of a shift; `open` are those whose end, or whose note, was still to come."""

    totals: tuple[RefundTotal, ...] = ()
    lines: tuple[RefundLine, ...] = ()
    open: tuple[RefundLine, ...] = ()


def of_shift(shift: Shift) -> RefundPart | None:
    """Return the refunds that count in a shift and the till's open ones; None without any."""
    found = db.session.scalars(_SOME, {"till_id": shift.till_id, "shift_id": shift.id}).all()
    done = (row for row in found if row.status is RefundStatus.DONE)
    rows = [row for row in done if _counted_in(row) == shift.id]
    waiting = tuple(_line(row, shift) for row in found if row.status in _WAITING)
    if not rows and not waiting:
        return None
    return RefundPart(
        totals=_totals(rows), lines=tuple(_line(row, shift) for row in rows), open=waiting
    )


def _of_sales(refund: Refund) -> bool:
    return refund.transaction.settles_sale_id is not None


def _counted_in(refund: Refund) -> int | None:
    paid_in = refund.payment.paid_shift_id if _of_sales(refund) else None
    return max(refund.shift_id or 0, paid_in or 0) or None


def _totals(rows: Iterable[Refund]) -> tuple[RefundTotal, ...]:
    sums: dict[tuple[bool, RefundKind, str, Currency], list[Money]] = {}
    for row in rows:
        key = (not _of_sales(row), row.kind, row.transaction.gateway, row.currency)
        sums.setdefault(key, []).append(row.amount)
    return tuple(
        RefundTotal(
            kind=kind,
            kind_text=REFUND_KIND[kind],
            gateway=gateway,
            currency=currency,
            of_sales=not is_other,
            count=len(some),
            amount=sum(some[1:], some[0]),
        )
        for (is_other, kind, gateway, currency), some in sorted(sums.items())
    )


def approved_text(refund: Refund) -> str:
    """Return who agreed to a refund; where nobody else did, that too."""
    name = refund.approved_by.display_name if refund.approved_by else ""
    return f"{name}, {ALONE}" if name and refund.is_alone else name


def _line(refund: Refund, shift: Shift) -> RefundLine:
    return RefundLine(
        refund_id=refund.id,
        sale_number=refund.payment.sale.number,
        at=refund.ended_at or refund.made_at,
        amount=refund.amount,
        tran_id=refund.payment.tran_id,
        kind_text=REFUND_KIND[refund.kind],
        status_text=(REFUND_PROOF[refund.proof] if refund.proof else REFUND_STATUS[refund.status])[
            0
        ],
        approved_by=approved_text(refund),
        reference=refund.reference,
        of_sales=_of_sales(refund),
        was_before=refund.shift_id is not None and refund.shift_id < shift.id,
    )
