"""A receipt: what a payer gets, gathered once when it is issued, then only read."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Mark, Payment, Sale, Till
from pos.money import Money
from pos.paper.document import Document, Line, Section
from pos.reports.writing import day, time_of_day
from pos.version import __version__


@dataclass(frozen=True, kw_only=True)
class TenderLine:
    """What was given by one tender."""

    tender: str
    amount: Money
    reference: str


@dataclass(frozen=True, kw_only=True)
class ReceiptView:
    """All of one receipt. A field added later needs a default: receipts are kept as written."""

    number: int
    merchant_name: str
    city: str
    store_name: str
    till_name: str
    cashier_name: str
    sale_number: int
    business_day: date
    paid_at: datetime
    amount: Money
    tenders: tuple[TenderLine, ...]
    is_practice: bool
    written_at: datetime
    version: str


@cache
def _adapter() -> TypeAdapter[ReceiptView]:
    return TypeAdapter(ReceiptView)


def to_json(view: ReceiptView) -> str:
    """Return a receipt as the text that is stored for good."""
    return _adapter().dump_json(view).decode()


def from_json(body: str) -> ReceiptView:
    """Return a stored receipt, exactly as it was written."""
    return _adapter().validate_json(body)


def gather(sale: Sale, number: int) -> ReceiptView:
    """Return the receipt of a paid sale under this number."""
    assert sale.paid_at is not None
    till = db.session.get_one(Till, sale.till_id)
    return ReceiptView(
        number=number,
        merchant_name=till.store.merchant.name,
        city=till.store.merchant.city,
        store_name=till.store.name,
        till_name=till.name,
        cashier_name=sale.shift.cashier_name,
        sale_number=sale.number,
        business_day=sale.business_date,
        paid_at=sale.paid_at,
        amount=sale.amount,
        tenders=tenders(sale),
        is_practice=till.store.account.is_practice,
        written_at=clock.now(),
        version=__version__,
    )


def tenders(sale: Sale) -> tuple[TenderLine, ...]:
    """Return what paid a sale: the money that settled it, or a manager's word."""
    money = select(GatewayTransaction).where(GatewayTransaction.settles_sale_id == sale.id)
    found = [_khqr(one) for one in db.session.scalars(money.order_by(GatewayTransaction.id))]
    if found:
        return tuple(found)
    marks = select(Mark).join(Payment, Payment.id == Mark.payment_id)
    marks = marks.where(Payment.sale_id == sale.id).order_by(Mark.id)
    return tuple(
        TenderLine(
            tender="KHQR, marked by hand",
            amount=mark.payment.amount,
            reference=mark.payment.tran_id,
        )
        for mark in db.session.scalars(marks)
    )


def _khqr(money: GatewayTransaction) -> TenderLine:
    return TenderLine(tender="KHQR", amount=money.amount, reference=money.payment.tran_id)


def document(view: ReceiptView) -> Document:
    """Return a receipt for paper, without a word about copies."""
    place = [view.merchant_name] if view.merchant_name != view.store_name else []
    when = f"{day(view.paid_at)}, {time_of_day(view.paid_at)}"
    paid = [Line(label=one.tender, value=str(one.amount)) for one in view.tenders]
    references = [Line(label="Number", value=one.reference) for one in view.tenders]
    return Document(
        shop=view.store_name,
        subtitle=", ".join([*place, view.city]),
        title=f"RECEIPT {view.number}",
        flags=("Practice, no real money",) if view.is_practice else (),
        facts=(
            Line(label="Date", value=when),
            Line(label="Till", value=f"{view.till_name}, sale {view.sale_number}"),
            Line(label="Cashier", value=view.cashier_name),
        ),
        sections=(
            Section(
                heading="Total",
                lines=(Line(label="To pay", value=str(view.amount), is_strong=True),),
            ),
            Section(heading="Paid", lines=(*paid, *references)),
        ),
        foot=f"Thank you. Written {day(view.written_at)}. KHQR POS {view.version}",
    )
