"""Whether the customer screens of a store ask for tips: one page sets it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, Refused
from pos.extensions import settings
from pos.models import User
from pos.services.selling import tips
from pos.web.forms import INCOMPLETE
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("tip_rules", __name__, url_prefix="/tips")


@bp.route("", methods=["GET", "POST"])
def rules() -> ResponseReturnValue:
    """Show whether the person's store asks for tips; on POST set it."""
    me: User = current_user.user
    if request.method != "POST":
        return _page(me, me.store.asks_tips)
    asks = request.form.get("asks") == "yes"
    try:
        if request.form.get("asks") not in ("yes", "no"):
            raise BadInput(INCOMPLETE)
        tips.set_asking(me, asks=asks)
    except Refused as problem:
        return _page(me, asks, problem.text, problem.status)
    flash(_("That is set. It holds from the next charge on."))
    return redirect(url_for(".rules"), 303)


def _page(me: User, asks: bool, error: str = "", status: int = 200) -> ResponseReturnValue:
    name, seconds = me.store.name, settings().tip_seconds
    return render_template(
        "tips/rules.html", store_name=name, asks=asks, seconds=seconds, error=error
    ), status
