"""Receipts: the paid sales of a shift or a store, and the receipt of each, on paper or a phone."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos import clock
from pos.errors import NotFound
from pos.extensions import settings
from pos.models import Kind, User
from pos.reports.counter import screens
from pos.reports.office import payment_words
from pos.reports.paperwork import documents, receipt_list
from pos.reports.paperwork.speaking import in_language
from pos.services.bookkeeping import shifts
from pos.services.paperwork import receipt_links, receipts
from pos.web.languages import flash, language
from pos.web.paperwork.printed import Paperwork, paperwork_of
from pos.web.paperwork.receipt_address import address_of
from pos.words import _

bp = Blueprint("receipts", __name__, url_prefix="/receipts")


def _me() -> User:
    user: User = current_user.user
    return user


@bp.get("", endpoint="receipts")
def receipts_list() -> ResponseReturnValue:
    """List the newest paid sales: the person's own, or all of a manager's store.

    `?text=` looks for a receipt's or a sale's number, an amount or a piece of a note.
    """
    typed = request.args.get("text", "")
    today = clock.business_date(clock.now(), settings().day_starts_hour)
    return render_template(
        "receipts/receipts.html",
        store_name=_me().store.name,
        sales=receipt_list.newest(_me(), typed, today),
        text=typed[: payment_words.LONGEST],
        longest=payment_words.LONGEST,
        days=receipt_list.DAYS,
    )


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
