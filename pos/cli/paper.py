"""The receipt printers of the tills."""

import click
from flask.cli import with_appcontext

from pos.cli.group import bp, plainly
from pos.services.paperwork import printing


@bp.cli.command("set-printer")
@click.argument("till_id", type=int)
@click.argument("address", default="")
@click.option("--drawer", is_flag=True, help="A cash drawer hangs on the printer.")
@with_appcontext
def set_printer(till_id: int, address: str, drawer: bool) -> None:
    """Give a till a receipt printer: tcp://192.168.1.50:9100 or usb://04b8:0202; none takes it."""
    plainly(lambda: printing.set_printer(till_id, address, has_drawer=drawer))
    click.echo(f"Till {till_id} prints at {address}." if address else "It has no printer now.")
