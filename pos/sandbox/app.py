"""The practice bank's application factory: puts the parts together, decides nothing."""

from collections.abc import Iterable
from pathlib import Path

from flask import Flask

from pos.paths import HOME
from pos.sandbox.bakong import blueprint as bakong
from pos.sandbox.bank import EXTENSION, Bank, Mode
from pos.sandbox.calls import Calls
from pos.sandbox.control import blueprint as control
from pos.sandbox.faults import Faults
from pos.sandbox.ledger import Ledger
from pos.sandbox.links import Links
from pos.sandbox.payway import asking, ending, making
from pos.sandbox.payway import control as payway_control
from pos.sandbox.payway.callbacks import Callbacks
from pos.sandbox.payway.desk import Desk
from pos.sandbox.payway.merchants import Merchant
from pos.sandbox.phone import blueprint as phone
from pos.sandbox.store import Store
from pos.sandbox.tokens import Tokens

payway = [door.blueprint for door in (making, asking, ending, payway_control)]


def create_sandbox(
    *,
    ledger_path: Path | str,
    mode: Mode | str = Mode.PRODUCTION,
    accounts: Iterable[str] = (),
    emails: Iterable[str] = (),
    merchants: Iterable[Merchant] = (),
    public_url: str | None = None,
) -> Flask:
    """Return a practice bank whose books lie in the SQLite file `ledger_path`, made if missing.

    `accounts` exist from the start, `emails` may renew a token, `merchants` (`new_merchant`) may
    call PayWay; more of each can come later through `/sandbox/accounts`, `/sandbox/tokens` and
    `/sandbox/payway/merchants`. `public_url` heads the short links it
    gives out; without it they lead to the host that was asked. ValueError for another mode.
    """
    store = Store(ledger_path)
    ledger = Ledger(store)
    faults = Faults(always={"md5_list_403": Mode(mode) is Mode.PRODUCTION})
    bank = Bank(
        ledger=ledger,
        tokens=Tokens(store),
        links=Links(store),
        faults=faults,
        calls=Calls(),
        payway=Desk(store, ledger, Callbacks(faults)),
        public_url=public_url,
    )
    bank.ledger.open_accounts(accounts)
    bank.tokens.register(emails)
    bank.payway.merchants.open(merchants)
    ledger.tell(bank.payway.booked)

    app = Flask("pos.sandbox", root_path=str(HOME))
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = bank
    for blueprint in (bakong, *payway, control, phone):
        app.register_blueprint(blueprint)
    return app
