"""What an operator says of a store."""

from datetime import datetime

import click
from flask.cli import with_appcontext

from pos.cli.group import bp, plainly
from pos.services.shop import shops


@bp.cli.command("set-closing")
@click.argument("store_id", type=int)
@click.argument("time", type=click.DateTime(["%H:%M"]), required=False)
@with_appcontext
def set_closing(store_id: int, time: datetime | None) -> None:
    """Say when a store closes, such as 21:30; without a time only long shifts are closed."""
    minute = time.hour * 60 + time.minute if time else None
    plainly(lambda: shops.set_closing(store_id, minute))
    told = f"closes at {time:%H:%M}" if time else "has no closing time"
    click.echo(f"Store {store_id} {told}.")
