"""Run apart, before the soak's shop opens.

`python -m tests.soak.prepare BANK_URL SHOP_URL TILLS PERCENT` brings the database up to date and
makes a practice shop with so many tills and cashiers, as `pos.launch.prepare` does for two. Of
its tills so many in a hundred are paid by PayWay.
"""

import json
import sys

from flask_migrate import upgrade
from sqlalchemy import select

from pos import create_app
from pos.cash import Rate
from pos.config import load
from pos.extensions import db
from pos.launch.asking import new_token, open_account, wait_for_bank
from pos.models import Role, Till, User
from pos.services.selling import rates
from pos.services.shop.shops import NewAccount, create_shop
from tests import factories
from tests.soak import payway
from tests.soak.drawer import BUY, SELL


def main(bank_url: str, shop_url: str, tills: int, percent: int) -> None:
    """Make the shop, and write down which cashier has which till."""
    names = [f"Till {number}" for number in range(1, tills + 1)]
    with create_app().app_context():
        upgrade()
        wait_for_bank(bank_url)
        open_account(bank_url, factories.ACCOUNT_ID)
        account = NewAccount(
            gateway="bakong",
            base_url=bank_url,
            account_id=factories.ACCOUNT_ID,
            token_email=factories.EMAIL,
            token=new_token(bank_url, factories.EMAIL),
            daily_quota=0,
            is_practice=True,
        )
        store = create_shop("Mekong Coffee", "Phnom Penh", "Riverside", names, account)
        manager = factories.give_pin(factories.create_user(store.id, "manager", Role.MANAGER))
        rates.set_rate(db.session.get_one(User, manager.id), Rate(buy=BUY, sell=SELL), is_sure=True)
        people = {
            factories.create_user(store.id, f"cashier_{till.id}").username: till.id
            for till in db.session.scalars(select(Till).order_by(Till.id)).all()
        }
        till_ids = sorted(people.values())
        payway.pay_tills(till_ids[len(till_ids) * (100 - percent) // 100 :], bank_url, shop_url)
    (load().instance / "people.json").write_text(json.dumps(people))


if __name__ == "__main__":
    main(*sys.argv[1:3], *map(int, sys.argv[3:]))
