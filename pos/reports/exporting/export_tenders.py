"""Cash that was given for sales, with the change and the rounding: a row each time it was taken."""

from sqlalchemy import and_, case, select

from pos.models import Sale, Shift, Tender, Till, User, ZReport
from pos.money import Currency, Money
from pos.reports.closing import settled
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


def _query(span: Span) -> Rows:
    return (
        select(
            Tender.id,
            Shift.business_date,
            Till.name.label("till"),
            ZReport.number.label("z_number"),
            User.display_name.label("cashier"),
            Sale.number.label("sale"),
            Tender.taken_at,
            Tender.settles_minor,
            Tender.currency,
            Tender.given_usd_minor,
            Tender.given_khr_minor,
            Tender.change_usd_minor,
            Tender.change_khr_minor,
            Tender.rounding_minor,
            case((and_(*settled.SETTLES), Sale.rounding_minor), else_=0).label("keyed"),
        )
        .join(Shift, Shift.id == Tender.shift_id)
        .join(Till, Till.id == Shift.till_id)
        .join(User, User.id == Tender.cashier_id)
        .join(Sale, Sale.id == Tender.sale_id)
        .outerjoin(ZReport, ZReport.shift_id == Shift.id)
        .where(Till.store_id == span.store_id, Shift.business_date.between(span.first, span.last))
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    return (
        row.business_date,
        row.till,
        row.z_number,
        row.cashier,
        row.sale,
        moment(row.taken_at),
        in_currency(row.settles_minor, row.currency, Currency.USD),
        in_currency(row.settles_minor, row.currency, Currency.KHR),
        Money(row.given_usd_minor, Currency.USD).decimal,
        Money(row.given_khr_minor, Currency.KHR).decimal,
        Money(row.change_usd_minor, Currency.USD).decimal,
        Money(row.change_khr_minor, Currency.KHR).decimal,
        Money(row.rounding_minor, Currency.KHR).decimal,
        Money(row.keyed, Currency.KHR).decimal,
    )


TENDERS = Export(
    title="Cash for sales",
    columns=(
        Column("Business day", Sort.DAY),
        Column("Till"),
        Column("Z report", Sort.COUNT),
        Column("Cashier"),
        Column("Sale", Sort.COUNT),
        Column("Time", Sort.MOMENT),
        Column("Pays USD", Sort.USD),
        Column("Pays KHR", Sort.KHR),
        Column("Given USD", Sort.USD),
        Column("Given KHR", Sort.KHR),
        Column("Change USD", Sort.USD),
        Column("Change KHR", Sort.KHR),
        Column("Rounding KHR", Sort.KHR),
        Column("Keyed rounding KHR", Sort.KHR),
    ),
    keys=(Tender.id,),
    query=_query,
    cells=_cells,
)
"""All cash for sales in the shifts of a store whose business day lies in the span."""
