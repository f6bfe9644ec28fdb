"""The till: keypad, charge, the payment panel that polls, and its buttons."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import NoOpenShift, Refused, SameAgain
from pos.extensions import db
from pos.models import Payment, Shift
from pos.money import Currency
from pos.reports.counter import announcing, glance, screens
from pos.reports.counter.glance import Glance
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.people import users
from pos.services.selling import checkout, discounts, quick_amounts, tenders, tips
from pos.services.settling import payments
from pos.web import htmx, rights
from pos.web.counter.keyed import ChargeForm, drawn_again, read_charge, read_typed, write_sure
from pos.web.counter.polls import CREATING
from pos.web.forms import read_key, read_version, write_version
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("till", __name__)


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """Without a shift there is no till to show: open one first."""
    return redirect(url_for("shifts.open_shift"), 303)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Lead to the till; who takes no payments, to the shifts."""
    return redirect(url_for(rights.home()), 303)


@bp.get("/till")
def till() -> ResponseReturnValue:
    """Show the keypad and the payment panel of the person's open shift.

    An amount in the address is put on the keypad, and is charged by nothing but Charge.
    """
    asked = request.args
    code = asked.get("currency", session.get("currency", "USD"))
    form = drawn_again(asked, "", shown=code if code in list(Currency) else Currency.USD)
    return _page(_my_shift(), form)


def _my_shift() -> Shift:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift before you charge."))
    return shift


def _page(shift: Shift, form: ChargeForm, status: int = 200) -> ResponseReturnValue:
    look = _look(current_user.token)
    if look is None:
        abort(401)
    return render_template(
        "till/till.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        shift=shift,
        screen=screens.till_screen(shift, look),
        quick=quick_amounts.of_store(shift.till.store_id),
        last=quick_amounts.last_of(shift),
        discount=discounts.of_key(form.discount, shift) if form.discount else None,
        charge=replace(form, key=secrets.token_urlsafe(24), shift=write_version(shift)),
    ), status


def _look(token: str) -> Glance | None:
    """Glance at the till of this login; a QR whose program died before it is made first.

    A customer who let the time for a tip pass gives none.
    """
    login_hash = users.hash_of(token)
    look = glance.at_till(login_hash)
    if look is not None and look.shift_id is not None and look.tip_is_over:
        tips.end_overdue(look.shift_id)
        return glance.at_till(login_hash)
    if look is None or look.till_id is None or look.phase != CREATING:
        return look
    checkout.go_on_making(look.till_id, who=current_user.who)
    return glance.at_till(login_hash)


@bp.post("/till/charge")
def charge() -> ResponseReturnValue:
    """Open a sale of the amount typed and show its QR; 422 with the reason if it cannot be.

    Where the store asks for tips, the customer is asked first, and there is no sale yet.
    """
    shift, form = _my_shift(), request.form
    try:
        amount, keyed = read_charge(form, shift)
        key, version, who = read_key(form), read_version(form, shift), current_user.who
        tips.charge(shift, amount, key, who=who, version=version, keyed=keyed)
    except SameAgain as problem:
        return _refused(problem, sure=write_sure(amount))
    except Refused as problem:
        return _refused(problem)
    session["currency"] = str(amount.currency)
    return redirect(url_for(".till"), 303)


def _refused(problem: Refused, *, sure: str = "") -> ResponseReturnValue:
    code = request.form.get("currency", "")
    shown = code if code in list(Currency) else Currency.USD
    form = drawn_again(request.form, problem.text, shown=shown, sure=sure)
    return _page(_my_shift(), form, problem.status)


@bp.post("/till/cash")
def cash() -> ResponseReturnValue:
    """Go and take cash for the amount typed; nothing is written yet, and Back undoes it."""
    return _lead_to("cash.take", request.form.get("discount", ""))


@bp.post("/till/discount")
def discount() -> ResponseReturnValue:
    """Go and take something off the amount typed; nothing is written yet, and Back undoes it."""
    return _lead_to("discounts.discount", "")


def _lead_to(page: str, key: str) -> ResponseReturnValue:
    """Lead to a page with what stands on the keypad; 422 where it cannot be charged."""
    form = {**request.form.to_dict(), "discount": key}
    try:
        typed = read_typed(form)
        amount, keyed = read_charge(form, _my_shift())
    except Refused as problem:
        return _refused(problem)
    session["currency"] = code = str(amount.currency)
    note, given = keyed.note or None, key or None
    place = url_for(page, amount=typed.plain, currency=code, note=note, discount=given)
    return redirect(place, 303)


@bp.get("/till/payment")
def payment() -> ResponseReturnValue:
    """Answer the till's poll: the payment panel, or 204 while it is as `seen`."""
    look = _look(session.get("_user_id", ""))
    if look is None:
        return htmx.send_to(url_for("auth.login"), 401)
    if look.shift_id is None or look.is_counting:
        return htmx.send_to(url_for("shifts.open_shift"))
    if look.mark == request.args.get("seen"):
        return "", 204
    shift = db.session.get_one(Shift, look.shift_id)
    return render_template("till/_payment.html", screen=screens.till_screen(shift, look))


@bp.post("/till/payments/<tran_id>/cancel")
def cancel(tran_id: str) -> ResponseReturnValue:
    """Take the QR off both screens; the bank has the last word."""
    return _do(checkout.cancel, tran_id)


@bp.post("/till/payments/<tran_id>/new-qr")
def new_qr(tran_id: str) -> ResponseReturnValue:
    """Show a fresh QR for the same sale."""
    return _do(checkout.new_qr, tran_id)


@bp.post("/till/payments/<tran_id>/check")
def check(tran_id: str) -> ResponseReturnValue:
    """Ask the bank at once, and say what it said."""
    return _do(_check_now, tran_id)


@bp.post("/till/payments/<tran_id>/give-back")
def give_back(tran_id: str) -> ResponseReturnValue:
    """Give up a sale that was paid in part, and its cash with it."""
    return _do(_give_back, tran_id)


def _give_back(payment: Payment, *, who: str) -> None:
    sale_id = payment.sale_id
    tenders.give_back(payment, asked_by_id=current_user.user.id, who=who)
    flash(_("Give back %(cash)s. The sale is cancelled.", cash=tenders.held_for(sale_id)))


def _check_now(payment: Payment, *, who: str) -> None:
    answer = questions.check_now(payment, who=who)
    if answer is not None:
        flash(announcing.told(answer.outcome))


def _do(deed: Callable[..., object], tran_id: str) -> ResponseReturnValue:
    """Do a deed to a payment of this till; what stands against it is told on the till."""
    row = payments.find(tran_id, _my_shift().till_id)
    try:
        deed(row, who=current_user.who)
    except Refused as problem:
        flash(problem.text)
    return redirect(url_for(".till"), 303)
