"""Receipts: the paid sales of a shift or a store, and the receipt of each, on paper or a phone."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from pos.errors import NotFound
from pos.extensions import db
from pos.models import Kind, Receipt, Sale, Shift, Till, User
from pos.money import Money
from pos.permissions import Right
from pos.reports.counter import screens
from pos.reports.paperwork import documents
from pos.reports.paperwork.speaking import in_language
from pos.services.bookkeeping import shifts
from pos.services.paperwork import receipt_links, receipts
from pos.states import SaleStatus
from pos.web.languages import flash, language
from pos.web.paperwork.printed import Paperwork, paperwork_of
from pos.web.paperwork.receipt_address import address_of
from pos.words import _

bp = Blueprint("receipts", __name__, url_prefix="/receipts")

LISTED = 100
"""How many paid sales the list shows, newest first."""


@dataclass(frozen=True)
class PaidSale:
    """One paid sale in the list; `receipt_number` 0 means that it has no receipt yet."""

    id: int
    number: int
    till_name: str
    paid_at: datetime
    amount: Money
    receipt_number: int


def _me() -> User:
    user: User = current_user.user
    return user


@bp.get("", endpoint="receipts")
def receipts_list() -> ResponseReturnValue:
    """List the newest paid sales: the person's own, or all of a manager's store."""
    query = (
        select(Sale, Till.name, Receipt.number)
        .join(Till, Till.id == Sale.till_id)
        .outerjoin(Receipt, Receipt.sale_id == Sale.id)
        .where(Till.store_id == _me().store_id, Sale.status == SaleStatus.PAID)
        .order_by(Sale.id.desc())
        .limit(LISTED)
    )
    if not _me().may(Right.SEE_ALL_TILLS):
        query = query.join(Shift, Shift.id == Sale.shift_id).where(Shift.cashier_id == _me().id)
    lines = [_line(*row) for row in db.session.execute(query)]
    return render_template("receipts/receipts.html", store_name=_me().store.name, sales=lines)


def _line(sale: Sale, till_name: str, number: int | None) -> PaidSale:
    assert sale.paid_at is not None
    return PaidSale(sale.id, sale.number, till_name, sale.paid_at, sale.amount, number or 0)


@bp.post("/<int:sale_id>")
def issue(sale_id: int) -> ResponseReturnValue:
    """Give a paid sale its receipt, or find the one that it has."""
    receipts.issue(receipts.find_sale(sale_id, _me()).id)
    return redirect(url_for(".receipt", sale_id=sale_id), 303)


@bp.get("/<int:sale_id>")
def receipt(sale_id: int) -> ResponseReturnValue:
    """Show the receipt of a sale and how it can be printed."""
    sale = receipts.find_sale(sale_id, _me())
    found = receipts.issued(sale.id)
    if found is None:
        raise NotFound(_("This sale has no receipt yet."))
    paperwork: Paperwork = paperwork_of(Kind.RECEIPT, found.id)
    return render_template(
        "receipts/receipt.html",
        store_name=_me().store.name,
        document=in_language(documents.find(Kind.RECEIPT, found.id).document, language()),
        paperwork=paperwork,
        sale_id=sale_id,
    )


@bp.post("/<int:sale_id>/qr")
def show_link(sale_id: int) -> ResponseReturnValue:
    """Give the payer a link: its QR is on the next page, and on the displays of one's own till."""
    sale = receipts.find_sale(sale_id, _me())
    receipt_links.give(sale.id)
    shift = shifts.open_shift_of(_me().id)
    if shift is not None and screens.has_display(shift.till_id):
        receipt_links.show(sale_id, shift.till_id)
        flash(_("The customer's screen shows it for 15 seconds."))
    return redirect(url_for(".link", sale_id=sale_id), 303)


@bp.get("/<int:sale_id>/qr")
def link(sale_id: int) -> ResponseReturnValue:
    """Show the QR of a link that was given, for a customer who looks at the till itself."""
    sale = receipts.find_sale(sale_id, _me())
    found = receipt_links.find(sale.id) if receipt_links.are_given() else None
    if found is None:
        return redirect(url_for(".receipts"), 303)
    return render_template(
        "receipts/link.html",
        store_name=_me().store.name,
        sale=sale,
        address=address_of(found),
        ends_at=found.ends_at,
    )
