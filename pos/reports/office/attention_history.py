"""What was decided about money that needed a person: who, why and when, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.extensions import db
from pos.models import Payment, Resolution, User
from pos.money import Money
from pos.reports.closing import exceptions
from pos.reports.office.attention_wanted import ALL, Wanted
from pos.reports.remembered import noted
from pos.reports.wording import REMARK, RESOLUTION
from pos.states import Remark, ResolutionKind, is_final

PAGE = 30


@dataclass(frozen=True, kw_only=True)
class DecidedLine:
    """One decision; `reason` is the form's word for why, `is_last` whether anything may follow."""

    id: int
    tran_id: str
    sale_number: int
    till_name: str
    amount: Money
    received: Money | None
    happened: str
    kind: ResolutionKind
    kind_text: str
    is_last: bool
    reason: str
    note: str
    asked_by: str
    approved_by: str
    at: datetime


@dataclass(frozen=True)
class DecidedPage:
    """A page of decisions; `older` is the `before` of the next one, 0 at the end."""

    lines: tuple[DecidedLine, ...]
    older: int


def page(user: User, wanted: Wanted = ALL, before: int = 0) -> DecidedPage:
    """Return the decisions about money of a person's tills, made before the one with this id."""
    query = (
        select(Resolution)
        .join(Payment, Payment.id == Resolution.payment_id)
        .where(Payment.till_id.in_(exceptions.tills_of(user)))
    )
    if wanted.kind:
        query = query.where(Resolution.remark == Remark(wanted.kind))
    if wanted.till_id:
        query = query.where(Payment.till_id == wanted.till_id)
    if before:
        query = query.where(Resolution.id < before)
    found = db.session.scalars(query.order_by(Resolution.id.desc()).limit(PAGE + 1)).all()
    lines = tuple(_line(row) for row in found[:PAGE])
    return DecidedPage(lines, lines[-1].id if len(found) > PAGE else 0)


def _line(row: Resolution) -> DecidedLine:
    payment = row.payment
    return DecidedLine(
        id=row.id,
        tran_id=payment.tran_id,
        sale_number=payment.sale.number,
        till_name=payment.till.name,
        amount=payment.amount,
        received=row.transaction.amount if row.transaction else None,
        happened=REMARK[row.remark],
        kind=row.kind,
        kind_text=RESOLUTION[row.kind],
        is_last=is_final(row.kind),
        reason=row.reason,
        note=noted(row.note),
        asked_by=row.asked_by.display_name,
        approved_by=row.approved_by.display_name,
        at=row.at,
    )
