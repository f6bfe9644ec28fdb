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
from pos.sandbox.phone import blueprint as phone
from pos.sandbox.store import Store
from pos.sandbox.tokens import Tokens


def create_sandbox(
    *,
    ledger_path: Path | str,
    mode: Mode | str = Mode.PRODUCTION,
    accounts: Iterable[str] = (),
    emails: Iterable[str] = (),
    public_url: str | None = None,
) -> Flask:
    """Return a practice bank whose books lie in the SQLite file `ledger_path`, made if missing.

    `accounts` exist from the start, `emails` may renew a token; more of both can come later
    through `/sandbox/accounts` and `/sandbox/tokens`. `public_url` heads the short links it
    gives out; without it they lead to the host that was asked. ValueError for another mode.
    """
    store = Store(ledger_path)
    bank = Bank(
        ledger=Ledger(store),
        tokens=Tokens(store),
        links=Links(store),
        faults=Faults(always={"md5_list_403": Mode(mode) is Mode.PRODUCTION}),
        calls=Calls(),
        public_url=public_url,
    )
    bank.ledger.open_accounts(accounts)
    bank.tokens.register(emails)

    app = Flask("pos.sandbox", root_path=str(HOME))
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions[EXTENSION] = bank
    for blueprint in (bakong, control, phone):
        app.register_blueprint(blueprint)
    return app
