"""Logging in and out, and one's own password."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user, login_user, logout_user

from pos.errors import BadInput, Refused
from pos.extensions import login
from pos.models import Login, User
from pos.permissions import Right
from pos.services.people import pins, users
from pos.web import htmx, languages
from pos.web.languages import flash
from pos.web.rights import home
from pos.words import Language, _

bp = Blueprint("auth", __name__)


class SignedIn(UserMixin):
    """A person with the login they came by; the session cookie holds only the login's token."""

    def __init__(self, row: Login, token: str) -> None:
        self.token, self.user = token, row.user

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token

    @property
    def display_name(self) -> str:
        """The person's name for the header."""
        return self.user.display_name

    @property
    def role(self) -> str:
        """The role's word."""
        return str(self.user.role)

    def may(self, right: Right) -> bool:
        """Return whether this person's role has a right."""
        return self.user.may(right)

    @property
    def who(self) -> str:
        """How the history of a payment names this person."""
        return self.user.who


@dataclass(frozen=True)
class LoginForm:
    """What the login page draws: the name typed and what was wrong."""

    username: str = ""
    error: str = ""
    next: str = ""


@login.user_loader
def load(token: str) -> SignedIn | None:
    """Return who holds this login, or None once it is over."""
    row = users.of_token(token)
    return SignedIn(row, token) if row else None


@login.unauthorized_handler
def unauthorized() -> ResponseReturnValue:
    """Send a page to the login; a fragment must not get the login page inside itself."""
    if htmx.is_htmx():
        return htmx.send_to(url_for("auth.login"), 401)
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("auth.login", next=back or None), 303)


def me() -> User:
    """Return the signed-in person's row."""
    user: User = current_user.user
    return user


@bp.route("/login", methods=["GET", "POST"], endpoint="login")
def log_in() -> ResponseReturnValue:
    """Show the login form, or open a login and go where the person wanted to go."""
    back = _safe_path(request.values.get("next", ""))
    if request.method != "POST":
        return _login_page(LoginForm(next=back))
    # PostgreSQL cannot even be asked for a NUL; nobody's name has one, nor the sign instead.
    username = request.form.get("username", "").replace("\0", "\N{REPLACEMENT CHARACTER}")
    try:
        token = users.log_in(username, request.form.get("password", ""))
    except Refused as problem:
        return _login_page(LoginForm(username, problem.text, back), problem.status)
    if current_user.is_authenticated:
        users.log_out(current_user.token)
    _come_in(token)
    answer = redirect(back or url_for(home()), 303)
    chosen = me().language
    if chosen is not None:
        languages.choose(answer, chosen)
    return answer


def _come_in(token: str) -> None:
    """Hold this login in a session of its own, with nothing of the one before."""
    session.clear()
    signed_in = load(token)
    assert signed_in is not None
    login_user(signed_in)


def _login_page(form: LoginForm, status: int = 200) -> ResponseReturnValue:
    return render_template("auth/login.html", form=form), status


def _safe_path(path: str) -> str:
    """Return a path of this shop, or "": a login never leads to another site."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and path.isprintable() else ""


@bp.post("/language")
def language() -> ResponseReturnValue:
    """Speak another language at this browser, and to this person wherever they log in."""
    try:
        chosen = Language(request.form.get("language", ""))
    except ValueError:
        raise BadInput(_("Choose a language.")) from None
    if current_user.is_authenticated:
        users.set_language(me(), chosen)
    answer = redirect(_safe_path(request.form.get("next", "")) or url_for(home()), 303)
    languages.choose(answer, chosen)
    return answer


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End this login at once, here and for any copy of its cookie."""
    users.log_out(current_user.token)
    logout_user()
    session.clear()
    return redirect(url_for("auth.login"), 303)


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
    _come_in(users.log_in(username, new))
    flash(_("Your password is changed. Every other login of yours has ended."))
    return redirect(url_for(home()), 303)


@bp.route("/password/pin", methods=["GET", "POST"])
def pin() -> ResponseReturnValue:
    """Set one's own PIN, for managers; it takes the password, for the page may lie open."""
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
