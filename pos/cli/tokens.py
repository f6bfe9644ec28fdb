"""Commands about the tokens of other programs."""

import click
from flask.cli import with_appcontext

from pos.cli.group import bp, plainly, user_of
from pos.permissions import Scope
from pos.services.api import tokens
from pos.services.auditing import audit


@bp.cli.command("create-token")
@click.argument("username")
@click.option("--name", prompt=True, help="What the program is called.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([str(scope) for scope in Scope]),
    multiple=True,
    default=["read", "charge"],
    show_default=True,
    help="What it may do; may repeat.",
)
@click.option("--customer", default="", help="Let it reach this customer's sales alone.")
@with_appcontext
def create_token(username: str, name: str, scopes: tuple[str, ...], customer: str) -> None:
    """Give a program of a person a token; its first refresh token is printed, this once."""
    chosen = [Scope(scope) for scope in scopes]
    owner = user_of(username)
    row, text = plainly(
        lambda: tokens.create(owner, name, chosen, by=audit.OPERATOR, customer=customer)
    )
    click.echo(f"Token {row.id} is made. Its refresh token, shown this once:", err=True)
    click.echo(text)


@bp.cli.command("revoke-token")
@click.argument("token_id", type=int)
@click.option("--store", "store_id", type=int, default=1, show_default=True)
@with_appcontext
def revoke_token(token_id: int, store_id: int) -> None:
    """End a program's token at once."""
    plainly(lambda: tokens.revoke(store_id, token_id, by=audit.OPERATOR))
    click.echo(f"Token {token_id} is revoked.")
