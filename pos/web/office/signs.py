"""Signs that may be worth a look, by cashier and by till, and the rows behind each number."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.extensions import settings
from pos.models import User
from pos.reports.office import drawer_trend
from pos.reports.office import signs as report
from pos.reports.office.sign_rows import Sign
from pos.reports.office.signs import Limits
from pos.web.ids import row_id
from pos.web.office import spans

bp = Blueprint("signs", __name__, url_prefix="/signs")


@bp.get("", endpoint="signs")
def all_signs() -> ResponseReturnValue:
    """Show the signs of some days, today's if none are asked; with 422 today's, too."""
    user: User = current_user.user
    asked = spans.read(request.args)
    limits = Limits(settings().signs_least, settings().signs_times)
    return render_template(
        "signs/signs.html",
        store_name=user.store.name,
        asked=asked,
        choices=spans.CHOICES,
        limits=limits,
        signs=report.of_store(user, asked.span, limits),
        trends=drawer_trend.of_store(user, asked.span),
    ), asked.status


@bp.get("/<word>")
def rows(word: str) -> ResponseReturnValue:
    """List the rows behind a number: `?cashier=3` or `?till=1`, and the days as everywhere."""
    if word not in set(map(str, Sign)):
        abort(404)
    user, sign, asked = current_user.user, Sign(word), spans.read(request.args)
    found = report.rows(
        user, asked.span, sign, till_id=_asked_id("till"), cashier_id=_asked_id("cashier")
    )
    return render_template(
        "signs/rows.html",
        store_name=user.store.name,
        asked=asked,
        title=report.SIGN[sign],
        rows=found,
        most=report.MOST_ROWS,
    ), asked.status


def _asked_id(name: str) -> int:
    """Return the id that an address asks for, 0 for none; 404 for what is no number."""
    try:
        return row_id(request.args.get(name) or "0")
    except ValueError:
        abort(404)
