"""The store's shifts and their Z reports, read by other programs."""

from datetime import date, datetime

from flask import Blueprint
from pydantic import BaseModel, Field
from sqlalchemy import select

from pos.errors import NotFound
from pos.extensions import db
from pos.models import Shift, Till, ZReport
from pos.money import Currency
from pos.reports.closing import z_report
from pos.reports.closing.held_money import HeldKind
from pos.web.api import bearer, once
from pos.web.api.contract import Answer, answers, contract
from pos.web.api.shapes import Page

bp = Blueprint("v1_shifts", __name__, url_prefix="/api/v1/shifts")
once.guard(bp)


class ShiftOut(BaseModel):
    """One shift at one till."""

    id: int
    till: str
    cashier: str
    status: str
    business_date: date
    opened_at: datetime
    closed_at: datetime | None


class ShiftPage(BaseModel):
    """Some shifts, the newest first."""

    data: list[ShiftOut]
    next_cursor: str | None = Field(description="None at the end.")


class Total(BaseModel):
    """What came in by one tender and currency."""

    tender: str
    gateway: str
    currency: Currency
    count: int
    amount: str


class Held(BaseModel):
    """What was taken to hold, released or given back of it, in one currency."""

    kind: HeldKind
    currency: Currency
    count: int
    amount: str


class Report(BaseModel):
    """The Z report of a closed shift, as it was written."""

    shift_id: int
    number: int
    till: str
    business_date: date
    opened_at: datetime
    opened_by: str
    closed_at: datetime
    closed_by: str
    is_auto_closed: bool
    totals: list[Total]
    held: list[Held] = Field(description="Deposits and milestones; they are within the totals.")
    hash: str = Field(description="Of the whole report: it proves what was written.")


@bp.get("")
@contract.validate(resp=answers(401, 403, HTTP_200=ShiftPage), tags=["shifts"])
def shifts(query: Page) -> Answer:
    """List the shifts of the token's store, the newest first."""
    asked = select(Shift).join(Shift.till).where(Till.store_id == bearer.caller().store_id)
    if query.before is not None:
        asked = asked.where(Shift.id < query.before)
    rows = db.session.scalars(asked.order_by(Shift.id.desc()).limit(query.limit)).all()
    last = str(rows[-1].id) if rows and len(rows) == query.limit else None
    return ShiftPage(data=[_told(row) for row in rows], next_cursor=last)


@bp.get("/<int:shift_id>/report")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=Report), tags=["shifts"])
def report(shift_id: int) -> Answer:
    """Tell the Z report of a closed shift."""
    query = select(ZReport).join(ZReport.shift).where(ZReport.shift_id == shift_id)
    row = db.session.scalar(query)
    if row is None or row.shift.till.store_id != bearer.caller().store_id:
        raise NotFound("There is no such report. An open shift has none yet.")
    z = z_report.from_json(row.body)
    return Report(
        shift_id=shift_id,
        number=z.number,
        till=z.till_name,
        business_date=z.business_day,
        opened_at=z.opened_at,
        opened_by=z.opened_by,
        closed_at=z.closed_at,
        closed_by=z.closed_by,
        is_auto_closed=z.is_auto_closed,
        totals=[
            Total(
                tender=it.tender,
                gateway=it.gateway,
                currency=it.currency,
                count=it.count,
                amount=it.amount.plain,
            )
            for it in z.totals
        ],
        held=[
            Held(kind=it.kind, currency=it.currency, count=it.count, amount=it.amount.plain)
            for it in (z.held_money.totals if z.held_money else ())
        ],
        hash=row.hash,
    )


def _told(row: Shift) -> ShiftOut:
    return ShiftOut(
        id=row.id,
        till=row.till_name,
        cashier=row.cashier_name,
        status=str(row.status),
        business_date=row.business_date,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
    )
