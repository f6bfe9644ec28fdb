"""Who is signed in at the browser that asks, and how a browser comes to hold a login."""

from datetime import timedelta

from flask import request, session
from flask_login import UserMixin, current_user, login_user

from pos import clock
from pos.extensions import db, login
from pos.gateways.sockets import is_loopback
from pos.models import Login, User
from pos.permissions import BY_PIN, Right
from pos.services.people import codes, users
from pos.services.people.place import Place
from pos.web import enrolled
from pos.web.counter.agents import browser_of

HALF_LIFE = timedelta(minutes=5)
"""How long a right password waits for its code."""

_HALF = "half"


class SignedIn(UserMixin):
    """A person with the login they came by; the session cookie holds only the login's token."""

    def __init__(self, row: Login, token: str) -> None:
        self.token, self.user, self.login = token, row.user, row

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
        """Return whether this login reaches a right: one by PIN reaches no further than a till."""
        return self.user.may(right) and (not self.login.by_pin or right in BY_PIN)

    @property
    def who(self) -> str:
        """How the history of a payment names this person."""
        return self.user.who


@login.user_loader
def load(token: str) -> SignedIn | None:
    """Return who holds this login, or None once it is over."""
    row = users.of_token(token)
    return SignedIn(row, token) if row else None


def me() -> User:
    """Return the signed-in person's row."""
    user: User = current_user.user
    return user


def come_in(token: str) -> None:
    """Hold a new login in a session of its own; the one that was here before is over."""
    if current_user.is_authenticated:
        users.log_out(current_user.token)
    session.clear()
    signed_in = load(token)
    assert signed_in is not None
    login_user(signed_in)


def enter(user: User) -> bool:
    """Hold a new login of who typed the right password; False where a code must follow first.

    Until it does, the session says only whose password was typed and until when that counts.
    """
    if not codes.is_on(user.id):
        come_in(users.open_login(user, place()))
        return True
    until = clock.epoch_ms(clock.now() + HALF_LIFE)
    session[_HALF] = [user.id, users.hash_of(user.password_hash), until]
    return False


def halfway() -> User | None:
    """Return whose password was typed here a moment ago, while it still is their password."""
    user_id, mark, until = session.get(_HALF) or (0, "", 0)
    user = db.session.get(User, user_id) if until > clock.epoch_ms(clock.now()) else None
    is_theirs = user is not None and users.hash_of(user.password_hash) == mark
    return user if user is not None and is_theirs and user.is_active else None


def device() -> str | None:
    """Return "Chrome, Android" for the browser that asks, or None where nothing is known."""
    return browser_of(request.user_agent.string) or None


def place() -> Place:
    """Return where a login at this browser is opened."""
    till, asker = enrolled.here(), request.remote_addr or ""
    return Place(device(), till.id if till else None, "" if is_loopback(asker) else asker)


def safe_path(path: str) -> str:
    """Return a path of this shop, or "": a login never leads to another site."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and path.isprintable() else ""
