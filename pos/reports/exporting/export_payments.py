"""Every attempt to collect a sale, with the money that the bank reported for it.

A row is a payment, or one piece of money where a payment brought more than one. Those that
count on a Z report say so and name it, so that its totals can be recomputed from the file.
"""

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from pos.models import GatewayTransaction, Payment, Sale, Shift, Till, User, ZReport
from pos.money import Currency, Money
from pos.reports import wording
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

_PaidIn = aliased(Shift)
_MONEY_KEY = func.coalesce(GatewayTransaction.id, 0)
_DAY = func.coalesce(_PaidIn.business_date, Sale.business_date)
"""The day of the report on which a payment stands; of its sale, if it stands on none."""


def _query(span: Span) -> Rows:
    return (
        select(
            Payment.id,
            _MONEY_KEY,
            _DAY.label("day"),
            Till.name.label("till"),
            ZReport.number.label("z_number"),
            User.display_name.label("cashier"),
            Sale.number.label("sale"),
            Sale.note,
            Payment.tran_id,
            Payment.status,
            Payment.remark,
            Payment.made_at,
            Payment.amount_minor,
            Payment.currency,
            (GatewayTransaction.settles_sale_id == Payment.sale_id).label("counts"),
            GatewayTransaction.gateway,
            GatewayTransaction.paid_at,
            GatewayTransaction.amount_minor.label("received_minor"),
            GatewayTransaction.currency.label("received_currency"),
            GatewayTransaction.payer,
            GatewayTransaction.bank_reference,
            func.substr(GatewayTransaction.reference, 1, 8).label("short_hash"),
            case((settled.BY_BANK, Sale.rounding_minor), else_=0).label("keyed"),
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Till, Till.id == Payment.till_id)
        .join(User, User.id == Sale.cashier_id)
        .outerjoin(GatewayTransaction, GatewayTransaction.payment_id == Payment.id)
        .outerjoin(_PaidIn, _PaidIn.id == Payment.paid_shift_id)
        .outerjoin(ZReport, ZReport.shift_id == Payment.paid_shift_id)
        .where(Till.store_id == span.store_id, _DAY.between(span.first, span.last))
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    asked, received = (
        [in_currency(minor, of, wanted) for wanted in (Currency.USD, Currency.KHR)]
        for minor, of in (
            (row.amount_minor, row.currency),
            (row.received_minor, row.received_currency),
        )
    )
    return (
        row.day,
        row.till,
        row.z_number,
        row.cashier,
        row.sale,
        row.tran_id,
        wording.status_of(row.status, row.remark)[0],
        wording.REMARK[row.remark] if row.remark else "",
        moment(row.made_at),
        *asked,
        moment(row.paid_at),
        *received,
        "yes" if row.counts and row.z_number else "no",
        row.gateway or "",
        row.payer or "",
        row.bank_reference or "",
        row.short_hash or "",
        row.note,
        Money(row.keyed, Currency.KHR).decimal,
    )


PAYMENTS = Export(
    title="Payments",
    columns=(
        Column("Business day", Sort.DAY),
        Column("Till"),
        Column("Z report", Sort.COUNT),
        Column("Cashier"),
        Column("Sale", Sort.COUNT),
        Column("Number"),
        Column("Status"),
        Column("Remark"),
        Column("Asked at", Sort.MOMENT),
        Column("Asked USD", Sort.USD),
        Column("Asked KHR", Sort.KHR),
        Column("Paid at", Sort.MOMENT),
        Column("Received USD", Sort.USD),
        Column("Received KHR", Sort.KHR),
        Column("In the Z total"),
        Column("Gateway"),
        Column("From"),
        Column("Bank reference"),
        Column("Hash"),
        Column("Note"),
        Column("Keyed rounding KHR", Sort.KHR),
    ),
    keys=(Payment.id, _MONEY_KEY),
    query=_query,
    cells=_cells,
)
"""All payments of a store whose business day lies in the span."""
