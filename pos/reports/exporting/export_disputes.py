"""Disputes that were opened in a range of days, with how they ended and by whose word."""

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from pos import clock
from pos.models import Dispute, DisputeEntry, Payment, Sale, Till, User
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
from pos.reports.wording import DISPUTE_KIND, DISPUTE_STATUS
from pos.states import DisputeDeed

_Begin = aliased(DisputeEntry)
_End = aliased(DisputeEntry)
_Approved = aliased(User)


def _query(span: Span) -> Rows:
    first, after_last = clock.day_span(span.first)[0], clock.day_span(span.last)[1]
    columns = select(
        Dispute.id,
        Till.name.label("till"),
        Payment.tran_id,
        Sale.number.label("sale"),
        Dispute.kind,
        Dispute.status,
        Dispute.amount_minor,
        Dispute.currency,
        Dispute.paid_at,
        Dispute.payer_digits,
        Dispute.opened_at,
        User.display_name.label("opened_by"),
        Dispute.due_at,
        Dispute.ended_at,
        _Approved.display_name.label("approved_by"),
        _Begin.text.label("says"),
        _End.text.label("why"),
    )
    in_span = (Dispute.opened_at >= first, Dispute.opened_at < after_last)
    return _joined(columns).where(Till.store_id == span.store_id, *in_span)


def _joined(columns: Rows) -> Rows:
    begin = and_(_Begin.dispute_id == Dispute.id, _Begin.deed == DisputeDeed.OPENED)
    end = and_(_End.dispute_id == Dispute.id, _End.deed == DisputeDeed.ENDED)
    return (
        columns.join(Till, Till.id == Dispute.till_id)
        .join(User, User.id == Dispute.opened_by_id)
        .join(_Begin, begin)
        .outerjoin(_End, end)
        .outerjoin(_Approved, _Approved.id == _End.approved_by_id)
        .outerjoin(Payment, Payment.id == Dispute.payment_id)
        .outerjoin(Sale, Sale.id == Payment.sale_id)
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    return (
        row.id,
        row.till,
        row.tran_id or "",
        row.sale,
        DISPUTE_KIND[row.kind],
        DISPUTE_STATUS[row.status][0],
        in_currency(row.amount_minor, row.currency, Currency.USD),
        in_currency(row.amount_minor, row.currency, Currency.KHR),
        moment(row.paid_at),
        row.payer_digits,
        moment(row.opened_at),
        row.opened_by,
        moment(row.due_at),
        moment(row.ended_at),
        row.approved_by or "",
        row.says,
        row.why or "",
    )


DISPUTES = Export(
    title="Disputes",
    columns=(
        Column("Dispute", Sort.COUNT),
        Column("Till"),
        Column("Number"),
        Column("Sale", Sort.COUNT),
        Column("About"),
        Column("Status"),
        Column("Amount USD", Sort.USD),
        Column("Amount KHR", Sort.KHR),
        Column("Customer paid at", Sort.MOMENT),
        Column("Payer's last digits"),
        Column("Opened at", Sort.MOMENT),
        Column("Opened by"),
        Column("Answer until", Sort.MOMENT),
        Column("Ended at", Sort.MOMENT),
        Column("Agreed by"),
        Column("Customer says"),
        Column("Why it ended so"),
    ),
    keys=(Dispute.id,),
    query=_query,
    cells=_cells,
)
"""The disputes of a store that were opened on the calendar days of the span."""
