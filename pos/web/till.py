"""The till: keypad, charge, the payment panel that polls, and its buttons."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadSignature
from werkzeug.sansio.http import parse_cookie

from pos import clock
from pos.errors import BadInput, NoOpenShift, Refused
from pos.extensions import db
from pos.gateways.base import Outcome
from pos.models import Payment, Shift
from pos.money import Currency, Money
from pos.reports import glance, screens
from pos.services import checkout, payments, questions, shifts, users
from pos.web import htmx

bp = Blueprint("till", __name__)


@dataclass(frozen=True)
class ChargeForm:
    """The keypad's form as it is drawn; the key makes one tap one sale."""

    amount: str = ""
    currency: str = "USD"
    error: str = ""
    key: str = ""


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """Without a shift there is no till to show: open one first."""
    return redirect(url_for("shifts.open_shift"), 303)


@bp.get("/")
def home() -> ResponseReturnValue:
    """Lead to the till."""
    return redirect(url_for(".till"), 303)


@bp.get("/till")
def till() -> ResponseReturnValue:
    """Show the keypad and the payment panel of the person's open shift."""
    return _page(_my_shift(), ChargeForm(currency=session.get("currency", "USD")))


def _my_shift() -> Shift:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift("Open a shift before you charge.")
    return shift


def _page(shift: Shift, form: ChargeForm, status: int = 200) -> ResponseReturnValue:
    look = glance.at_till(users.hash_of(current_user.token))
    if look is None:
        abort(401)
    return render_template(
        "till/till.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        shift=shift,
        screen=screens.till_screen(shift, look),
        charge=ChargeForm(form.amount, form.currency, form.error, secrets.token_urlsafe(24)),
    ), status


@bp.post("/till/charge")
def charge() -> ResponseReturnValue:
    """Open a sale of the amount typed and show its QR; 422 with the reason if it cannot be."""
    shift, form = _my_shift(), request.form
    amount, code = form.get("amount", ""), form.get("currency", "")
    try:
        currency = _read_currency(code)
        key = _read_key(form.get("key", ""))
        checkout.charge(shift.id, Money.read(amount, currency), key, who=current_user.who)
    except Refused as problem:
        shown = code if code in list(Currency) else Currency.USD
        return _page(_my_shift(), ChargeForm(amount[:40], shown, problem.text), problem.status)
    session["currency"] = str(currency)
    return redirect(url_for(".till"), 303)


def _read_currency(code: str) -> Currency:
    try:
        return Currency(code)
    except ValueError:
        raise BadInput("Choose dollars or riel.") from None


def _read_key(key: str) -> str:
    if not 16 <= len(key) <= 64 or not (key.isascii() and key.isprintable()):
        raise BadInput("This form is not complete. Reload the page and try again.")
    return key


def mark_of(app: Flask, cookies: str) -> str | None:
    """Return the mark of what the till of these cookies shows; None where the route must look."""
    look = glance.at_till(_login_hash(app, cookies))
    return look.mark if look is not None and look.shift_id is not None else None


@lru_cache(maxsize=1_024)
def _login_hash(app: Flask, cookies: str) -> str:
    """Return the hash of the token in the signed cookie, or of "": the same text always has it.

    Whether that login is still in force is asked of the books each time.
    """
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    signed = parse_cookie(cookies).get(app.config["SESSION_COOKIE_NAME"], "")
    try:
        return users.hash_of(str(serializer.loads(signed).get("_user_id", "")))
    except BadSignature:
        return users.hash_of("")


@bp.get("/till/payment")
def payment() -> ResponseReturnValue:
    """Answer the till's poll: the payment panel, or 204 while it is as `seen`."""
    look = glance.at_till(users.hash_of(session.get("_user_id", "")))
    if look is None:
        return htmx.send_to(url_for("auth.login"), 401)
    if look.shift_id is None:
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


def _check_now(payment: Payment, *, who: str) -> None:
    answer = questions.check_now(payment, who=who)
    if answer is not None:
        flash(_told(answer.outcome))


def _do(deed: Callable[..., object], tran_id: str) -> ResponseReturnValue:
    """Do a deed to a payment of this till; what stands against it is told on the till."""
    row = payments.find(tran_id, _my_shift().till_id)
    try:
        deed(row, who=current_user.who)
    except Refused as problem:
        flash(problem.text)
    return redirect(url_for(".till"), 303)


def _told(outcome: Outcome) -> str:
    at = clock.shop_time(clock.now()).strftime("%H:%M:%S")
    return {
        Outcome.PAID: f"At {at} the bank reported the money.",
        Outcome.NOT_FOUND: f"At {at} the bank had no payment for this QR.",
        Outcome.FAILED: f"At {at} the bank said that the transfer had failed.",
        Outcome.UNKNOWN: f"At {at} the bank could not be asked. That does not mean unpaid.",
    }[outcome]
