"""Every QR that was made, with how long it lived and what became of it."""

from sqlalchemy import select

from pos import clock
from pos.models import GatewayAccount, Payment, Sale, Till, User
from pos.money import Currency
from pos.reports import wording
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
from pos.reports.office import qr_log


def _query(span: Span) -> Rows:
    first, after_last = clock.day_span(span.first)[0], clock.day_span(span.last)[1]
    return (
        select(
            Payment.id,
            Payment.made_at,
            Till.name.label("till"),
            User.display_name.label("cashier"),
            Sale.number.label("sale"),
            Payment.tran_id,
            GatewayAccount.gateway,
            Payment.amount_minor,
            Payment.currency,
            qr_log.ended().label("ended_at"),
            Payment.status,
            Payment.remark,
        )
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Till, Till.id == Payment.till_id)
        .join(User, User.id == Sale.cashier_id)
        .join(GatewayAccount, GatewayAccount.id == Payment.account_id)
        .where(
            Till.store_id == span.store_id,
            Payment.made_at >= first,
            Payment.made_at < after_last,
        )
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    return (
        moment(row.made_at),
        row.till,
        row.cashier,
        row.sale,
        row.tran_id,
        row.gateway,
        in_currency(row.amount_minor, row.currency, Currency.USD),
        in_currency(row.amount_minor, row.currency, Currency.KHR),
        moment(row.ended_at),
        qr_log.seconds(row.made_at, row.ended_at),
        wording.status_of(row.status, row.remark)[0],
        wording.REMARK[row.remark] if row.remark else "",
    )


QR_LOG = Export(
    title="QR log",
    columns=(
        Column("Made at", Sort.MOMENT),
        Column("Till"),
        Column("Cashier"),
        Column("Sale", Sort.COUNT),
        Column("Number"),
        Column("Gateway"),
        Column("Amount USD", Sort.USD),
        Column("Amount KHR", Sort.KHR),
        Column("Ended at", Sort.MOMENT),
        Column("Seconds", Sort.COUNT),
        Column("Outcome"),
        Column("Remark"),
    ),
    keys=(Payment.id,),
    query=_query,
    cells=_cells,
)
"""All QRs of a store that were made on the calendar days of the span."""
