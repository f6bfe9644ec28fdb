"""Who works in a store: added, changed, shut out and given a new password by who stands higher.

Nobody changes themselves here, nobody gives a role above their own, and somebody who manages
people is always left. What is written here is decided by the books as they are then, not by
what a page showed.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from pos import permissions
from pos.database import writing
from pos.errors import BadInput, NotAllowed, NotFound, Refused
from pos.extensions import db
from pos.models import Deed, Login, Merchant, Shift, Store, User
from pos.models.audit import Detail
from pos.permissions import Right, Role, roles_with
from pos.reports.wording import ROLE
from pos.services.auditing import audit
from pos.services.people import codes, users
from pos.states import UNCLOSED
from pos.words import Words, _

ROLE_WORDS: dict[Role, tuple[Words, Words]] = {
    Role.CASHIER: (ROLE[Role.CASHIER], _("Takes payments at a till.")),
    Role.SUPERVISOR: (
        ROLE[Role.SUPERVISOR],
        _("Leads a shift: sees all tills, agrees with a PIN."),
    ),
    Role.MANAGER: (ROLE[Role.MANAGER], _("Runs the store: figures, settings and people.")),
    Role.OWNER: (ROLE[Role.OWNER], _("Does everything, in every store.")),
    Role.AUDITOR: (ROLE[Role.AUDITOR], _("Reads everything and changes nothing.")),
}
"""What each role is called, and what it is for."""

NAME_LENGTH = 64

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What a password that is read from a screen is made of: nothing that looks like another."""


def of_store(store_id: int) -> tuple[User, ...]:
    """Return everybody who belongs to a store: who may come in first, then by name."""
    query = select(User).where(User.home_store_id == store_id)
    order = User.is_active.desc(), User.display_name, User.id
    return tuple(db.session.scalars(query.order_by(*order)))


def find(me: User, user_id: int) -> User:
    """Return a person of the store that `me` works at; NotFound for anybody else."""
    row = db.session.get(User, user_id)
    if row is None or row.home_store_id != me.store_id:
        raise NotFound(_("There is no such person."))
    return row


def may_change(me: User, other: User) -> bool:
    """Return whether one person may change another, or shut them out; never themselves."""
    return me.id != other.id and permissions.governs(me.role, other.role)


def roles_to_give(me: User) -> tuple[Role, ...]:
    """Return the roles that a person may give."""
    return tuple(role for role in Role if permissions.may_appoint(me.role, role))


def add(me: User, username: str, display_name: str, role: Role) -> tuple[int, str]:
    """Add a person to the store; return their id and a password that their first login changes."""
    _refuse_role(me, role)
    password, store_id = one_time_password(), me.store_id
    name = read_name(display_name)
    with writing(db.session):
        row = users.create(store_id, username, name, role, password, must_change=True)
        audit.note(Deed.PERSON_ADDED, me.who, row.username, store_id, role=str(role))
    return row.id, password


def change(me: User, user_id: int, display_name: str, role: Role) -> None:
    """Give a person another name or role; another role ends their logins at once.

    Refused while they have a shift open and would no longer take payments.
    """
    name = read_name(display_name)
    with _changing(me, user_id) as (actor, row):
        was = f"{row.display_name}, {row.role}"
        if role is not row.role:
            _refuse_role(actor, role)
            if not permissions.may(role, Right.MANAGE_PEOPLE):
                _refuse_last(row)
            if not permissions.may(role, Right.CHARGE):
                _refuse_open_shift(row)
            users.end_logins(Login.user_id == row.id)
        row.display_name, row.role = name, role
        _note(Deed.PERSON_CHANGED, actor, row, was=was, now=f"{name}, {role}")


def shut_out(me: User, user_id: int) -> None:
    """End a person's logins, and let them open no other."""
    with _changing(me, user_id) as (actor, row):
        _refuse_last(row)
        row.is_active = False
        users.end_logins(Login.user_id == row.id)
        _note(Deed.PERSON_SHUT_OUT, actor, row)


