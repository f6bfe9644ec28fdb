"""The amounts that the tills of a store offer at one tap: a manager sets them."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, Refused
from pos.models import User
from pos.money import Currency
from pos.services.selling import quick_amounts
from pos.services.shop import limits
from pos.web.forms import INCOMPLETE
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("quick_amounts", __name__, url_prefix="/quick-amounts")


MOST_TYPED = 120
"""Characters of a row of amounts that are read."""


@dataclass(frozen=True)
class QuickForm:
    """The form as it is drawn: the amounts of each currency with spaces between."""

    usd: str = ""
    khr: str = ""
    error: str = ""


@bp.route("", methods=["GET", "POST"], endpoint="quick_amounts")
def amounts_page() -> ResponseReturnValue:
    """Show the amounts of the person's store; on POST put others in their place."""
    me: User = current_user.user
    if request.method != "POST":
        return _page(me, _as_set(me.store_id))
    usd, khr = (request.form.get(name, "")[:MOST_TYPED] for name in ("usd", "khr"))
    try:
        if not {"usd", "khr"} <= request.form.keys():
            raise BadInput(INCOMPLETE)
        allowed = limits.of(me.store)
        amounts = {
            Currency.USD: quick_amounts.read(usd, Currency.USD, allowed),
            Currency.KHR: quick_amounts.read(khr, Currency.KHR, allowed),
        }
        quick_amounts.set_amounts(me, amounts)
    except Refused as problem:
        return _page(me, QuickForm(usd, khr, problem.text), problem.status)
    flash(_("The quick amounts are set. A till shows them when its page is next drawn."))
    return redirect(url_for(".quick_amounts"), 303)


def _as_set(store_id: int) -> QuickForm:
    known = quick_amounts.of_store(store_id)
    usd, khr = (" ".join(one.plain for one in known[of]) for of in (Currency.USD, Currency.KHR))
    return QuickForm(usd, khr)


def _page(me: User, form: QuickForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "quick_amounts/quick_amounts.html", store_name=me.store.name, form=form
    ), status
