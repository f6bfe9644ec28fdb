"""Whether the tills of a store give discounts, and how much without a manager: one sets it."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, Refused
from pos.models import User
from pos.services.selling import discounts
from pos.web.forms import INCOMPLETE
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("discount_rules", __name__, url_prefix="/discounts")

USUAL_LIMIT = "10"
"""The per cent that is proposed where a store gives no discounts yet."""


@dataclass(frozen=True)
class RulesForm:
    """The form as it is drawn."""

    gives: bool = False
    limit: str = USUAL_LIMIT
    error: str = ""


@bp.route("", methods=["GET", "POST"])
def rules() -> ResponseReturnValue:
    """Show what the person's store allows; on POST set it."""
    me: User = current_user.user
    if request.method != "POST":
        limit = me.store.discount_limit
        return _page(me, RulesForm() if limit is None else RulesForm(True, str(limit)))
    form = RulesForm("gives" in request.form, request.form.get("limit", "")[:4])
    try:
        if "limit" not in request.form:
            raise BadInput(INCOMPLETE)
        discounts.set_limit(me, discounts.read_limit(form.limit) if form.gives else None)
    except Refused as problem:
        return _page(me, RulesForm(form.gives, form.limit, problem.text), problem.status)
    flash(_("That is set. A till shows it when its page is next drawn."))
    return redirect(url_for(".rules"), 303)


def _page(me: User, form: RulesForm, status: int = 200) -> ResponseReturnValue:
    return render_template("discounts/rules.html", store_name=me.store.name, form=form), status
