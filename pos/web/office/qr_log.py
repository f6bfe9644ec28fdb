"""The log of QRs on the screen: a day at a time, and on paper."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos import clock
from pos.errors import BadInput, Refused
from pos.models import Store
from pos.reports.office import qr_log as report
from pos.words import _

bp = Blueprint("qr_log", __name__, url_prefix="/qr-log")

_DAY = timedelta(days=1)


@bp.get("", endpoint="qr_log")
def log_of_day() -> ResponseReturnValue:
    """Show every QR of a day, today's if none is named; with 422 for a day that is none."""
    store: Store = current_user.user.store
    typed = request.args.get("on", "")[:10]
    error, status, on = "", 200, clock.business_date(clock.now())
    try:
        on = _day(typed) if typed else on
    except Refused as problem:
        error, status = problem.text, problem.status
    return render_template(
        "qr_log/qr_log.html",
        store_name=store.name,
        log=report.of_day(store.id, on),
        before=on - _DAY,
        after=on + _DAY,
        error=error,
    ), status


def _day(typed: str) -> date:
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        raise BadInput(_("Choose a day.")) from None
    # The days beside it must be days, too.
    if not 1970 <= on.year <= 9000:
        raise BadInput(_("Choose a day."))
    return on