def disable(row: User) -> None:
    """Shut a person out by the operator's word; Refused for the last who manages people."""
    user_id = row.id
    with writing(db.session):
        db.session.get_one(
            Merchant, row.home_store.merchant_id, populate_existing=True, with_for_update=True
        )
        person = db.session.get_one(User, user_id, populate_existing=True)
        _refuse_last(person)
        users.set_active(person, False)


def let_in(me: User, user_id: int) -> None:
    """Let a person in again."""
    with _changing(me, user_id) as (actor, row):
        row.is_active = True
        _note(Deed.PERSON_LET_IN, actor, row)


def end_logins(me: User, user_id: int) -> None:
    """End every login of a person at once; they may come in again."""
    with _changing(me, user_id) as (actor, row):
        users.end_logins(Login.user_id == row.id)
        _note(Deed.LOGINS_ENDED, actor, row)


def reset_password(me: User, user_id: int) -> str:
    """Return a new password for a person who forgot theirs; their logins end, the next changes it.

    It is kept as a hash only: who asks sees it this once.
    """
    password = one_time_password()
    with _changing(me, user_id) as (actor, row):
        users.set_password(row, password, must_change=True)
        _note(Deed.PASSWORD_SET, actor, row)
    return password


def reset_second_step(me: User, user_id: int) -> None:
    """Ask a person for no code any more, who lost phone and recovery codes; their logins end."""
    with _changing(me, user_id) as (actor, row):
        if not codes.forget(row.id):
            raise Refused(_("They have no second step."))
        users.end_logins(Login.user_id == row.id)
        _note(Deed.SECOND_STEP_RESET, actor, row)


def one_time_password() -> str:
    """Return a password of twelve signs in groups of four, to be typed from a screen once."""
    while True:
        signs = [secrets.choice(_SIGNS) for _each in range(12)]
        if len(set(signs)) >= 6:
            return "-".join("".join(signs[at : at + 4]) for at in (0, 4, 8))


def read_name(typed: str) -> str:
    """Return a name as a person reads it; BadInput where it is none, or too long."""
    name = " ".join(typed.replace("\0", "").split())
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput(_("A name has 1 to %(most)s characters.", most=NAME_LENGTH))
    return name


@contextmanager
def _changing(me: User, user_id: int) -> Iterator[tuple[User, User]]:
    """Hand out both rows as they are now, in a write transaction that no other change joins."""
    my_id, store_id = me.id, me.store_id
    with writing(db.session):
        store = db.session.get_one(Store, store_id)
        db.session.get_one(
            Merchant, store.merchant_id, populate_existing=True, with_for_update=True
        )
        actor = db.session.get_one(User, my_id, populate_existing=True)
        row = find(actor, user_id)
        if not (actor.is_active and may_change(actor, row)):
            raise NotAllowed(_("Only who stands higher in the shop changes this person."))
        yield actor, row


def _note(deed: Deed, actor: User, row: User, **told: Detail) -> None:
    audit.note(deed, actor.who, row.username, row.home_store_id, **told)


def _refuse_role(me: User, role: Role) -> None:
    if not permissions.may_appoint(me.role, role):
        raise NotAllowed(_("Nobody gives a role above their own."))


def _refuse_last(row: User) -> None:
    """Refuse what would leave nobody who manages people."""
    if not (row.is_active and row.may(Right.MANAGE_PEOPLE)):
        return
    others = (
        select(func.count(User.id))
        .join(User.home_store)
        .where(Store.merchant_id == row.home_store.merchant_id, User.id != row.id)
        .where(User.is_active, User.role.in_(roles_with(Right.MANAGE_PEOPLE)))
    )
    if not db.session.scalar(others):
        raise Refused(_("This is the last person who manages people."))


def _refuse_open_shift(row: User) -> None:
    mine = select(Shift.id).where(Shift.cashier_id == row.id, Shift.status.in_(UNCLOSED))
    if db.session.scalar(mine.limit(1)) is not None:
        raise Refused(_("Their shift is open. Close it first."))
