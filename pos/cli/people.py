"""Who may log in, and with what."""

import click
from flask.cli import with_appcontext

from pos.cli.group import bp, plainly, user_of
from pos.extensions import db
from pos.models import Role, Store
from pos.services.auditing import audit
from pos.services.people import first_run as first_runs
from pos.services.people import people, pins, second_step, users


@bp.cli.command("first-run")
@with_appcontext
def first_run() -> None:
    """Show the code with which a browser opens the first shop of empty books."""
    code = plainly(first_runs.begin)
    click.echo(f"Open /welcome in a browser within 15 minutes and type this code: {code}")


@bp.cli.command("create-user")
@click.argument("username")
@click.option("--name", default="", help="As the till shows it; the user name if not given.")
@click.option("--role", type=click.Choice([str(role) for role in Role]), default="cashier")
@click.option("--store", "store_id", type=int, default=1, show_default=True)
@click.password_option()
@with_appcontext
def create_user(username: str, name: str, role: str, store_id: int, password: str) -> None:
    """Add a person to a store."""
    if db.session.get(Store, store_id) is None:
        raise click.ClickException(f"There is no store {store_id}.")
    plainly(lambda: users.create(store_id, username, name, Role(role), password, by=audit.OPERATOR))
    click.echo(f"{username} may log in.")


@bp.cli.command("set-password")
@click.argument("username")
@click.password_option()
@with_appcontext
def set_password(username: str, password: str) -> None:
    """Give a person a new password and end all their logins."""
    plainly(lambda: users.set_password(user_of(username), password, by=audit.OPERATOR))
    click.echo(f"{username} has a new password; their logins have ended.")


@bp.cli.command("set-pin")
@click.argument("username")
@click.option("--pin", prompt=True, hide_input=True, confirmation_prompt=True)
@with_appcontext
def set_pin(username: str, pin: str) -> None:
    """Give a manager a PIN, with which they agree at a till to what a cashier asks for."""
    plainly(lambda: pins.set_pin(user_of(username), pin, by=audit.OPERATOR))
    click.echo(f"{username} has a new PIN.")


@bp.cli.command("remove-second-step")
@click.argument("username")
@with_appcontext
def remove_second_step(username: str) -> None:
    """Ask a person for no code at the login any more, and end all their logins."""
    plainly(lambda: second_step.take_away(user_of(username)))
    click.echo(f"{username} logs in with the password alone; their logins have ended.")


@bp.cli.command("disable-user")
@click.argument("username")
@with_appcontext
def disable_user(username: str) -> None:
    """Shut a person out and end all their logins at once; never the last who manages people."""
    plainly(lambda: people.disable(user_of(username)))
    click.echo(f"{username} is shut out.")


@bp.cli.command("enable-user")
@click.argument("username")
@with_appcontext
def enable_user(username: str) -> None:
    """Let a person in again."""
    users.set_active(user_of(username), True)
    click.echo(f"{username} may log in.")
