"""Coming in by name and PIN, on a browser that is an enrolled till."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos.errors import Refused
from pos.models import Terminal
from pos.services.people import terminals
from pos.web import enrolled, languages
from pos.web.ids import row_id
from pos.web.rights import home
from pos.web.signed_in import come_in, device, me, safe_path

bp = Blueprint("switch", __name__)


@dataclass(frozen=True)
class SwitchForm:
    """What the page draws again: who was chosen and what was wrong, but never a PIN."""

    user_id: int | None = None
    error: str = ""
    next: str = ""


@bp.route("/switch", methods=["GET", "POST"])
def switch() -> ResponseReturnValue:
    """Show who works at this till, and let one of them in by PIN; their sale waits for nobody.

    On a browser that is no till of the shop only a password opens anything.
    """
    back, till = safe_path(request.values.get("next", "")), enrolled.here()
    if till is None:
        return redirect(url_for("auth.login", next=back or None), 303)
    if request.method != "POST":
        return _page(till, SwitchForm(next=back))
    user_id = request.form.get("user_id", type=row_id)
    try:
        token = terminals.come_in(till, user_id, request.form.get("pin", ""), device())
    except Refused as problem:
        return _page(till, SwitchForm(user_id, problem.text, back), problem.status)
    come_in(token)
    return languages.as_chosen(redirect(back or url_for(home()), 303), me().language)


def _page(till: Terminal, form: SwitchForm, status: int = 200) -> ResponseReturnValue:
    people = terminals.people_at(till)
    return render_template("switch/switch.html", till=till, people=people, form=form), status
