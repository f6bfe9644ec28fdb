"""Money that went back by way of the bank, or may have; cash refunds are drawer movements."""

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased

from pos.models import GatewayTransaction, Payment, Refund, Sale, Shift, Till, User, ZReport
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
from pos.reports.wording import ALONE, REFUND_KIND, REFUND_PROOF, REFUND_STATUS
from pos.states import RefundKind, RefundStatus

_ApprovedBy = aliased(User)
_OF_SALE = GatewayTransaction.settles_sale_id.is_not(None)
_PAID_IN = case((_OF_SALE, func.coalesce(Payment.paid_shift_id, 0)), else_=0)
_MADE_IN = func.coalesce(Refund.shift_id, 0)
_COUNTED_IN = case((_PAID_IN > _MADE_IN, _PAID_IN), else_=_MADE_IN)
"""The later of the shift that made it and the one where its money counts, as on the report."""

_DAY = func.coalesce(Shift.business_date, Sale.business_date)
"""The day of the report on which a refund stands; of its sale, if it stands on none."""


def _query(span: Span) -> Rows:
    return (
        select(
            Refund.id,
            _DAY.label("day"),
            Till.name.label("till"),
            ZReport.number.label("z_number"),
            Sale.number.label("sale"),
            Payment.tran_id,
            Refund.made_at,
            Refund.ended_at,
            Refund.kind,
            Refund.status,
            GatewayTransaction.gateway,
            Refund.amount_minor,
            Refund.currency,
            _OF_SALE.label("of_sale"),
            Refund.reference,
            Refund.proof,
            Refund.note,
            (Refund.asked_by_id == Refund.approved_by_id).label("one_person"),
            _ApprovedBy.display_name.label("approved_by"),
        )
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Sale, Sale.id == Payment.sale_id)
        .join(Till, Till.id == Payment.till_id)
        .join(GatewayTransaction, GatewayTransaction.id == Refund.transaction_id)
        .outerjoin(_ApprovedBy, _ApprovedBy.id == Refund.approved_by_id)
        .outerjoin(Shift, and_(Refund.status == RefundStatus.DONE, Shift.id == _COUNTED_IN))
        .outerjoin(ZReport, ZReport.shift_id == Shift.id)
        .where(Till.store_id == span.store_id, _DAY.between(span.first, span.last))
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    return (
        row.day,
        row.till,
        row.z_number,
        row.sale,
        row.tran_id,
        moment(row.made_at),
        moment(row.ended_at),
        REFUND_KIND[row.kind],
        REFUND_STATUS[row.status][0],
        row.gateway,
        in_currency(row.amount_minor, row.currency, Currency.USD),
        in_currency(row.amount_minor, row.currency, Currency.KHR),
        "yes" if row.of_sale and row.z_number else "no",
        row.reference,
        REFUND_PROOF[row.proof][0] if row.proof else "",
        row.note,
        _agreed(row),
    )


def _agreed(row: Read) -> str:
    name = row.approved_by or ""
    is_alone = row.kind is RefundKind.MANUAL and row.one_person
    return f"{name}, {ALONE}" if name and is_alone else name


REFUNDS = Export(
    title="Refunds by way of the bank",
    columns=(
        Column("Business day", Sort.DAY),
        Column("Till"),
        Column("Z report", Sort.COUNT),
        Column("Sale", Sort.COUNT),
        Column("Number"),
        Column("Made at", Sort.MOMENT),
        Column("Ended at", Sort.MOMENT),
        Column("How"),
        Column("Status"),
        Column("Gateway"),
        Column("Amount USD", Sort.USD),
        Column("Amount KHR", Sort.KHR),
        Column("In the Z total"),
        Column("Bank reference"),
        Column("Proof"),
        Column("Note"),
        Column("Agreed by"),
    ),
    keys=(Refund.id,),
    query=_query,
    cells=_cells,
)
"""All refunds at a store's tills whose business day lies in the span."""
