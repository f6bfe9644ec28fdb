"""The browsers that are tills of the store: enrolled, listed, and taken back."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import Refused
from pos.services.people import terminals
from pos.web import enrolled
from pos.web.languages import flash
from pos.web.signed_in import me
from pos.words import _

bp = Blueprint("devices", __name__, url_prefix="/devices")


@bp.route("", methods=["GET", "POST"], endpoint="devices")
def device_list() -> ResponseReturnValue:
    """List the enrolled tills; on POST make the browser that asks one of them."""
    if request.method != "POST":
        return _page()
    name = request.form.get("name", "")[:200]
    try:
        token = terminals.enroll(me(), name)
    except Refused as problem:
        return _page(name, problem.text, problem.status)
    flash(_("This browser is now a till of the store: people come in by name and PIN."))
    answer = redirect(url_for(".devices"), 303)
    enrolled.remember(answer, token)
    return answer


def _page(name: str = "", error: str = "", status: int = 200) -> ResponseReturnValue:
    here = enrolled.here()
    return render_template(
        "devices/devices.html",
        store_name=me().store.name,
        terminals=terminals.of_store(me().store_id),
        here=here.id if here else None,
        name=name,
        error=error,
    ), status


@bp.post("/<int:terminal_id>/revoke")
def revoke(terminal_id: int) -> ResponseReturnValue:
    """Take an enrolment back; whoever is logged in there is out at once."""
    terminals.revoke(me(), terminal_id)
    flash(_("The device is no till any more. Every login there has ended."))
    return redirect(url_for(".devices"), 303)
