"""What a store has printed on its receipts: one page sets it, and shows how it will look."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import Refused
from pos.models import User
from pos.reports.paperwork import shop_lines
from pos.services.shop import names
from pos.services.shop import receipt_lines as lines
from pos.services.shop.receipt_lines import LinesTyped
from pos.web.languages import flash
from pos.words import Words, _

bp = Blueprint("receipt_lines", __name__, url_prefix="/settings")

MOST_TYPED = 200


@bp.route("/receipts", methods=["GET", "POST"], endpoint="receipt_lines")
def lines_page() -> ResponseReturnValue:
    """Show the lines of the person's store; on POST have others printed."""
    me: User = current_user.user
    if request.method != "POST":
        return _page(me, lines.shown(me.store))
    sent = {name: request.form.get(name, "")[:MOST_TYPED] for name in vars(LinesTyped())}
    typed = LinesTyped(**sent)
    try:
        lines.change(me, typed, seen=request.form.get("seen", "")[:MOST_TYPED])
    except Refused as problem:
        return _page(me, typed, problem.text, problem.status)
    flash(_("That is set. It stands on receipts from the next one on."))
    return redirect(url_for(".receipt_lines"), 303)


def _page(
    me: User, typed: LinesTyped, error: str | Words = "", status: int = 200
) -> ResponseReturnValue:
    store = me.store
    printed = shop_lines.of_store(store)
    return render_template(
        "receipt_lines/receipt_lines.html",
        store_name=store.name,
        place=f"{store.merchant.name}, {store.merchant.city}",
        typed=typed,
        seen=names.seen(lines.shown(store)),
        head=shop_lines.on_paper(printed),
        text=printed.text,
        most=lines.MOST_LINE,
        error=error,
    ), status
