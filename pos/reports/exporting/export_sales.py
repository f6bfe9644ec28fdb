"""Every sale with its price, what was taken off it and why, its tip, and the Z report it counts on.

What it counts on is the report of the shift that settled it; none while nothing has.
"""

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from pos.models import (
    Discount,
    GatewayTransaction,
    Payment,
    Sale,
    Shift,
    Tender,
    Till,
    User,
    ZReport,
)
from pos.money import Currency
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
from pos.reports.wording import DISCOUNT_REASON, MOVEMENT_REASON

_SettledIn = aliased(Shift)
_Agreed = aliased(User)
_SHIFT = func.coalesce(Payment.paid_shift_id, Tender.shift_id)
_WHY = {**DISCOUNT_REASON, "other": MOVEMENT_REASON["other"]}
_DAY = func.coalesce(_SettledIn.business_date, Sale.business_date)
"""The day of the report on which a sale stands; its own, if it stands on none."""


def _query(span: Span) -> Rows:
    columns = select(
        Sale.id,
        _DAY.label("day"),
        Till.name.label("till"),
        ZReport.number.label("z_number"),
        User.display_name.label("cashier"),
        Sale.number,
        Sale.made_at,
        Sale.status,
        Sale.amount_minor,
        Sale.currency,
        func.coalesce(Discount.before_minor, Sale.amount_minor - Sale.tip_minor).label(
            "before_minor"
        ),
        Discount.minor.label("discount_minor"),
        Sale.tip_minor,
        Discount.permille,
        Discount.reason,
        Discount.note.label("why"),
        _Agreed.display_name.label("agreed_by"),
        Sale.note,
    )
    in_span = (Till.store_id == span.store_id, _DAY.between(span.first, span.last))
    return _joined(columns).where(*in_span)


def _joined(columns: Rows) -> Rows:
    money, cash = GatewayTransaction, _settling_cash()
    return (
        columns.join(Till, Till.id == Sale.till_id)
        .join(User, User.id == Sale.cashier_id)
        .outerjoin(Discount, Discount.id == Sale.discount_id)
        .outerjoin(_Agreed, _Agreed.id == Discount.approved_by_id)
        .outerjoin(money, money.settles_sale_id == Sale.id)
        .outerjoin(Payment, Payment.id == money.payment_id)
        .outerjoin(Tender, cash)
        .outerjoin(_SettledIn, _SettledIn.id == _SHIFT)
        .outerjoin(ZReport, ZReport.shift_id == _SHIFT)
    )


def _settling_cash() -> ColumnElement[bool]:
    return and_(Tender.sale_id == Sale.id, *settled.SETTLES)


def _cells(row: Read) -> tuple[Cell, ...]:
    price, off, tip, to_pay = (
        [in_currency(minor, row.currency, wanted) for wanted in Currency]
        for minor in (row.before_minor, row.discount_minor, row.tip_minor or None, row.amount_minor)
    )
    return (
        row.day,
        row.till,
        row.z_number,
        row.cashier,
        row.number,
        moment(row.made_at),
        str(row.status).capitalize(),
        *price,
        *off,
        *tip,
        *to_pay,
        _percent(row.permille),
        _WHY[row.reason] if row.reason else "",
        row.why or "",
        row.agreed_by or "",
        row.note,
    )


def _percent(permille: int | None) -> str:
    return "" if permille is None else f"{permille // 10}.{permille % 10}"


SALES = Export(
    title="Sales",
    columns=(
        Column("Business day", Sort.DAY),
        Column("Till"),
        Column("Z report", Sort.COUNT),
        Column("Cashier"),
        Column("Sale", Sort.COUNT),
        Column("Made at", Sort.MOMENT),
        Column("Status"),
        Column("Price USD", Sort.USD),
        Column("Price KHR", Sort.KHR),
        Column("Discount USD", Sort.USD),
        Column("Discount KHR", Sort.KHR),
        Column("Tip USD", Sort.USD),
        Column("Tip KHR", Sort.KHR),
        Column("To pay USD", Sort.USD),
        Column("To pay KHR", Sort.KHR),
        Column("Per cent off"),
        Column("Why"),
        Column("Discount note"),
        Column("Agreed by"),
        Column("Note"),
    ),
    keys=(Sale.id,),
    query=_query,
    cells=_cells,
)
"""All sales of a store whose business day lies in the span."""
