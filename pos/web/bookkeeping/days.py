"""The end of a store's day, today's and those that are past."""

from datetime import date, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos import clock
from pos.errors import BadInput
from pos.extensions import settings
from pos.models import Kind, Store
from pos.reports.closing import day as report
from pos.reports.paperwork import day_paper, looks
from pos.reports.paperwork.speaking import in_language
from pos.services.paperwork import printing
from pos.web.languages import flash, language
from pos.web.paperwork.printed import PrintedLook, printed_look
from pos.words import _

bp = Blueprint("days", __name__, url_prefix="/days")

FIRST = date(2000, 1, 1)
"""No shop had a day before it."""


@bp.get("", endpoint="days")
def days() -> ResponseReturnValue:
    """Show the sum of a day's Z reports, today's if none is asked; managers only.

    `?day=2026-11-22` asks for one, `?paper=80mm` draws it for the till roll.
    """
    store, today = _store(), clock.business_date(clock.now(), _starts())
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
        printers=[(till, _printed(till.id, on)) for till in printing.printers_of(store.id)],
        error=error,
    ), 422 if error else 200


@bp.post("/print")
def print_it() -> ResponseReturnValue:
    """Have the receipt printer of one of the store's tills give a day's sheet."""
    on = _read(request.form.get("day", ""), clock.business_date(clock.now(), _starts()))
    typed = request.form.get("till", "")
    tills = {str(till.id): till.id for till in printing.printers_of(_store().id)}
    if on is None or typed not in tills:
        raise BadInput(_("Choose a day, and a till that has a receipt printer."))
    till_id = tills[typed]
    number, who = looks.day_number(till_id, on), current_user.who
    printing.ask_look(Kind.DAY, number, till_id, who=who, language=language())
    flash(_("Sent to the receipt printer."))
    return redirect(url_for(".days", day=on), 303)


def _printed(till_id: int, on: date) -> PrintedLook:
    return printed_look(Kind.DAY, looks.day_number(till_id, on))


def _starts() -> int:
    return settings().day_starts_hour


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
