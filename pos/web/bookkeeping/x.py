"""The X report: how an open shift stands, on the screen and on paper; kept nowhere."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.models import User
from pos.reports.closing import x_report
from pos.reports.paperwork import x_paper
from pos.reports.paperwork.speaking import in_language
from pos.services.bookkeeping import shifts
from pos.states import UNCLOSED
from pos.web.languages import language

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
    )
