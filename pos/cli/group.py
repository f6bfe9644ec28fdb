"""What all commands share: their group, plain errors, and finding a row by its name."""

from collections.abc import Callable
from typing import TypeVar

import click
from flask import Blueprint
from sqlalchemy import select

from pos.errors import PosError
from pos.extensions import db
from pos.models import GatewayAccount, User

T = TypeVar("T")

bp = Blueprint("cli", __name__, cli_group=None)


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
