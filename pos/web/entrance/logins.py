"""One's own logins: where they are open, and how they are ended."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.services.people import logins
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import _

bp = Blueprint("logins", __name__, url_prefix="/password/logins")


@bp.get("", endpoint="logins")
def login_list() -> ResponseReturnValue:
    """List the browsers in which this person is logged in."""
    return render_template(
        "logins/logins.html",
        store_name=me().store.name,
        logins=logins.of_person(me().id),
        this=current_user.login.id,
    )


@bp.post("/<int:login_id>/end")
def end(login_id: int) -> ResponseReturnValue:
    """End one login, perhaps this one."""
    logins.end_one(me().id, login_id)
    flash(_("The login has ended."))
    return redirect(url_for(".logins"), 303)


@bp.post("/end")
def end_others() -> ResponseReturnValue:
    """End every login of this person but this one."""
    logins.end_all(me().id, keep_token=current_user.token)
    flash(_("Every other login of yours has ended."))
    return redirect(url_for(".logins"), 303)
