"""What the manager sees of the bank's side: questions of the day, pauses, and the key."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.extensions import settings
from pos.reports.office import gateways as report
from pos.services.asking import quota

bp = Blueprint("gateways", __name__, url_prefix="/gateways")


@bp.get("", endpoint="gateways")
def gateways() -> ResponseReturnValue:
    """Show the merchant's accounts; managers only."""
    store, percent = current_user.user.store, settings().quota_reserve_percent
    lines = report.of_merchant(store.merchant_id, lambda limit: quota.reserve_of(limit, percent))
    return render_template("gateways/gateways.html", store_name=store.name, accounts=lines)
