"""The shop and the gateway accounts that it is paid on."""

from typing import TextIO

import click
from flask.cli import with_appcontext

from pos.cli.group import account_of, bp, plainly
from pos.gateways.base import AccountStatus
from pos.services import accounts
from pos.services.shops import NewAccount, create_shop

LIVE = {
    "bakong": ("https://api-bakong.nbc.gov.kh", 100),
    "payway": ("https://checkout.payway.com.kh", 0),
}
"""Each gateway's live address, and how many questions a day it is known to allow; 0: no limit."""


@bp.cli.command("create-shop")
@click.option("--name", prompt=True, help="As a payer's bank app shows it; 25 characters at most.")
@click.option("--city", default="Phnom Penh", show_default=True)
@click.option("--store", prompt=True, help="The store's name.")
@click.option("--till", "tills", multiple=True, default=["Till 1"], help="A till; may repeat.")
@click.option("--gateway", type=click.Choice(list(LIVE)), default="bakong", show_default=True)
@click.option("--account", prompt=True, help="Who is paid: name@bank, or PayWay's merchant id.")
@click.option("--bank-merchant-id", default="", help="Merchant number, if the bank gave one.")
@click.option("--bank", default="", help="The acquiring bank's name, with a merchant number.")
@click.option("--url", default="", help="The gateway's address; its live one if not given.")
@click.option("--email", default="", help="The e-mail under which a Bakong token can be renewed.")
@click.option("--quota", type=int, help="Questions a day; 0: no limit. Bakong 100, PayWay 0.")
@click.option("--refund-key", type=click.File(), help="A file with ABA's public key for refunds.")
@click.option("--payment-option", default="", help="PayWay: a `purchase` option, if so wished.")
@click.option("--callback-url", default="", help="PayWay: where it posts to, if not as on file.")
@click.option("--token", prompt=True, hide_input=True, help="Bakong's token, or PayWay's API key.")
@with_appcontext
def create_shop_command(
    name: str,
    city: str,
    store: str,
    tills: tuple[str, ...],
    gateway: str,
    account: str,
    bank_merchant_id: str,
    bank: str,
    url: str,
    email: str,
    quota: int | None,
    refund_key: TextIO | None,
    payment_option: str,
    callback_url: str,
    token: str,
) -> None:
    """Set up a real shop: its merchant, one store with its tills, and the account it is paid on."""
    live_url, usual_quota = LIVE[gateway]
    new_account = NewAccount(
        gateway=gateway,
        base_url=url or live_url,
        account_id=account,
        merchant_id=bank_merchant_id,
        acquiring_bank=bank,
        token_email=email,
        token=token,
        daily_quota=usual_quota if quota is None else quota,
        refund_key=refund_key.read() if refund_key else "",
        payment_option=payment_option,
        callback_url=callback_url,
    )
    place = plainly(lambda: create_shop(name, city, store, list(tills), new_account))
    click.echo(f"Store {place.id} is set up. Add people with: flask create-user")


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


@bp.cli.command("check-gateway")
@click.argument("account_id")
@with_appcontext
def check_gateway(account_id: str) -> None:
    """Ask the gateway whether a receiving account exists; exit status 1 unless it does."""
    status = accounts.open_account(account_of(account_id)).check_account()
    click.echo(f"{account_id}: {status}")
    if status is not AccountStatus.EXISTS:
        raise SystemExit(1)
