"""The office: what a manager finds where."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

bp = Blueprint("office", __name__, url_prefix="/office")


@bp.get("", endpoint="office")
def office() -> ResponseReturnValue:
    """Show every page of the office that this person may open."""
    return render_template("office/office.html", store_name=current_user.user.store.name)
