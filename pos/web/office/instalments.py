"""Sales in parts: found by their number, charged for the part that is due, completed."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, NotFound, Refused
from pos.plans import PartName
from pos.reports.online import plan_list, planned
from pos.services.bookkeeping import shifts
from pos.services.online import paying
from pos.services.plans import releasing
from pos.web.forms import INCOMPLETE
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import _

bp = Blueprint("instalments", __name__, url_prefix="/instalments")


@bp.get("")
def instalments() -> ResponseReturnValue:
    """List the store's sales in parts, or look for one by its number or reference."""
    name = request.args.get("name", "").strip()[:64]
    found = plan_list.of_store(me().store_id, name)
    if name and len(found) == 1:
        return redirect(url_for(".sale", outside_id=found[0].id), 303)
    page = render_template(
        "instalments/instalments.html", store_name=me().store.name, sales=found, name=name
    )
    return page, 404 if name and not found else 200


@bp.get("/<int:outside_id>")
def sale(outside_id: int) -> ResponseReturnValue:
    """Show one sale with its parts, what is held, and what can be done."""
    return _page(outside_id)


@bp.post("/<int:outside_id>/charge")
def charge(outside_id: int) -> ResponseReturnValue:
    """Show the QR of the named part at the person's till; cash is taken there instead."""
    shift = shifts.open_shift_of(me().id)
    if shift is None:
        return redirect(url_for("shifts.open_shift"), 303)
    found, who = plan_list.find(me().store_id, outside_id), current_user.who
    try:
        part = _read_part(request.form.get("part", ""))
        paying.begin(found.id, shift.id, who=who, again_ok=True, instalment=part)
    except NotFound:
        raise
    except Refused as problem:
        return _page(outside_id, problem.text, problem.status)
    return redirect(url_for("till.till"), 303)


def _read_part(word: str) -> PartName:
    try:
        return PartName(word)
    except ValueError:
        raise BadInput(INCOMPLETE) from None


@bp.post("/<int:outside_id>/complete")
def complete(outside_id: int) -> ResponseReturnValue:
    """Release what is held of a sale: the goods are handed over."""
    found = plan_list.find(me().store_id, outside_id)
    try:
        releasing.complete(found, who=current_user.who)
    except Refused as problem:
        return _page(outside_id, problem.text, problem.status)
    flash(_("Completed. The money that was held is the shop's."))
    return redirect(url_for(".sale", outside_id=outside_id), 303)


def _page(outside_id: int, error: str = "", status: int = 200) -> ResponseReturnValue:
    found = plan_list.find(me().store_id, outside_id)
    return render_template(
        "instalments/sale.html",
        store_name=me().store.name,
        sale=found,
        plan=planned.standing(found),
        kinds=plan_list.KIND,
        parts=plan_list.PART,
        states=plan_list.STATE,
        has_shift=shifts.open_shift_of(me().id) is not None,
        error=error,
    ), status
