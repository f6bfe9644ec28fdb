"""The X report: how an open shift stands, on the screen and on paper; kept nowhere."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.extensions import db
from pos.models import Kind, Printer, Shift, User
from pos.reports.closing import x_report
from pos.reports.paperwork import x_paper
from pos.reports.paperwork.speaking import in_language
from pos.services.bookkeeping import shifts
from pos.services.paperwork import printing
from pos.states import UNCLOSED
from pos.web.languages import flash, language
from pos.web.paperwork.printed import printed_look
from pos.words import _

bp = Blueprint("x", __name__, url_prefix="/shifts")


@bp.get("/<int:shift_id>/x")
def look(shift_id: int) -> ResponseReturnValue:
    """Show what a shift comes to so far; `?paper=80mm` for the till roll.

    Who is to count its drawer blind is not told of its cash.
    """
    me: User = current_user.user
    shift = shifts.find(shift_id, me)
    if shift.status not in UNCLOSED:
        return redirect(url_for("shifts.report", shift_id=shift_id), 303)
    x = x_report.gather(shift, is_blind=shifts.is_blind_to(shift, me))
    return render_template(
        "x/x.html",
        store_name=shift.till.store.name,
        shift_id=shift.id,
        document=in_language(x_paper.document(x), language()),
        paper="80mm" if request.args.get("paper") == "80mm" else "a4",
        printed=printed_look(_kind(shift, me), shift.id),
        has_printer=db.session.get(Printer, shift.till_id) is not None,
    )


@bp.post("/<int:shift_id>/x/print")
def print_it(shift_id: int) -> ResponseReturnValue:
    """Have the till's receipt printer give it, with no more in it than this person may know."""
    me: User = current_user.user
    shift = shifts.find(shift_id, me)
    if shift.status not in UNCLOSED:
        return redirect(url_for("shifts.report", shift_id=shift_id), 303)
    kind, till_id = _kind(shift, me), shift.till_id
    printing.ask_look(kind, shift_id, till_id, who=current_user.who, language=language())
    flash(_("Sent to the receipt printer."))
    return redirect(url_for(".look", shift_id=shift_id), 303)


def _kind(shift: Shift, person: User) -> Kind:
    return Kind.X_BLIND if shifts.is_blind_to(shift, person) else Kind.X_REPORT
