"""Counting the drawer at the end of a shift: blind, once or twice, then the close."""

import secrets
from dataclasses import dataclass, field, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import Refused, ShiftClosed
from pos.models import Shift, User
from pos.permissions import Right
from pos.reports.closing import drawer, shift_figures
from pos.reports.wording import OVER_REASON
from pos.services.bookkeeping import counting, shifts
from pos.services.bookkeeping.counting import Off
from pos.services.bookkeeping.pieces import NOTES
from pos.services.people import pins
from pos.services.shop import limits
from pos.states import ShiftStatus
from pos.web.forms import read_counted, read_key, typed_notes
from pos.web.ids import row_id
from pos.web.languages import flash

bp = Blueprint("counting", __name__, url_prefix="/shifts")


@dataclass(frozen=True, kw_only=True)
class CountForm:
    """The grid as it is drawn: what was typed for each note."""

    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class AgreeForm:
    """The form of a manager's decision as it is drawn; a PIN is never drawn again."""

    reason: str = ""
    note: str = ""
    manager_id: int | None = None
    error: str = ""


def _me() -> User:
    user: User = current_user.user
    return user


@bp.errorhandler(ShiftClosed)
def shift_closed(problem: ShiftClosed) -> ResponseReturnValue:
    """Somebody else was quicker: the list of shifts has the report."""
    flash(problem.text)
    return redirect(url_for("shifts.shifts"), 303)


def _find(shift_id: int) -> Shift:
    return shifts.find(shift_id, _me(), Right.CLOSE_OTHERS)


@bp.route("/<int:shift_id>/count", methods=["GET", "POST"])
def count(shift_id: int) -> ResponseReturnValue:
    """Show the notes to count; on POST keep the count, and close the shift if it is right.

    Off once, it is counted once more; off twice, the page asks a manager. What should be there
    is told only then, unless the shop counts with open eyes.
    """
    shift = _find(shift_id)
    if shift.status is not ShiftStatus.COUNTING:
        return redirect(url_for("shifts.close_shift", shift_id=shift_id), 303)
    if request.method != "POST":
        return _page(shift, CountForm())
    typed = typed_notes(request.form)
    try:
        key = read_key(request.form)
        report = counting.submit(shift_id, read_counted(typed), key, counted_by_id=_me().id)
    except ShiftClosed:
        raise
    except Refused as problem:
        form = CountForm(typed=typed, error=problem.text)
        return _page(_find(shift_id), form, problem.status)
    away = "shifts.report" if report is not None else ".count"
    return redirect(url_for(away, shift_id=shift_id), 303)


def _page(shift: Shift, form: CountForm, status: int = 200) -> ResponseReturnValue:
    counts = drawer.counts(shift.id)
    if len(counts) >= counting.MOST_COUNTS:
        return _agree_page(shift, AgreeForm(error=form.error), status)
    return render_template(
        "counting/count.html",
        store_name=shift.till.store.name,
        till_name=shift.till_name,
        shift=shift,
        notes=NOTES,
        counts=counts,
        expected=None if limits.of(shift.till.store).blind_count else drawer.expected(shift),
        unverified=shift_figures.unverified(shift.till_id),
        form=form,
        key=secrets.token_urlsafe(24),
    ), status


@bp.post("/<int:shift_id>/resume")
def resume(shift_id: int) -> ResponseReturnValue:
    """Go on selling: nothing was counted yet."""
    shift = _find(shift_id)
    try:
        counting.resume(shift.id)
    except ShiftClosed:
        raise
    except Refused as problem:
        flash(problem.text)
        return redirect(url_for(".count", shift_id=shift_id), 303)
    is_mine = shift.cashier_id == _me().id
    return redirect(url_for("till.till" if is_mine else "shifts.shifts"), 303)


@bp.post("/<int:shift_id>/agree")
def agree(shift_id: int) -> ResponseReturnValue:
    """Close a shift whose count was off twice, with a reason and a manager's PIN."""
    shift, form = _find(shift_id), _read_agree()
    try:
        counting.refuse_bad(form.reason, form.note)
        pin = request.form.get("pin", "")
        manager = pins.approve(form.manager_id, pin, shift.till_id, _me().store_id)
        off = Off(reason=form.reason, note=form.note, approved_by_id=manager.id)
        counting.close_off(shift_id, off, closed_by_id=_me().id)
    except ShiftClosed:
        raise
    except Refused as problem:
        return _refused(shift_id, form, problem)
    return redirect(url_for("shifts.report", shift_id=shift_id), 303)


def _refused(shift_id: int, form: AgreeForm, problem: Refused) -> ResponseReturnValue:
    shift = _find(shift_id)
    if shift.status is not ShiftStatus.COUNTING:
        return redirect(url_for("shifts.close_shift", shift_id=shift_id), 303)
    if len(drawer.counts(shift_id)) < counting.MOST_COUNTS:
        return _page(shift, CountForm(error=problem.text), problem.status)
    return _agree_page(shift, replace(form, error=problem.text), problem.status)


def _read_agree() -> AgreeForm:
    form = request.form
    return AgreeForm(
        reason=form.get("reason", ""),
        note=form.get("note", "")[: counting.MOST_NOTE + 1],
        manager_id=form.get("manager_id", type=row_id),
    )


def _agree_page(shift: Shift, form: AgreeForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "counting/agree.html",
        store_name=shift.till.store.name,
        till_name=shift.till_name,
        shift=shift,
        counts=drawer.counts(shift.id),
        expected=drawer.expected(shift),
        reasons=OVER_REASON,
        managers=pins.approvers(_me().store_id),
        form=form,
    ), status
