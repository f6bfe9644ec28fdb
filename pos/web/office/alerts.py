"""What is wrong in the store, what was, and who has taken it up."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import NotFound
from pos.models import User
from pos.reports.office import alerts as report
from pos.services.alerting import alerts as deeds
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("alerts", __name__, url_prefix="/alerts")


@bp.get("", endpoint="alerts")
def alert_list() -> ResponseReturnValue:
    """List the store's open alerts, and those that ended, a page at a time."""
    me: User = current_user.user
    return render_template(
        "alerts/alerts.html", store_name=me.store.name, page=report.page(me.store_id, _before())
    )


def _before() -> int:
    try:
        return row_id(request.args.get("before") or "0")
    except ValueError:
        raise NotFound(_("There is no such alert.")) from None


@bp.post("/<int:alert_id>/acknowledge")
def acknowledge(alert_id: int) -> ResponseReturnValue:
    """Write down that the person takes an alert up."""
    deeds.acknowledge(current_user.user, alert_id)
    flash(_("You have taken it up."))
    return redirect(url_for(".alerts"), 303)
