"""Cash that moved without a sale, each opening of a drawer for nothing, and refunds in cash."""

from sqlalchemy import select
from sqlalchemy.orm import aliased

from pos.models import CashMovement, Sale, Shift, Till, User, ZReport
from pos.money import Currency, Money
from pos.reports.exporting.export_table import (
    Cell,
    Column,
    Export,
    Read,
    Rows,
    Sort,
    Span,
    in_currency,
    moment,
)
from pos.reports.wording import MOVEMENT, MOVEMENT_REASON
from pos.states import MovementKind

_ApprovedBy = aliased(User)


def _query(span: Span) -> Rows:
    return (
        select(
            CashMovement.id,
            Shift.business_date,
            Till.name.label("till"),
            ZReport.number.label("z_number"),
            CashMovement.at,
            CashMovement.kind,
            CashMovement.usd_minor,
            CashMovement.khr_minor,
            CashMovement.worth_minor,
            Sale.currency,
            CashMovement.rounding_minor,
            CashMovement.reason,
            CashMovement.note,
            Sale.number.label("sale"),
            User.display_name.label("asked_by"),
            _ApprovedBy.display_name.label("approved_by"),
        )
        .join(Shift, Shift.id == CashMovement.shift_id)
        .join(Till, Till.id == Shift.till_id)
        .join(User, User.id == CashMovement.asked_by_id)
        .outerjoin(_ApprovedBy, _ApprovedBy.id == CashMovement.approved_by_id)
        .outerjoin(Sale, Sale.id == CashMovement.sale_id)
        .outerjoin(ZReport, ZReport.shift_id == Shift.id)
        .where(Till.store_id == span.store_id, Shift.business_date.between(span.first, span.last))
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    moved = (
        Money(row.usd_minor, Currency.USD).decimal,
        Money(row.khr_minor, Currency.KHR).decimal,
    )
    nothing = (None, None)
    is_none, is_in = row.kind is MovementKind.NO_SALE, row.kind is MovementKind.PAID_IN
    return (
        row.business_date,
        row.till,
        row.z_number,
        moment(row.at),
        MOVEMENT[row.kind],
        *(moved if is_in else nothing),
        *(nothing if is_none or is_in else moved),
        in_currency(row.worth_minor, row.currency, Currency.USD),
        in_currency(row.worth_minor, row.currency, Currency.KHR),
        Money(row.rounding_minor, Currency.KHR).decimal,
        MOVEMENT_REASON[row.reason],
        row.note,
        row.sale,
        row.asked_by,
        row.approved_by or "",
    )


MOVEMENTS = Export(
    title="Drawer movements",
    columns=(
        Column("Business day", Sort.DAY),
        Column("Till"),
        Column("Z report", Sort.COUNT),
        Column("Time", Sort.MOMENT),
        Column("What"),
        Column("In USD", Sort.USD),
        Column("In KHR", Sort.KHR),
        Column("Out USD", Sort.USD),
        Column("Out KHR", Sort.KHR),
        Column("Off the sale USD", Sort.USD),
        Column("Off the sale KHR", Sort.KHR),
        Column("Rounding KHR", Sort.KHR),
        Column("Reason"),
        Column("Note"),
        Column("Sale", Sort.COUNT),
        Column("By"),
        Column("Agreed by"),
    ),
    keys=(CashMovement.id,),
    query=_query,
    cells=_cells,
)
"""All movements of the shifts of a store whose business day lies in the span."""
