"""The second step at the login: turned on by a person, asked for after the password, turned off.

A PIN at an enrolled till is not asked for it: such a login reaches a till's work only.
"""

import secrets
from datetime import timedelta

from pos import clock
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db, settings
from pos.models import Deed, Login, SecondStep, User
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.banking import vault
from pos.services.people import codes, users
from pos.services.people.place import NOWHERE, Place
from pos.words import _

SET_UP_LIFE = timedelta(minutes=15)
"""How long a key that was shown waits for its first code."""

_KEY_BYTES = 20
"""Source: RFC 4226, section 4, R6: 160 bits are recommended."""

NOTHING_BEGUN = _("That took too long. Begin again with your password.")


def is_due(user: User) -> bool:
    """Return whether a person must turn it on before they go on."""
    is_asked = settings().totp_required == "managers" and user.may(Right.MANAGE_PEOPLE)
    return is_asked and not codes.is_on(user.id)


def begin(me: User, password: str) -> None:
    """Make a key for a person's app, in place of one not turned on; Refused without password."""
    users.prove(me, password)
    user_id = me.id
    sealed = vault.seal(settings(), secrets.token_bytes(_KEY_BYTES).hex())
    with writing(db.session):
        row = codes.hold(user_id) or SecondStep(user_id=user_id)
        if row.on_since is not None:
            raise Refused(_("It is on already. Turn it off before you set it up again."))
        row.sealed_key, row.begun_at, row.last_step = sealed, clock.now(), 0
        db.session.add(row)


def begun_key(me: User) -> bytes:
    """Return the key that waits for its first code; Refused where none does any more."""
    row = db.session.get(SecondStep, me.id)
    if row is None or not _waits(row):
        raise Refused(NOTHING_BEGUN)
    return codes.key_of(row)


def _waits(row: SecondStep) -> bool:
    return row.on_since is None and row.begun_at + SET_UP_LIFE > clock.now()


def turn_on(me: User, typed: str, *, keep_token: str) -> tuple[str, ...]:
    """Ask for codes from now on, once a right one was typed; return the recovery codes.

    Every other login of the person ends: it was opened without a second step.
    """
    user_id = me.id
    with writing(db.session):
        row = codes.hold(user_id)
        if row is None or not _waits(row):
            raise Refused(NOTHING_BEGUN)
        if not codes.take(row, codes.read(typed)):
            raise Refused(codes.WRONG)
        row.on_since = clock.now()
        made = codes.new_recovery(user_id)
        kept = users.hash_of(keep_token)
        users.end_logins(Login.user_id == user_id, Login.token_hash != kept)
        audit.note(Deed.SECOND_STEP_ON, me.who, me.username, me.home_store_id)
    return made


def turn_off(me: User, password: str, typed: str) -> None:
    """Ask for no code any more; it takes the password and a code, for the page may lie open."""
    users.prove(me, password)
    codes.spend(me, typed)
    with writing(db.session):
        if codes.forget(me.id):
            audit.note(Deed.SECOND_STEP_OFF, me.who, me.username, me.home_store_id)


def take_away(user: User) -> None:
    """Ask a person for no code any more, by the operator's word; their logins end.

    Refused where there is no second step.
    """
    user_id = user.id
    with writing(db.session):
        if not codes.forget(user_id):
            raise Refused(_("They have no second step."))
        users.end_logins(Login.user_id == user_id)
        deed = Deed.SECOND_STEP_RESET
        audit.note(deed, audit.OPERATOR, user.username, user.home_store_id)


def come_in(user: User, typed: str, place: Place = NOWHERE) -> str:
    """Return the token of a new login of who typed the password before, and now a code."""
    codes.spend(user, typed)
    return users.open_login(user, place, how="password and code")
