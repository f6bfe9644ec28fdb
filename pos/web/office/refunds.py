"""Giving money back: the list, the form for one payment, and one refund with what became of it."""

import secrets
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import AlreadyDecided, BadInput, NotFound, Refused
from pos.models import User
from pos.money import Money
from pos.permissions import Right
from pos.reports import wording
from pos.reports.closing import exceptions
from pos.reports.office import refunds as shown
from pos.reports.office.refunds import MoneyView, RefundView
from pos.services.people import pins
from pos.services.reconciling import returned
from pos.services.refunding import (
    refund_denials,
    refund_looks,
    refund_proofs,
    refund_retyping,
    refund_wishes,
    refunds,
)
from pos.services.settling import payments
from pos.states import RefundProof, RefundStatus
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.web.office import refund_forms
from pos.web.office.refund_forms import EndForm, RefundForm, RetypeForm
from pos.words import _

bp = Blueprint("refunds", __name__, url_prefix="/refunds")


def _me() -> User:
    user: User = current_user.user
    return user


@bp.get("", endpoint="refunds")
def refund_list() -> ResponseReturnValue:
    """List refunds and what may be refunded, at the person's till or in a manager's store.

    `?number=` leads to the payment of that number.
    """
    number, tills = request.args.get("number", "").strip()[:40], exceptions.tills_of(_me())
    error = ""
    if number:
        try:
            money = refund_wishes.money_of(payments.find(number).id)
            shown.of_money(tills, money)
            return redirect(url_for(".payment", tran_id=number), 303)
        except NotFound:
            error = _("There is no received payment of this number here.")
    return render_template(
        "refunds/refunds.html",
        store_name=_me().store.name,
        refunds=shown.of_tills(tills),
        sees_all=_me().may(Right.SEE_ALL_TILLS),
        payments=shown.refundable(tills),
        number=number,
        error=error,
    ), 404 if error else 200


@bp.route("/payments/<tran_id>", methods=["GET", "POST"])
def payment(tran_id: str) -> ResponseReturnValue:
    """Show what was received and what has gone back; on POST give some of it back."""
    found = _money(tran_id)
    if request.method != "POST":
        return _form_page(found, RefundForm(amount=found.left.plain))
    form = refund_forms.read_form()
    try:
        refund_id = _give_back(found, form)
    except Refused as problem:
        fields = (form.amount, form.reason, form.note, form.reference, form.manager_id)
        again = RefundForm(*fields, error=problem.text, key=form.key)
        return _form_page(_money(tran_id), again, problem.status)
    made = shown.find(exceptions.tills_of(_me()), refund_id)
    flash(refund_forms.told(made.status, made.amount))
    return redirect(url_for(".refund", refund_id=refund_id), 303)


def _money(tran_id: str) -> MoneyView:
    payment_id = payments.find(tran_id).id
    asked = request.values.get("money", type=row_id)
    return shown.of_money(exceptions.tills_of(_me()), refund_wishes.money_of(payment_id, asked))


def _give_back(found: MoneyView, form: RefundForm) -> int:
    """Do what the form says, after all that is wrong with it is told without a PIN being tried."""
    known = refund_wishes.of_key(form.key)
    if known is not None and known.transaction_id == found.money_id:
        return known.id
    wish = refund_wishes.Wish(
        amount=Money.read(form.amount, found.paid.currency),
        reason=form.reason,
        note=form.note,
        key=form.key,
        asked_by_id=_me().id,
        # Known before the PIN is typed, so that nobody spends a try on what cannot be.
        approved_by_id=form.manager_id or 0,
        reference=form.reference,
    )
    refund_wishes.refuse_bad(wish, by_hand=found.is_by_hand)
    if wish.amount.minor > found.left.minor:
        raise BadInput(_("At most %(amount)s can go back.", amount=found.left))
    manager = _approver(form.manager_id, found.till_id)
    agreed = replace(wish, approved_by_id=manager.id)
    return refunds.give_back(found.money_id, agreed, who=_who()).id


def _approver(manager_id: int | None, till_id: int) -> User:
    return pins.approve(manager_id, request.form.get("pin", ""), till_id, _me().store_id)


def _who() -> str:
    who: str = current_user.who
    return who


