"""Logging in and out, and one's own password."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user

from pos.errors import BadInput, Refused
from pos.extensions import login
from pos.services.people import logins, pins, users
from pos.web import enrolled, htmx, languages
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.web.rights import home
from pos.web.signed_in import enter, me, place, safe_path
from pos.words import Language, _

bp = Blueprint("auth", __name__)


@dataclass(frozen=True)
class LoginForm:
    """What the login page draws: the name typed and what was wrong."""

    username: str = ""
    error: str = ""
    next: str = ""


@login.unauthorized_handler
def unauthorized() -> ResponseReturnValue:
    """Send a page to the login; a fragment must not get the login page inside itself."""
    if htmx.is_htmx():
        return htmx.send_to(url_for("auth.login"), 401)
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("auth.login", next=back or None), 303)


@bp.route("/login", methods=["GET", "POST"], endpoint="login")
def log_in() -> ResponseReturnValue:
    """Show the login form, or open a login and go where the person wanted to go."""
    back = safe_path(request.values.get("next", ""))
    if request.method != "POST":
        if enrolled.here() is not None and "password" not in request.args:
            return redirect(url_for("switch.switch", next=back or None), 303)
        return _login_page(LoginForm(next=back))
    # PostgreSQL cannot even be asked for a NUL; nobody's name has one, nor the sign instead.
    username = request.form.get("username", "").replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        user = users.recognise(username, request.form.get("password", ""), place())
    except Refused as problem:
        return _login_page(LoginForm(username, problem.text, back), problem.status)
    if not enter(user):
        return redirect(url_for("second_step.code", next=back or None), 303)
    return languages.as_chosen(redirect(back or url_for(home()), 303), me().language)


def _login_page(form: LoginForm, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "auth/login.html", form=form, with_pin=enrolled.here() is not None
    ), status


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Speak another language at this browser, and to this person wherever they log in."""
    try:
        chosen = Language(request.form.get("language", ""))
    except ValueError:
        raise BadInput(_("Choose a language.")) from None
    if current_user.is_authenticated:
        users.set_language(me(), chosen)
    answer = redirect(safe_path(request.form.get("next", "")) or url_for(home()), 303)
    languages.choose(answer, chosen)
    return answer


@bp.post("/store")
def store() -> ResponseReturnValue:
    """Work at another store of the merchant from now on, in this login."""
    store_id = request.form.get("store_id", type=row_id)
    if store_id is None:
        raise BadInput(_("Choose a store."))
    try:
        logins.choose_store(current_user.login, store_id)
    except Refused as problem:
        if problem.status != 422:
            raise
        flash(problem.text)
    return redirect(url_for("shifts.shifts"), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End this login at once, here and for any copy of its cookie."""
    users.log_out(current_user.token)
    logout_user()
    session.clear()
    answer = redirect(url_for("auth.login"), 303)
    # Not "cookies" or "storage": the browser stays this till, with its language and its sounds.
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.route("/password", methods=["GET", "POST"])
def password() -> ResponseReturnValue:
    """Change one's own password; every login of this person ends, and a fresh one begins here.

    Not even this browser's old cookie goes on: a copy of it may be why the password changes.
    """
    if request.method != "POST":
        return render_template("auth/password.html", error="")
    username, new = me().username, request.form.get("new_password", "")
    try:
        if new != request.form.get("again", ""):
            raise BadInput(_("The two new passwords are not the same."))
        current = request.form.get("current_password", "")
        users.change_password(me(), current, new, keep_token="")
    except Refused as problem:
        return render_template("auth/password.html", error=problem.text), problem.status
    if not enter(users.recognise(username, new)):
        return redirect(url_for("second_step.code"), 303)
    flash(_("Your password is changed. Every other login of yours has ended."))
    return redirect(url_for(home()), 303)


@bp.route("/password/pin", methods=["GET", "POST"])
def pin() -> ResponseReturnValue:
    """Set one's own PIN; it takes the password, for the page may lie open."""
    if request.method != "POST":
        return render_template("auth/pin.html", has_pin=bool(me().pin_hash), error="")
    new = request.form.get("pin", "")
    try:
        if new != request.form.get("again", ""):
            raise BadInput(_("The two PINs are not the same."))
        users.prove(me(), request.form.get("current_password", ""))
        pins.set_pin(me(), new)
    except Refused as problem:
        page = render_template("auth/pin.html", has_pin=bool(me().pin_hash), error=problem.text)
        return page, problem.status
    flash(_("Your PIN is set."))
    return redirect(url_for("auth.password"), 303)
