"""Run apart, before the shop opens: brings the database up to date, and lets it have a demo shop.

`python -m pos.launch.prepare http://127.0.0.1:5001 http://127.0.0.1:5000` is given the practice
bank's address and the shop's, to which the bank posts.
"""

import os
import signal
import sys
from dataclasses import asdict

from flask_migrate import upgrade
from sqlalchemy import select

from pos import create_app, demo
from pos.database import writing
from pos.extensions import db
from pos.launch.asking import new_token, open_account, open_merchant, wait_for_bank
from pos.launch.instance import open_instance
from pos.models import GatewayAccount
from pos.services.banking.accounts import store_refund_key, store_token
from pos.services.banking.public_address import PATHS


def main(bank_url: str, shop_url: str) -> None:
    """Migrate; make the demo shop on the first start; tell a practice shop where its bank is."""
    # A demo shop whose passwords nobody wrote down is worse than a moment's wait.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with create_app().app_context():
        upgrade()
        wait_for_bank(bank_url)
        if demo.has_shop():
            _follow_bank(bank_url, shop_url)
        else:
            _make_demo(bank_url, shop_url)


def _make_demo(bank_url: str, shop_url: str) -> None:
    open_account(bank_url, demo.ACCOUNT_ID)
    keys = demo.PayWayKeys(*open_merchant(bank_url, demo.MERCHANT_ID, _callback_url(shop_url)))
    logins = demo.create_demo(bank_url, new_token(bank_url, demo.EMAIL), keys)
    open_instance(os.environ).keep_logins([asdict(login) for login in logins])


def _callback_url(shop_url: str) -> str:
    return f"{shop_url}{PATHS['payway']}"


def _follow_bank(bank_url: str, shop_url: str) -> None:
    """Bring the practice accounts to the bank, which may have another port or lost its books."""
    practice = select(GatewayAccount).where(GatewayAccount.is_practice)
    for account in db.session.scalars(practice).all():
        if account.gateway == "payway":
            callback_url = _callback_url(shop_url)
            api_key, public_key = open_merchant(bank_url, account.account_id, callback_url)
            store_token(account.id, api_key)
            store_refund_key(account.id, public_key)
        else:
            open_account(bank_url, account.account_id)
            store_token(account.id, new_token(bank_url, account.token_email))
        with writing(db.session):
            account.base_url = bank_url


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