def _form_page(found: MoneyView, form: RefundForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "refunds/payment.html",
        store_name=_me().store.name,
        money=found,
        open_one=next((one for one in found.refunds if one.status is RefundStatus.UNKNOWN), None),
        reasons=refund_wishes.REASONS,
        managers=pins.approvers(_me().store_id),
        form=form,
        key=form.key or secrets.token_urlsafe(24),
    ), status


@bp.route("/<int:refund_id>", methods=["GET", "POST"])
def refund(refund_id: int) -> ResponseReturnValue:
    """Show one refund; on POST end it by a manager's word, or take note of it."""
    found = _refund(refund_id)
    if request.method != "POST":
        return _refund_page(found, EndForm())
    form = refund_forms.read_end()
    try:
        _end(found, form)
    except Refused as problem:
        again = EndForm(form.end, form.note, form.manager_id, problem.text)
        return _refund_page(_refund(refund_id), again, problem.status)
    flash(_("It is written down."))
    return redirect(url_for(".refund", refund_id=refund_id), 303)


def _refund(refund_id: int) -> RefundView:
    return shown.find(exceptions.tills_of(_me()), refund_id)


def _end(found: RefundView, form: EndForm) -> None:
    returned.refuse_bad_note(form.note)
    is_found = found.status is RefundStatus.FOUND
    if found.status is not RefundStatus.UNKNOWN and not is_found and not found.is_denied:
        raise AlreadyDecided(_("Somebody has taken note of this already."))
    if not is_found and not found.is_denied and form.end not in ("went_back", "did_not"):
        raise BadInput(_("Choose what became of it."))
    manager = _approver(form.manager_id, found.till_id)
    if is_found:
        returned.take_note(
            found.id, form.note, asked_by_id=_me().id, approved_by_id=manager.id, who=_who()
        )
        return
    if found.is_denied:
        refund_denials.take_note(found.id, form.note, approved_by_id=manager.id, who=_who())
        return
    refund_looks.decide(
        found.id,
        went_back=form.end == "went_back",
        note=form.note,
        approved_by_id=manager.id,
        who=_who(),
    )


def _refund_page(found: RefundView, form: EndForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "refunds/refund.html",
        store_name=_me().store.name,
        refund=found,
        reason_text=refund_wishes.REASONS.get(found.reason, ""),
        managers=pins.approvers(_me().store_id),
        form=form,
    ), status


@bp.post("/<int:refund_id>/look")
def look(refund_id: int) -> ResponseReturnValue:
    """Ask the bank at once what it has given back, or for the transfer made by hand."""
    found = _refund(refund_id)
    try:
        if found.proof is not None:
            proof = refund_proofs.seek_now(found.id, who=_who())
            flash(wording.REFUND_PROOF[proof or RefundProof.UNPROVEN][0])
        else:
            status = refund_looks.look_now(found.id, who=_who())
            flash(refund_forms.told(status, found.amount))
    except Refused as problem:
        flash(problem.text)
    return redirect(url_for(".refund", refund_id=refund_id), 303)


@bp.route("/<int:refund_id>/reference", methods=["GET", "POST"])
def reference(refund_id: int) -> ResponseReturnValue:
    """Type the transfer of a refund by hand again; the bank has to bear it out."""
    found = _refund(refund_id)
    if not found.can_retype:
        flash(_("No other transfer can be typed for this refund."))
        return redirect(url_for(".refund", refund_id=refund_id), 303)
    if request.method != "POST":
        return _reference_page(found, RetypeForm())
    form = refund_forms.read_retyped()
    try:
        refund_retyping.refuse_bad(form.reference)
        manager = _approver(form.manager_id, found.till_id)
        refund_retyping.retype(found.id, form.reference, approved_by_id=manager.id, who=_who())
    except Refused as problem:
        again = RetypeForm(form.reference, form.manager_id, problem.text)
        return _reference_page(_refund(refund_id), again, problem.status)
    flash(_("The bank bears it out. Both references are kept."))
    return redirect(url_for(".refund", refund_id=refund_id), 303)


def _reference_page(found: RefundView, form: RetypeForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "refunds/reference.html",
        store_name=_me().store.name,
        refund=found,
        managers=pins.approvers(_me().store_id),
        form=form,
    ), status
