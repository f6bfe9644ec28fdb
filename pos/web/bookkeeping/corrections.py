"""What was learned about a closed shift later: a correction's page, and counting a drawer again."""

import secrets
from dataclasses import dataclass, field, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import NotFound, Refused
from pos.extensions import db
from pos.models import Correction, Kind, Shift, User
from pos.reports.paperwork import documents
from pos.reports.paperwork.speaking import in_language
from pos.reports.wording import RECOUNT_REASON
from pos.services.bookkeeping import recounts, shifts
from pos.services.bookkeeping.counting import MOST_NOTE
from pos.services.bookkeeping.pieces import NOTES
from pos.services.bookkeeping.recounts import Recount
from pos.services.paperwork import receipts
from pos.services.people import pins
from pos.services.shop import limits
from pos.web.forms import read_counted, read_key, typed_notes
from pos.web.ids import row_id
from pos.web.languages import flash, language
from pos.web.paperwork.printed import paperwork_of
from pos.words import _

bp = Blueprint("corrections", __name__, url_prefix="/shifts")


@dataclass(frozen=True, kw_only=True)
class RecountForm:
    """The form as it is drawn: what was typed for each note, and why; a PIN is drawn by none."""

    typed: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    note: str = ""
    manager_id: int | None = None
    error: str = ""


def _me() -> User:
    user: User = current_user.user
    return user


@bp.get("/corrections/<int:correction_id>")
def correction(correction_id: int) -> ResponseReturnValue:
    """Show a correction as it was written; `?paper=80mm` for the till roll."""
    row = db.session.get(Correction, correction_id)
    if row is None or not receipts.may_see(row.z_report.shift_id, _me()):
        raise NotFound(_("There is no such correction."))
    filed = documents.find(Kind.CORRECTION, row.id)
    return render_template(
        "corrections/correction.html",
        store_name=filed.store_name,
        name=row.name,
        shift_id=filed.shift_id,
        z_number=row.z_report.number,
        document=in_language(filed.document, language()),
        paper="80mm" if request.args.get("paper") == "80mm" else "a4",
        correction_id=row.id,
        paperwork=paperwork_of(Kind.CORRECTION, row.id),
    )


@bp.route("/<int:shift_id>/recount", methods=["GET", "POST"])
def recount(shift_id: int) -> ResponseReturnValue:
    """Count the drawer of a closed shift; on POST write it as a correction, with a manager's PIN.

    Blind: what should be there is told by the correction alone.
    """
    shift = _closed_shift(shift_id)
    if request.method != "POST":
        return _page(shift, RecountForm())
    form = _read()
    try:
        row = recounts.count(shift_id, _wish(shift, form))
    except Refused as problem:
        again = replace(form, error=problem.text)
        return _page(_closed_shift(shift_id), again, problem.status)
    flash(_("The count is written down as %(name)s.", name=row.name))
    return redirect(url_for(".correction", correction_id=row.id), 303)


def _closed_shift(shift_id: int) -> Shift:
    shift = shifts.find(shift_id, _me())
    recounts.refuse_unfit(shift)
    return shift


def _read() -> RecountForm:
    form = request.form
    return RecountForm(
        typed=typed_notes(form),
        reason=form.get("reason", ""),
        note=form.get("note", "")[: MOST_NOTE + 1],
        manager_id=form.get("manager_id", type=row_id),
    )


def _wish(shift: Shift, form: RecountForm) -> Recount:
    """Return what is asked for, after all that is wrong with it is told without a PIN tried."""
    counted, key = read_counted(form.typed), read_key(request.form)
    recounts.refuse_bad(counted, form.reason, form.note, limits.of(shift.till.store))
    pin = request.form.get("pin", "")
    manager = pins.approve(form.manager_id, pin, shift.till_id, _me().store_id)
    return Recount(
        counted=counted,
        reason=form.reason,
        note=form.note,
        entered_by_id=_me().id,
        approved_by_id=manager.id,
        key=key,
    )


def _page(shift: Shift, form: RecountForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "corrections/recount.html",
        store_name=shift.till.store.name,
        till_name=shift.till_name,
        shift=shift,
        notes=NOTES,
        reasons=RECOUNT_REASON,
        managers=pins.approvers(_me().store_id),
        form=form,
        key=secrets.token_urlsafe(24),
    ), status
