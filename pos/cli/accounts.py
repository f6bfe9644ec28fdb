"""The shop and the gateway accounts that it is paid on."""

from collections.abc import Callable
from typing import Any, TextIO

import click
from flask import current_app
from flask.cli import with_appcontext

from pos.cli.group import account_of, bp, plainly, store_of, till_of
from pos.services.banking import account_settings, accounts, checkup
from pos.services.banking.account_settings import Changes
from pos.services.banking.check_lines import State
from pos.services.shop import shops
from pos.services.shop.shops import LIVE, NewAccount

Command = Callable[..., Any]

_OPTIONS = (
    click.option("--gateway", type=click.Choice(list(LIVE)), default="bakong", show_default=True),
    click.option("--account", prompt=True, help="Who is paid: name@bank, or PayWay's merchant id."),
    click.option("--bank-merchant-id", default="", help="Merchant number, if the bank gave one."),
    click.option("--bank", default="", help="The acquiring bank's name, with a merchant number."),
    click.option("--url", default="", help="The gateway's address; its live one if not given."),
    click.option("--practice", is_flag=True, help="A practice bank's: the screens say so."),
    click.option("--email", default="", help="The e-mail under which a Bakong token is renewed."),
    click.option("--quota", type=int, help="Questions a day; 0: no limit. Bakong 100, PayWay 0."),
    click.option("--refund-key", type=click.File(), help="A file with ABA's public refund key."),
    click.option("--payment-option", default="", help="PayWay: a `purchase` option, if wished."),
    click.option("--callback-url", default="", help="PayWay: where it posts to, if not on file."),
    click.option("--raw-callbacks", is_flag=True, help="PayWay: take X-PayWay-Signature, too."),
    click.option("--token", prompt=True, hide_input=True, help="Bakong's token, PayWay's API key."),
)


def account_options(command: Command) -> Command:
    """Give a command the options that describe an account; `new_account` reads them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def new_account(typed: dict[str, Any]) -> NewAccount:
    """Return the account that was typed, with what is usual at its gateway where nothing was."""
    live_url, usual_quota = LIVE[typed["gateway"]]
    refund_key: TextIO | None = typed["refund_key"]
    return NewAccount(
        gateway=typed["gateway"],
        base_url=typed["url"] or live_url,
        account_id=typed["account"],
        merchant_id=typed["bank_merchant_id"],
        acquiring_bank=typed["bank"],
        token_email=typed["email"],
        token=typed["token"],
        daily_quota=usual_quota if typed["quota"] is None else typed["quota"],
        refund_key=refund_key.read() if refund_key else "",
        payment_option=typed["payment_option"],
        callback_url=typed["callback_url"],
        takes_raw_callbacks=typed["raw_callbacks"],
        is_practice=typed["practice"],
    )


@bp.cli.command("create-shop")
@click.option("--name", prompt=True, help="As a payer's bank app shows it; 25 characters at most.")
@click.option("--city", default="Phnom Penh", show_default=True)
@click.option("--store", prompt=True, help="The store's name.")
@click.option("--till", "tills", multiple=True, default=["Till 1"], help="A till; may repeat.")
@account_options
@with_appcontext
def create_shop_command(
    name: str, city: str, store: str, tills: tuple[str, ...], **typed: Any
) -> None:
    """Set up a real shop: its merchant, one store with its tills, and the account it is paid on."""
    account = new_account(typed)
    place = plainly(lambda: shops.create_shop(name, city, store, list(tills), account))
    click.echo(f"Store {place.id} is set up. Add people with: flask create-user")


@bp.cli.command("add-account")
@click.option("--store", "store_id", type=int, default=1, show_default=True)
@account_options
@with_appcontext
def add_account(store_id: int, **typed: Any) -> None:
    """Add an account to the merchant of a store; `use-account` has a store or till use it."""
    merchant_id = store_of(store_id).merchant_id
    row = plainly(lambda: shops.add_account(merchant_id, new_account(typed)))
    click.echo(f"{row.account_id} is added. Have it used with: flask use-account {row.account_id}")


@bp.cli.command("use-account")
@click.argument("account_id")
@click.option("--store", "store_id", type=int, default=1, show_default=True)
@click.option("--till", "till_name", help="This till alone; the whole store if not given.")
@with_appcontext
def use_account(account_id: str, store_id: int, till_name: str | None) -> None:
    """Have a store, or one of its tills, paid on an account from the next QR on."""
    row, place = account_of(account_id), store_of(store_id)
    if till_name is None:
        plainly(lambda: shops.pay_store_on(place.id, row.id))
    elif row.id == place.account_id:
        shops.pay_till_on(till_of(store_id, till_name).id, None)
    else:
        till = till_of(store_id, till_name)
        plainly(lambda: shops.pay_till_on(till.id, row.id))
    click.echo(f"{till_name or place.name} is paid on {account_id} from the next QR on.")


@bp.cli.command("set-token")
@click.argument("account_id")
@click.option("--token", prompt=True, hide_input=True)
@with_appcontext
def set_token(account_id: str, token: str) -> None:
    """Store a new gateway token for an account, such as one pasted from the bank's e-mail."""
    accounts.store_token(account_of(account_id).id, token.strip())
    click.echo("The token is stored.")


@bp.cli.command("set-quota")
@click.argument("account_id")
@click.argument("limit", type=int)
@with_appcontext
def set_quota(account_id: str, limit: int) -> None:
    """Say how many questions a day the gateway allows an account; 0 for no limit."""
    plainly(lambda: accounts.set_quota(account_of(account_id).id, limit))
    click.echo(f"{account_id} may ask {limit or 'any number of'} questions a day.")


@bp.cli.command("set-account")
@click.argument("account_id")
@click.option("--payment-option", help='PayWay: a `purchase` option, "" for the till\'s own call.')
@click.option("--callback-url", help='PayWay: where it posts to, "" for what ABA has on file.')
@click.option("--raw-callbacks/--no-raw-callbacks", default=None, help="X-PayWay-Signature, too.")
@click.option("--refund-key", type=click.File(), help="A file with ABA's public refund key.")
@click.option("--email", help='Bakong: under which the token is renewed, "" for not at all.')
@with_appcontext
def set_account(account_id: str, refund_key: TextIO | None, **typed: Any) -> None:
    """Change how an account is used; what is not named stays as it is."""
    wanted = Changes(
        payment_option=typed["payment_option"],
        callback_url=typed["callback_url"],
        takes_raw_callbacks=typed["raw_callbacks"],
        token_email=typed["email"],
        refund_key=refund_key.read() if refund_key else None,
    )
    row = account_of(account_id)
    lines = plainly(lambda: account_settings.change(row.id, wanted, who="operator"))
    click.echo("\n".join(lines) or f"{account_id} is so already.")


@bp.cli.command("check-gateway")
@click.argument("account_id")
@click.option("--callback-url", default="", help="Where it posts to, if ABA has that on file.")
@with_appcontext
def check_gateway(account_id: str, callback_url: str) -> None:
    """Look an account over, line by line with what to do; exit status 1 if anything is wrong."""
    row = account_of(account_id)
    click.echo(f"{row.gateway} {account_id} at {row.base_url}")
    lines = checkup.look_over(row, callback_url, probes_loopback=current_app.testing)
    for line in lines:
        click.echo(f"  {line.state:<6}{line.text}" + (f" {line.to_do}" if line.to_do else ""))
    if any(line.state is State.WRONG for line in lines):
        raise SystemExit(1)
