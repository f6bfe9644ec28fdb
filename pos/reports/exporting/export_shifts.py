"""Every shift with its report's number, its drawer as counted, and what it took by KHQR."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from pos.models import CashCount, GatewayTransaction, Payment, Shift, Till, User, ZReport
from pos.money import Currency
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
from pos.reports.wording import OVER_REASON
from pos.states import ShiftStatus

_ClosedBy = aliased(User)

_WORDS = {
    ShiftStatus.OPEN: "Open",
    ShiftStatus.COUNTING: "Being counted",
    ShiftStatus.CLOSED: "Closed",
    ShiftStatus.AUTO_CLOSED: "Closed by the system",
}


def _taken(figure: ColumnElement[Any], currency: Currency) -> ColumnElement[Any]:
    """Return a figure over the money in one currency that settled sales in a shift."""
    return (
        select(figure)
        .select_from(GatewayTransaction)
        .join(Payment, Payment.id == GatewayTransaction.payment_id)
        .where(
            Payment.paid_shift_id == Shift.id,
            GatewayTransaction.settles_sale_id == Payment.sale_id,
            GatewayTransaction.currency == currency,
        )
        .correlate(Shift)
        .scalar_subquery()
    )


def _last_count() -> ColumnElement[bool]:
    """Match the count that a closed shift ended with; what is still counted stays blind."""
    older = aliased(CashCount)
    last = select(func.max(older.number)).where(older.shift_id == Shift.id).correlate(Shift)
    return and_(
        CashCount.shift_id == Shift.id,
        CashCount.number == last.scalar_subquery(),
        Shift.closed_at.is_not(None),
    )


def _query(span: Span) -> Rows:
    count, total = func.count(), func.coalesce(func.sum(GatewayTransaction.amount_minor), 0)
    return (
        select(
            Shift.id,
            Shift.business_date,
            Till.name.label("till"),
            ZReport.number.label("z_number"),
            User.display_name.label("cashier"),
            Shift.status,
            Shift.opened_at,
            Shift.closed_at,
            _ClosedBy.display_name.label("closed_by"),
            Shift.sales_made,
            Shift.float_usd_minor,
            Shift.float_khr_minor,
            _taken(count, Currency.USD).label("count_usd"),
            _taken(total, Currency.USD).label("total_usd"),
            _taken(count, Currency.KHR).label("count_khr"),
            _taken(total, Currency.KHR).label("total_khr"),
            CashCount.usd_minor.label("counted_usd"),
            CashCount.khr_minor.label("counted_khr"),
            (CashCount.usd_minor - CashCount.expected_usd_minor).label("over_usd"),
            (CashCount.khr_minor - CashCount.expected_khr_minor).label("over_khr"),
            Shift.over_reason,
            Shift.over_note,
        )
        .join(Till, Till.id == Shift.till_id)
        .join(User, User.id == Shift.cashier_id)
        .outerjoin(_ClosedBy, _ClosedBy.id == Shift.closed_by_id)
        .outerjoin(ZReport, ZReport.shift_id == Shift.id)
        .outerjoin(CashCount, _last_count())
        .where(Till.store_id == span.store_id, Shift.business_date.between(span.first, span.last))
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    return (
        row.business_date,
        row.till,
        row.z_number,
        row.cashier,
        _WORDS.get(row.status, str(row.status)),
        moment(row.opened_at),
        moment(row.closed_at),
        row.closed_by or "",
        row.sales_made,
        in_currency(row.float_usd_minor, Currency.USD, Currency.USD),
        in_currency(row.float_khr_minor, Currency.KHR, Currency.KHR),
        row.count_usd,
        in_currency(int(row.total_usd), Currency.USD, Currency.USD),
        row.count_khr,
        in_currency(int(row.total_khr), Currency.KHR, Currency.KHR),
        in_currency(row.counted_usd, Currency.USD, Currency.USD),
        in_currency(row.counted_khr, Currency.KHR, Currency.KHR),
        in_currency(row.over_usd, Currency.USD, Currency.USD),
        in_currency(row.over_khr, Currency.KHR, Currency.KHR),
        OVER_REASON.get(row.over_reason, ""),
        row.over_note,
    )


SHIFTS = Export(
    title="Shifts",
    columns=(
        Column("Business day", Sort.DAY),
        Column("Till"),
        Column("Z report", Sort.COUNT),
        Column("Cashier"),
        Column("Status"),
        Column("Opened", Sort.MOMENT),
        Column("Closed", Sort.MOMENT),
        Column("Closed by"),
        Column("Sales made", Sort.COUNT),
        Column("Float USD", Sort.USD),
        Column("Float KHR", Sort.KHR),
        Column("KHQR payments USD", Sort.COUNT),
        Column("KHQR USD", Sort.USD),
        Column("KHQR payments KHR", Sort.COUNT),
        Column("KHQR KHR", Sort.KHR),
        Column("Counted USD", Sort.USD),
        Column("Counted KHR", Sort.KHR),
        Column("Over or short USD", Sort.USD),
        Column("Over or short KHR", Sort.KHR),
        Column("Why it is off"),
        Column("Note"),
    ),
    keys=(Shift.id,),
    query=_query,
    cells=_cells,
)
"""All shifts of a store whose business day lies in the span."""
