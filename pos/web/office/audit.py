"""The audit log on the screen: who did what, with filters, a page at a time."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, Refused
from pos.models import Store
from pos.models.audit import DEED
from pos.reports.office import audit as report
from pos.reports.office.audit import AuditPage, Wanted
from pos.web.ids import row_id
from pos.words import _

bp = Blueprint("audit", __name__, url_prefix="/audit")

_FIELDS = ("who", "deed", "on")
_MOST_NAME = 80


@bp.get("", endpoint="audit")
def entries() -> ResponseReturnValue:
    """List the store's entries, newest first; with 422 and none of them for a day that is none."""
    store: Store = current_user.user.store
    asked = {name: request.args.get(name, "")[:_MOST_NAME].strip() for name in _FIELDS}
    error, status, found = "", 200, AuditPage((), 0)
    try:
        found = report.page(_wanted(store.id, asked))
    except Refused as problem:
        error, status = problem.text, problem.status
    return render_template(
        "audit/audit.html",
        store_name=store.name,
        page=found,
        asked=asked,
        deeds=DEED,
        error=error,
    ), status


def _wanted(store_id: int, asked: dict[str, str]) -> Wanted:
    try:
        on = date.fromisoformat(asked["on"]) if asked["on"] else None
    except ValueError:
        raise BadInput(_("Choose a day.")) from None
    if asked["deed"] and asked["deed"] not in set(map(str, DEED)):
        raise BadInput(_("Choose what was done from the list."))
    return Wanted(store_id, asked["who"], asked["deed"], on, _before())


def _before() -> int:
    try:
        return row_id(request.args.get("before") or "0")
    except ValueError:
        raise BadInput(_("Begin at the newest entry.")) from None
