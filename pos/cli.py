"""What an operator types: `flask worker`, `flask demo`, `flask sandbox`, people, accounts."""

import math
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TextIO, TypeVar

import click
from flask import Blueprint, current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from pos import clock, launch, worker
from pos.errors import PosError
from pos.extensions import db, settings
from pos.gateways.base import AccountStatus
from pos.models import GatewayAccount, Role, Store, User
from pos.reports import reconcile as report_of_runs
from pos.services import accounts, pins, reconcile, users
from pos.services.ladder import PRIOR_UNPAID
from pos.services.reference_day import Figures, Shop, polled
from pos.services.shops import NewAccount, create_shop

T = TypeVar("T")

bp = Blueprint("cli", __name__, cli_group=None)

LIVE = {
    "bakong": ("https://api-bakong.nbc.gov.kh", 100),
    "payway": ("https://checkout.payway.com.kh", 0),
}
"""Each gateway's live address, and how many questions a day it is known to allow; 0: no limit."""


@bp.cli.command("worker")
@with_appcontext
def worker_command() -> None:
    """Run the timed jobs until told to end."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    _plainly(lambda: worker.run(app))


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
    place = _plainly(lambda: create_shop(name, city, store, list(tills), new_account))
    click.echo(f"Store {place.id} is set up. Add people with: flask create-user")


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
    _plainly(lambda: users.create(store_id, username, name, Role(role), password))
    click.echo(f"{username} may log in.")


@bp.cli.command("set-password")
@click.argument("username")
@click.password_option()
@with_appcontext
def set_password(username: str, password: str) -> None:
    """Give a person a new password and end all their logins."""
    _plainly(lambda: users.set_password(_user(username), password))
    click.echo(f"{username} has a new password; their logins have ended.")


@bp.cli.command("set-pin")
@click.argument("username")
@click.option("--pin", prompt=True, hide_input=True, confirmation_prompt=True)
@with_appcontext
def set_pin(username: str, pin: str) -> None:
    """Give a manager a PIN, with which they agree at a till to what a cashier asks for."""
    _plainly(lambda: pins.set_pin(_user(username), pin))
    click.echo(f"{username} has a new PIN.")


@bp.cli.command("disable-user")
@click.argument("username")
@with_appcontext
def disable_user(username: str) -> None:
    """Shut a person out and end all their logins at once."""
    users.set_active(_user(username), False)
    click.echo(f"{username} is shut out.")


@bp.cli.command("enable-user")
@click.argument("username")
@with_appcontext
def enable_user(username: str) -> None:
    """Let a person in again."""
    users.set_active(_user(username), True)
    click.echo(f"{username} may log in.")


@bp.cli.command("set-token")
@click.argument("account_id")
@click.option("--token", prompt=True, hide_input=True)
@with_appcontext
def set_token(account_id: str, token: str) -> None:
    """Store a new gateway token for an account, such as one pasted from the bank's e-mail."""
    accounts.store_token(_account(account_id).id, token.strip())
    click.echo("The token is stored.")


@bp.cli.command("set-quota")
@click.argument("account_id")
@click.argument("limit", type=int)
@with_appcontext
def set_quota(account_id: str, limit: int) -> None:
    """Say how many questions a day the gateway allows an account; 0 for no limit."""
    _plainly(lambda: accounts.set_quota(_account(account_id).id, limit))
    click.echo(f"{account_id} may ask {limit or 'any number of'} questions a day.")


@bp.cli.command("check-gateway")
@click.argument("account_id")
@with_appcontext
def check_gateway(account_id: str) -> None:
    """Ask the gateway whether a receiving account exists; exit status 1 unless it does."""
    status = accounts.open_account(_account(account_id)).check_account()
    click.echo(f"{account_id}: {status}")
    if status is not AccountStatus.EXISTS:
        raise SystemExit(1)


@bp.cli.command("reconcile")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The business day; today if none.")
@click.option("--store", "store_id", type=int, help="One store's number; all if none.")
@with_appcontext
def reconcile_command(day: datetime | None, store_id: int | None) -> None:
    """Hold a day against the bank once more, and list what differs; exit status 1 if any does."""
    on = day.date() if day else clock.business_date(clock.now())
    known = list(db.session.scalars(select(Store.id).order_by(Store.id)))
    if store_id is not None and store_id not in known:
        raise click.ClickException(f"There is no store {store_id}.")
    differs = False
    for one in known if store_id is None else [store_id]:
        run_id = _plainly(partial(reconcile.by_hand, one, on)).id
        told = report_of_runs.of_run(one, run_id)
        click.echo("\n".join(report_of_runs.in_lines(told)))
        differs = differs or bool(told.differences)
    raise SystemExit(1 if differs else 0)


@bp.cli.command("bench-checks")
@click.option("--days", default=30, show_default=True, help="Days played for each line.")
@with_appcontext
def bench_checks(days: int) -> None:
    """Play the reference day: what asking costs, and how long customers wait for green."""
    rules = settings()
    click.echo("sales a day   questions   calls per    waiting, s       green while   most asked")
    click.echo("              allowed     paid sale    median  95 %     the QR lived  in a day")
    for sales in (50, 100, 200, 400):
        for limit in (100, round(3.2 * (1 - PRIOR_UNPAID) * sales)):
            told = Shop(sales, limit, rules).play(days, learning=7)
            click.echo(_bench_line(sales, str(limit), told, rules.qr_seconds))
    click.echo(_bench_line(100, "no limit*", polled(100 * days, 3, rules), rules.qr_seconds))
    click.echo("* a fixed poll every 3 s, as many programs do; nobody allows it.")


def _bench_line(sales: int, limit: str, told: Figures, life: int) -> str:
    median, slow = (_seconds(told.delay(part)) for part in (0.5, 0.95))
    most = told.most_in_a_day or "-"
    return (
        f"{sales:>11}   {limit:>9}   {told.calls_per_paid_sale:>9.2f}    {median:>6}  {slow:>5}"
        f"    {told.told_within(life):>12.0%}   {most:>10}"
    )


def _seconds(count: float) -> str:
    return f"{count:.1f}" if math.isfinite(count) else "never"


@bp.cli.command("demo")
def demo_command() -> None:
    """Run the practice shop whole: web app, worker and practice bank, until Ctrl-C."""
    raise SystemExit(launch.run_shop())


@bp.cli.command("sandbox")
def sandbox_command() -> None:
    """Run the practice bank alone, until Ctrl-C."""
    raise SystemExit(launch.run_sandbox())


def _plainly(deed: Callable[[], T]) -> T:
    try:
        return deed()
    except PosError as problem:
        raise click.ClickException(str(problem)) from None


def _user(username: str) -> User:
    user = db.session.scalar(select(User).where(User.username == username.lower()))
    if user is None:
        raise click.ClickException(f"There is no user {username}.")
    return user


def _account(account_id: str) -> GatewayAccount:
    query = select(GatewayAccount).where(GatewayAccount.account_id == account_id)
    row = db.session.scalar(query)
    if row is None:
        raise click.ClickException(f"There is no account {account_id}.")
    return row
