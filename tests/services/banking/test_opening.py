import pytest
from sqlalchemy import update

from pos.database import writing
from pos.errors import ConfigError
from pos.extensions import db
from pos.models import GatewayAccount, Till
from pos.services.banking import opening
from tests.factories import Shop

LIVE = "https://api-bakong.nbc.gov.kh"


@pytest.fixture
def set_up(context, shop: Shop):
    """Changes the account that the shop is paid on."""

    def change(**columns):
        with writing(db.session):
            db.session.execute(update(GatewayAccount).values(**columns))

    return change


def test_a_practice_shop_and_a_real_one_are_served(set_up):
    opening.refuse_mixed()
    set_up(base_url=LIVE, is_practice=False)
    opening.refuse_mixed()


@pytest.mark.parametrize(
    ("base_url", "is_practice", "told"),
    [
        (LIVE, True, "is practice, but its bank is at https://api-bakong"),
        ("https://checkout-sandbox.payway.com.kh", False, "is for real money, but its bank is"),
        ("http://127.0.0.1:5001", False, "is for real money, but its bank is at http://127"),
    ],
)
def test_an_account_that_does_not_fit_its_bank_stops_the_start(set_up, base_url, is_practice, told):
    set_up(base_url=base_url, is_practice=is_practice)
    with pytest.raises(ConfigError, match=told):
        opening.refuse_mixed()


def test_an_account_that_no_till_uses_stops_nothing_until_one_does(set_up, shop):
    account = GatewayAccount(
        merchant_id=1, gateway="bakong", base_url=LIVE, account_id="real@bank", is_practice=True
    )
    with writing(db.session):
        db.session.add(account)
    opening.refuse_mixed()
    with writing(db.session):
        db.session.get_one(Till, shop.till_ids[1]).own_account_id = account.id
    with pytest.raises(ConfigError, match="real@bank"):
        opening.refuse_mixed()


def test_real_money_and_webhooks_to_this_machine_stop_the_start(set_up, app, settings):
    loopback = settings.model_copy(update={"webhook_loopback": True})
    app.extensions["pos_settings"] = loopback
    opening.refuse_mixed()
    set_up(base_url=LIVE, is_practice=False)
    with pytest.raises(ConfigError, match="POS_WEBHOOK_LOOPBACK"):
        opening.refuse_mixed()
