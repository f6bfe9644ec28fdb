"""The limits of a store: one page sets them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import Refused
from pos.models import User
from pos.services.shop import limits as rules
from pos.services.shop import names
from pos.web.languages import flash
from pos.words import Words, _

bp = Blueprint("limits", __name__, url_prefix="/settings")

MOST_TYPED = 20


@bp.route("/limits", methods=["GET", "POST"])
def limits() -> ResponseReturnValue:
    """Show what the person's store allows; on POST set it."""
    me: User = current_user.user
    if request.method != "POST":
        return _page(me, rules.shown(me.store))
    typed = {
        name: request.form.get(name, "")[:MOST_TYPED] for name in (*rules.NUMBERS, "blind_count")
    }
    try:
        rules.change(me, typed, seen=request.form.get("seen", "")[:MOST_TYPED])
    except Refused as problem:
        return _page(me, typed, problem.text, problem.status)
    flash(_("The limits are set. They hold from the next charge on."))
    return redirect(url_for(".limits"), 303)


def _page(
    me: User, typed: dict[str, str], error: str | Words = "", status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "limits/limits.html",
        store_name=me.store.name,
        typed=typed,
        default=rules.by_default(),
        seen=names.seen(rules.shown(me.store)),
        error=error,
    ), status
