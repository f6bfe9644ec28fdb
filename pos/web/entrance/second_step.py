"""The second step at the login, and the page where a person turns their own on and off."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos import totp
from pos.errors import Refused
from pos.services.people import codes, second_step
from pos.web import languages
from pos.web.counter.qr import qr_svg
from pos.web.languages import flash
from pos.web.rights import home
from pos.web.signed_in import come_in, halfway, me, place, safe_path
from pos.words import _

bp = Blueprint("second_step", __name__)

ISSUER = "KHQR POS"
"""What an authenticator app calls the shop's key."""


@bp.route("/login/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """Ask who typed the right password a moment ago for a code, and let them in by it."""
    back, user = safe_path(request.values.get("next", "")), halfway()
    if user is None:
        return redirect(url_for("auth.login", password="", next=back or None), 303)
    if request.method != "POST":
        return _code_page(back)
    try:
        token = second_step.come_in(user, request.form.get("code", ""), place())
    except Refused as problem:
        return _code_page(back, problem.text), problem.status
    come_in(token)
    if not codes.left(me().id):
        flash(_("That was your last recovery code. Turn the second step off and on for new ones."))
    return languages.as_chosen(redirect(back or url_for(home()), 303), me().language)


def _code_page(back: str, error: str = "") -> str:
    return render_template("second_step/code.html", next=back, error=error)


@bp.get("/password/second-step", endpoint="second_step")
def own() -> ResponseReturnValue:
    """Show whether one's own second step is on, with the form to begin or to turn it off."""
    return _own_page()


def _own_page(error: str = "") -> str:
    user = me()
    return render_template(
        "second_step/second_step.html",
        is_on=codes.is_on(user.id),
        left=codes.left(user.id),
        is_due=second_step.is_due(user),
        error=error,
    )


@bp.post("/password/second-step/key")
def begin() -> ResponseReturnValue:
    """Make a key and show it; no redirect, for a key is shown to who typed the password."""
    try:
        second_step.begin(me(), request.form.get("current_password", ""))
    except Refused as problem:
        return _own_page(problem.text), problem.status
    return _key_page()


def _key_page(error: str = "") -> str:
    key = second_step.begun_key(me())
    text = totp.as_text(key)
    return render_template(
        "second_step/key.html",
        qr=qr_svg(totp.address(key, ISSUER, me().username)),
        key=" ".join(text[at : at + 4] for at in range(0, len(text), 4)),
        error=error,
    )


@bp.post("/password/second-step/on")
def turn_on() -> ResponseReturnValue:
    """Turn it on by a right code; the answer shows the recovery codes, this once."""
    try:
        made = second_step.turn_on(
            me(), request.form.get("code", ""), keep_token=current_user.token
        )
    except Refused as problem:
        return _again(problem), problem.status
    return render_template("second_step/recovery.html", codes=made)


def _again(problem: Refused) -> str:
    """Show the key again after a wrong code; where none waits any more, how to begin."""
    try:
        return _key_page(problem.text)
    except Refused as over:
        return _own_page(over.text)


@bp.post("/password/second-step/off")
def turn_off() -> ResponseReturnValue:
    """Turn it off by password and code."""
    sent = request.form
    try:
        second_step.turn_off(me(), sent.get("current_password", ""), sent.get("code", ""))
    except Refused as problem:
        return _own_page(problem.text), problem.status
    flash(_("The second step is off."))
    return redirect(url_for(".second_step"), 303)
