"""The customer says "I have paid": a receipt put before the bank, or a manager's word without one.

Both stand beside the till, on pages of their own.
"""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, NoOpenShift, Refused
from pos.models import Payment, Shift
from pos.reports import wording
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.people import pins
from pos.services.settling import claims, marks, payments
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("claim", __name__, url_prefix="/till")


@dataclass(frozen=True)
class ClaimForm:
    """The claim box as it is drawn."""

    tran_id: str = ""
    receipt: str = ""
    error: str = ""


@dataclass(frozen=True)
class MarkForm:
    """The form of a mark as it is drawn; a PIN is never drawn again."""

    reason: str = ""
    evidence: str = ""
    manager_id: int | None = None
    error: str = ""


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """Without a shift there is no till whose payments could be meant."""
    return redirect(url_for("shifts.open_shift"), 303)


def _my_shift() -> Shift:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift first."))
    return shift


@bp.route("/claim", methods=["GET", "POST"])
def claim() -> ResponseReturnValue:
    """Ask the bank for the transfer on a customer's receipt, and settle the sale with it."""
    shift = _my_shift()
    if request.method != "POST":
        return _claim_page(shift, ClaimForm(request.args.get("payment", "")))
    form = request.form
    tran_id, receipt = form.get("payment", ""), form.get("receipt", "")[:40]
    try:
        if not tran_id:
            raise BadInput(_("Choose the payment."))
        row = payments.find(tran_id, shift.till_id)
        result = claims.claim(row, receipt, who=current_user.who)
    except Refused as problem:
        return _claim_page(_my_shift(), ClaimForm(tran_id, receipt, problem.text), problem.status)
    if not (result.is_settled or result.needs_a_person):
        return _claim_page(_my_shift(), ClaimForm(tran_id, receipt, result.text), 422)
    flash(result.text)
    return redirect(url_for("till.till"), 303)


def _claim_page(shift: Shift, form: ClaimForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "claim/claim.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        payments=[(one, _status(one)) for one in claims.claimable(shift.till_id)],
        form=form,
    ), status


def _status(payment: Payment) -> str:
    return wording.status_of(payment.status, payment.remark)[0]


@bp.route("/payments/<tran_id>/mark", methods=["GET", "POST"])
def mark(tran_id: str) -> ResponseReturnValue:
    """Call a payment paid by a manager's word, while the bank cannot be asked about it."""
    shift = _my_shift()
    row = payments.find(tran_id, shift.till_id)
    try:
        marks.refuse_unfit(row)
    except Refused as problem:
        flash(problem.text)
        return redirect(url_for("till.till"), 303)
    if request.method != "POST":
        return _mark_page(shift, row, MarkForm())
    form = _read_mark()
    try:
        _mark(shift, row, form)
    except Refused as problem:
        again = MarkForm(form.reason, form.evidence, form.manager_id, problem.text)
        return _mark_page(_my_shift(), payments.find(tran_id), again, problem.status)
    return redirect(url_for("till.till"), 303)


def _read_mark() -> MarkForm:
    form = request.form
    return MarkForm(
        reason=form.get("reason", ""),
        evidence=form.get("evidence", "")[:600],
        manager_id=form.get("manager_id", type=row_id),
    )


def _mark(shift: Shift, row: Payment, form: MarkForm) -> None:
    """Mark it, unless the bank, asked once more now, does answer."""
    marks.refuse_bad(form.reason, form.evidence)
    me, till_id, store_id = current_user.user.id, shift.till_id, current_user.user.store_id
    manager = pins.approve(form.manager_id, request.form.get("pin", ""), till_id, store_id)
    wish = marks.Wish(
        reason=form.reason, evidence=form.evidence, asked_by_id=me, approved_by_id=manager.id
    )
    answer = questions.check_now(row, who=current_user.who, insists=True)
    if answer is not None and answer.trouble is None:
        flash(_("The bank answers again: the till says what it said. Nothing was marked by hand."))
        return
    marks.mark_paid(row, wish, who=current_user.who)
    flash(_("Marked as paid by hand. The bank is asked until it says so, too."))


def _mark_page(
    shift: Shift, payment: Payment, form: MarkForm, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "claim/mark.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        payment=payment,
        trouble_text=wording.trouble_text(payment.trouble),
        reasons=marks.REASONS,
        managers=pins.approvers(current_user.user.store_id),
        form=form,
    ), status
