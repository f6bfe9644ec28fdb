"""Disputes: the list, the form that opens one, and one with its history."""

import secrets
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Dispute, Payment, User
from pos.money import Currency, Money
from pos.permissions import Right
from pos.reports import wording
from pos.reports.closing import exceptions
from pos.reports.closing.exceptions import Tills
from pos.reports.office import disputes as shown
from pos.reports.office.disputes import DisputeView, Wanted
from pos.services.disputing import dispute_wishes, disputes
from pos.services.disputing.dispute_wishes import Claim, End, Evidence
from pos.services.people import pins
from pos.states import DisputeKind, DisputeStatus
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.web.office import dispute_forms
from pos.web.office.dispute_forms import ClaimForm, EntryForm
from pos.words import _

bp = Blueprint("disputes", __name__, url_prefix="/disputes")

SHOWS = {"open": _("Open"), "late": _("Late"), "ended": _("Ended"), "all": _("All")}
"""Which disputes the list can show."""


def _me() -> User:
    user: User = current_user.user
    return user


def _tills() -> Tills:
    return exceptions.tills_of(_me())


@bp.get("", endpoint="disputes")
def dispute_list() -> ResponseReturnValue:
    """List the disputes of the person's till, or in a manager's store; 422 for a bad filter."""
    show, kind = request.args.get("show", "open"), request.args.get("kind", "")
    mine = request.args.get("mine") == "yes"
    error, status, found = "", 200, shown.DisputePage((), 0)
    if show in SHOWS and (not kind or kind in set(DisputeKind)):
        start = request.args.get("start", 0, type=row_id)
        mine_id = _me().id if mine else 0
        wanted = Wanted(show=show, kind=kind, opened_by_id=mine_id, start=start)
        found = shown.page(_tills(), wanted)
    else:
        show, kind, error, status = "open", "", _("Choose from the lists."), 422
    return render_template(
        "disputes/disputes.html",
        store_name=_me().store.name,
        page=found,
        asked={"show": show, "kind": kind, "mine": "yes" if mine else ""},
        shows=SHOWS,
        kinds=wording.DISPUTE_KIND,
        sees_all=_me().may(Right.SEE_ALL_TILLS),
        error=error,
    ), status


@bp.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Show the form of a claim, about `?payment=` or about none; on POST open a dispute."""
    number = request.values.get("payment", "")[:40]
    payment = shown.payment_of(_tills(), number) if number else None
    if request.method != "POST":
        return _new_page(payment, dispute_forms.of_payment(payment))
    form = dispute_forms.read_claim()
    try:
        dispute_id = disputes.open_dispute(_claim(payment, form), who=current_user.who).id
    except Refused as problem:
        return _new_page(payment, replace(form, error=problem.text), problem.status)
    flash(_("The dispute is written down."))
    return redirect(url_for(".dispute", dispute_id=dispute_id), 303)


def _claim(payment: Payment | None, form: ClaimForm) -> Claim:
    if form.kind not in set(DisputeKind):
        raise BadInput(_("Choose what it is about."))
    if form.currency not in set(Currency):
        raise BadInput(_("Choose a currency."))
    return Claim(
        till_id=payment.till_id if payment else _till_id(form.till_id),
        payment_id=payment.id if payment else None,
        kind=DisputeKind(form.kind),
        amount=Money.read(form.amount, Currency(form.currency)),
        says=form.says,
        key=form.key,
        opened_by_id=_me().id,
        paid_at=dispute_forms.moment(form.paid_at),
        payer_digits=form.payer_digits,
    )


def _till_id(chosen: int | None) -> int:
    mine = {till.id for till in shown.tills_by_name(_tills())}
    if not mine:
        raise Refused(_("Open a shift first: a claim is written down at a till."))
    if chosen not in mine:
        raise BadInput(_("Choose the till."))
    return chosen


def _new_page(payment: Payment | None, form: ClaimForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "disputes/new.html",
        store_name=_me().store.name,
        payment=payment,
        earlier=shown.of_payment(payment.id) if payment else (),
        tills=shown.tills_by_name(_tills()),
        kinds=wording.DISPUTE_KIND,
        currencies=tuple(Currency),
        form=form,
        key=form.key or secrets.token_urlsafe(24),
    ), status


@bp.get("/<int:dispute_id>")
def dispute(dispute_id: int) -> ResponseReturnValue:
    """Show one dispute with its history, and the forms that go on with it."""
    return _page(shown.find(_tills(), dispute_id), EntryForm())


@bp.post("/<int:dispute_id>/evidence")
def evidence(dispute_id: int) -> ResponseReturnValue:
    """Add a line of evidence, perhaps the number of the payment that is meant."""
    found = shown.find(_tills(), dispute_id)
    form = dispute_forms.read_evidence()
    try:
        meant = shown.payment_of(_tills(), form.number).id if form.number else None
        line = Evidence(text=form.note, reference=form.reference, payment_id=meant, by_id=_me().id)
        disputes.add_evidence(found.id, line, who=current_user.who)
    except Refused as problem:
        # The number of a payment that is not here is a wrong field of this form, no wrong page.
        status = 422 if isinstance(problem, NotFound) else problem.status
        again = replace(form, error=problem.text)
        return _page(shown.find(_tills(), dispute_id), again, status)
    flash(_("It is written down."))
    return redirect(url_for(".dispute", dispute_id=found.id), 303)


@bp.post("/<int:dispute_id>/end")
def end(dispute_id: int) -> ResponseReturnValue:
    """End a dispute, with the PIN of a manager who agrees."""
    found = shown.find(_tills(), dispute_id)
    form = dispute_forms.read_end()
    try:
        _end(found, form)
    except Refused as problem:
        again = replace(form, error=problem.text)
        return _page(shown.find(_tills(), dispute_id), again, problem.status)
    flash(_("The dispute has ended."))
    return redirect(url_for(".dispute", dispute_id=found.id), 303)


def _end(found: DisputeView, form: EntryForm) -> None:
    """End it, after all that is wrong with the form is told without a PIN being tried."""
    if form.status not in set(DisputeStatus):
        raise BadInput(_("Choose how it ends."))
    status = DisputeStatus(form.status)
    dispute_wishes.refuse_bad_end(db.session.get_one(Dispute, found.id), status, form.why)
    pin = request.form.get("pin", "")
    manager = pins.approve(form.manager_id, pin, found.till_id, _me().store_id)
    wanted = End(status=status, why=form.why, asked_by_id=_me().id, approved_by_id=manager.id)
    disputes.end(found.id, wanted, who=current_user.who)


def _page(found: DisputeView, form: EntryForm, status: int = 200) -> ResponseReturnValue:
    ends = [one for one in DisputeStatus if one is not DisputeStatus.OPEN]
    return render_template(
        "disputes/dispute.html",
        store_name=_me().store.name,
        dispute=found,
        ends=[(str(one), wording.DISPUTE_END[one]) for one in ends],
        managers=pins.approvers(_me().store_id),
        form=form,
    ), status
