"""The end of a store's day, today's and those that are past."""

from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos import clock
from pos.extensions import settings
from pos.models import Store
from pos.reports.closing import day as report
from pos.reports.paperwork import day_paper
from pos.reports.paperwork.speaking import in_language
from pos.web.languages import language
from pos.words import _

bp = Blueprint("days", __name__, url_prefix="/days")

FIRST = date(2000, 1, 1)
"""No shop had a day before it."""


@bp.get("", endpoint="days")
def days() -> ResponseReturnValue:
    """Show the sum of a day's Z reports, today's if none is asked; managers only.

    `?day=2026-11-22` asks for one, `?paper=80mm` draws it for the till roll.
    """
    store, today = _store(), clock.business_date(clock.now(), settings().day_starts_hour)
    typed = request.args.get("day", "")
    on = _read(typed, today)
    error = "" if on else _("Choose a day, such as 2026-11-22, that is not to come.")
    on = on or today
    return render_template(
        "days/days.html",
        store_name=store.name,
        on=on,
        before=on - timedelta(days=1) if on > FIRST else None,
        after=on + timedelta(days=1) if on < today else None,
        document=in_language(day_paper.document(report.gather(store, on)), language()),
        paper="80mm" if request.args.get("paper") == "80mm" else "a4",
        error=error,
    ), 422 if error else 200


def _read(typed: str, today: date) -> date | None:
    """Return the day that was asked for; None for what is no day of a shop."""
    try:
        on = date.fromisoformat(typed) if typed else today
    except ValueError:
        return None
    return on if FIRST <= on <= today else None


def _store() -> Store:
    store: Store = current_user.user.store
    return store
