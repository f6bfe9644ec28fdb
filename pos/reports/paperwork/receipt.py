"""A receipt: what a payer gets, gathered once when it is issued, then only read."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import select

from pos import clock
from pos.cash import Cash, Rate
from pos.extensions import db
from pos.models import Discount, GatewayTransaction, Mark, Payment, Sale, Tender, Till
from pos.money import Money
from pos.paper.document import Document, Line, Section
from pos.reports import wording
from pos.reports.paperwork import shop_lines
from pos.reports.paperwork.shop_lines import ShopLines
from pos.reports.writing import day, moment
from pos.version import __version__
from pos.words import _, joined


@dataclass(frozen=True, kw_only=True)
class TenderLine:
    """What one tender paid of the sale; in cash also the notes, the change and the rounding."""

    tender: str
    amount: Money
    reference: str
    given: Cash | None = None
    change: Cash | None = None
    rounding: Money | None = None
    """None where no cash was given."""


@dataclass(frozen=True, kw_only=True)
class Lessened:
    """What was taken off the price of the sale; `percent` is "" where an amount was named."""

    before: Money
    off: Money
    percent: str


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
    rate: Rate | None = None
    """What the cash of the sale was reckoned at; None where none was, or no rate was set."""
    discount: Lessened | None = None
    tip: Money | None = None
    shop: ShopLines = ShopLines()


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
    till, paid = db.session.get_one(Till, sale.till_id), tenders(sale)
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
        tenders=paid,
        is_practice=till.store.account.is_practice,
        written_at=clock.now(),
        version=__version__,
        rate=sale.rate if any(one.given for one in paid) else None,
        discount=_lessened(sale.discount),
        tip=sale.tip if sale.tip_minor else None,
        shop=shop_lines.of_store(till.store),
    )


def _lessened(row: Discount | None) -> Lessened | None:
    if row is None:
        return None
    return Lessened(before=row.before, off=row.amount, percent=row.percent)


def tenders(sale: Sale) -> tuple[TenderLine, ...]:
    """Return what paid a sale: cash first, then the money that settled it, or a manager's word."""
    taken = select(Tender).where(Tender.sale_id == sale.id).order_by(Tender.id)
    cash = [_cash(one) for one in db.session.scalars(taken)]
    money = select(GatewayTransaction).where(GatewayTransaction.settles_sale_id == sale.id)
    found = [_khqr(one) for one in db.session.scalars(money.order_by(GatewayTransaction.id))]
    if found or sum(one.amount.minor for one in cash) == sale.amount_minor:
        return (*cash, *found)
    marks = select(Mark).join(Payment, Payment.id == Mark.payment_id)
    marks = marks.where(Payment.sale_id == sale.id).order_by(Mark.id)
    return (*cash, *(_mark(one) for one in db.session.scalars(marks)))


def _cash(one: Tender) -> TenderLine:
    return TenderLine(
        tender="Cash",
        amount=one.settles,
        reference="",
        given=one.given,
        change=one.change,
        rounding=one.rounding,
    )


def _mark(mark: Mark) -> TenderLine:
    payment = mark.payment
    return TenderLine(
        tender="KHQR, marked by hand", amount=payment.amount, reference=payment.tran_id
    )


def _khqr(money: GatewayTransaction) -> TenderLine:
    return TenderLine(tender="KHQR", amount=money.amount, reference=money.payment.tran_id)


def document(view: ReceiptView) -> Document:
    """Return a receipt for paper, without a word about copies."""
    place = [view.merchant_name] if view.merchant_name != view.store_name else []
    paid = [line for one in view.tenders for line in _lines(one)]
    return Document(
        shop=view.store_name,
        subtitle=", ".join([*place, view.city]),
        head=shop_lines.on_paper(view.shop),
        title=_("RECEIPT %(number)s", number=view.number),
        flags=(_("Practice, no real money"),) if view.is_practice else (),
        facts=(
            Line(label=_("Date"), value=moment(view.paid_at)),
            Line(
                label=_("Till"),
                value=joined(view.till_name, _("sale %(number)s", number=view.sale_number)),
            ),
            Line(label=_("Cashier"), value=view.cashier_name),
        ),
        sections=(
            Section(heading=_("Total"), lines=_total(view)),
            Section(heading=_("Paid"), lines=(*paid, *_rate(view.rate))),
        ),
        foot=_(
            "Thank you. Written %(day)s. KHQR POS %(version)s",
            day=day(view.written_at),
            version=view.version,
        ),
        closing=view.shop.text,
    )


def _total(view: ReceiptView) -> tuple[Line, ...]:
    """Tell what was to be paid, and how it came to that."""
    to_pay, less = Line(label=_("To pay"), value=str(view.amount), is_strong=True), view.discount
    tip = (Line(label=_("Tip"), value=str(view.tip)),) if view.tip else ()
    if less is None:
        bare = view.amount - view.tip if view.tip else view.amount
        return (Line(label=_("Price"), value=str(bare)), *tip, to_pay) if tip else (to_pay,)
    label = joined(_("Discount"), less.percent, by=" ") if less.percent else _("Discount")
    off = Line(label=label, value=f"-{less.off}")
    return (Line(label=_("Price"), value=str(less.before)), off, *tip, to_pay)


def _lines(one: TenderLine) -> list[Line]:
    """Tell one tender: what it paid, and under it the notes and the change, or its number."""
    lines = [
        Line(
            label=wording.TENDER.get(one.tender, one.tender), value=str(one.amount), is_strong=True
        )
    ]
    if one.reference:
        lines.append(Line(label=_("Number"), value=one.reference))
    if one.given:
        lines.append(Line(label=_("Given"), value=one.given.words))
        change = one.change.words if one.change else _("none")
        lines.append(Line(label=_("Change"), value=change))
    if one.rounding and one.rounding.minor:
        lines.append(Line(label=_("Rounding"), value=str(one.rounding)))
    return lines


def _rate(rate: Rate | None) -> tuple[Line, ...]:
    if rate is None:
        return ()
    return (Line(label=_("$1 buy / sell"), value=f"៛{rate.buy:,} / ៛{rate.sell:,}"),)
