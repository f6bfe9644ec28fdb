"""What all commands share: their group, plain errors, and finding a row by its name."""

from collections.abc import Callable
from typing import TypeVar

import click
from flask import Blueprint
from sqlalchemy import select

from pos.errors import PosError
from pos.extensions import db
from pos.models import GatewayAccount, Store, Till, User

T = TypeVar("T")

bp = Blueprint("cli", __name__, cli_group=None)


def is_command() -> bool:
    """Return whether a person's command runs in this process, and no server."""
    return click.get_current_context(silent=True) is not None


def plainly(deed: Callable[[], T]) -> T:
    """Do it; an error of ours is told in one line, without a traceback."""
    try:
        return deed()
    except PosError as problem:
        raise click.ClickException(str(problem)) from None


def user_of(username: str) -> User:
    """Return the person of this user name."""
    user = db.session.scalar(select(User).where(User.username == username.lower()))
    if user is None:
        raise click.ClickException(f"There is no user {username}.")
    return user


def account_of(account_id: str) -> GatewayAccount:
    """Return the gateway account of this name."""
    query = select(GatewayAccount).where(GatewayAccount.account_id == account_id)
    row = db.session.scalar(query)
    if row is None:
        raise click.ClickException(f"There is no account {account_id}.")
    return row


def store_of(store_id: int) -> Store:
    """Return the store of a number."""
    row = db.session.get(Store, store_id)
    if row is None:
        raise click.ClickException(f"There is no store {store_id}.")
    return row


def till_of(store_id: int, name: str) -> Till:
    """Return the till of a name in a store."""
    row = db.session.scalar(select(Till).where(Till.store_id == store_id, Till.name == name))
    if row is None:
        raise click.ClickException(f"Store {store_id} has no till {name}.")
    return row
