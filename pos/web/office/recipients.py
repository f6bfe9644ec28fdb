"""Who is told of the store's alerts: a manager adds them, tests them and removes them."""

from dataclasses import fields

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import NotFound, Refused
from pos.models import User
from pos.reports.office import alerts as report
from pos.services.alerting import recipients as deeds
from pos.services.alerting.recipients import Wish
from pos.web.languages import flash, language
from pos.words import _

bp = Blueprint("recipients", __name__, url_prefix="/recipients")

MOST_TYPED = 300
"""Characters of a field that are read."""


@bp.route("", methods=["GET", "POST"], endpoint="recipients")
def recipient_list() -> ResponseReturnValue:
    """List whom the store tells; on POST add one more."""
    if request.method != "POST":
        return _page(_empty())
    wish = Wish(**{one.name: request.form.get(one.name, "")[:MOST_TYPED] for one in fields(Wish)})
    try:
        deeds.add(current_user.user, wish)
    except Refused as problem:
        return _page(wish, problem.text, problem.status)
    flash(_("The recipient is added. Send a test."))
    return redirect(url_for(".recipients"), 303)


@bp.post("/<int:recipient_id>/test")
def test(recipient_id: int) -> ResponseReturnValue:
    """Put a test message into the outbox; the list shows what becomes of it."""
    try:
        deeds.test(current_user.user, recipient_id)
    except NotFound:
        raise
    except Refused as problem:
        return _page(_empty(), problem.text, problem.status)
    flash(_("The test is in the outbox. What became of it stands beside the name."))
    return redirect(url_for(".recipients"), 303)


@bp.post("/<int:recipient_id>/remove")
def remove(recipient_id: int) -> ResponseReturnValue:
    """Send a recipient nothing more."""
    deeds.remove(current_user.user, recipient_id)
    flash(_("The recipient is told nothing more."))
    return redirect(url_for(".recipients"), 303)


def _empty() -> Wish:
    return Wish("", "telegram", "", "warning", str(language()), "22:00", "06:00")


def _page(wish: Wish, error: str = "", status: int = 200) -> ResponseReturnValue:
    me: User = current_user.user
    return render_template(
        "recipients/recipients.html",
        store_name=me.store.name,
        known=report.recipients(me.store_id),
        ways=report.WAYS,
        form=wish,
        error=error,
    ), status
