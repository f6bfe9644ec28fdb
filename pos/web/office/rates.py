"""The exchange rate of the store: what it is, what it was, and a manager's new one."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import Refused
from pos.models import User
from pos.services.selling import rates
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("rates", __name__, url_prefix="/rates")


@dataclass(frozen=True)
class RateForm:
    """The form as it is drawn."""

    buy: str = ""
    sell: str = ""
    asks_sure: bool = False
    error: str = ""


@bp.route("", methods=["GET", "POST"], endpoint="rates")
def rate_page() -> ResponseReturnValue:
    """Show the rate in force and those before; on POST put a new one into force."""
    me: User = current_user.user
    if request.method != "POST":
        return _page(me, RateForm())
    buy, sell = (request.form.get(name, "")[:10] for name in ("buy", "sell"))
    is_sure = "sure" in request.form
    try:
        rates.set_rate(me, rates.read(buy, sell), is_sure=is_sure)
    except Refused as problem:
        return _page(me, RateForm(buy, sell, True, problem.text), problem.status)
    flash(_("The exchange rate is set. Sales made before keep their own."))
    return redirect(url_for(".rates"), 303)


def _page(me: User, form: RateForm, status: int = 200) -> ResponseReturnValue:
    known = rates.history(me.store_id)
    return render_template(
        "rates/rates.html",
        store_name=me.store.name,
        rates=known,
        days=rates.days_old(known[0]) if known and rates.is_old(known[0]) else None,
        form=form,
    ), status
