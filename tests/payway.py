"""A shop that is paid at PayWay's practice desk, and what its tests do over and over."""

import pytest

from pos.services.asking import questions
from pos.services.banking import closing
from pos.services.shop import shops
from tests import factories
from tests.gateways.payway.practice import MERCHANT_ID, merchant


def open_merchant(bank, **more):
    """Make the merchant known at the bank."""
    keys = {"api_key": merchant().api_key, "private_key": merchant().private_key}
    told = {"merchant_id": MERCHANT_ID, **keys, **more}
    assert bank.http.post("/sandbox/payway/merchants", json=told).status_code == 201


def add_account(bank, account_id=MERCHANT_ID, api_key=""):
    """Give the first merchant of the books an account at PayWay that nobody uses yet."""
    api_key = api_key or merchant().api_key
    open_merchant(bank, merchant_id=account_id, api_key=api_key)
    new = shops.NewAccount(
        gateway="payway",
        base_url=bank.url,
        account_id=account_id,
        token=api_key,
        is_practice=True,
        daily_quota=0,
    )
    return shops.add_account(1, new).id


def open_shop(app, bank):
    """A shop whose account is a merchant's profile at the bank."""
    open_merchant(bank)
    profile = {"gateway": "payway", "account_id": MERCHANT_ID, "token_email": ""}
    with app.app_context():
        return factories.create_shop(bank.url, merchant().api_key, **profile)


@pytest.fixture
def settings(settings):
    """A bank that is silent is given up sooner than in other tests."""
    return settings.model_copy(update={"gateway_seconds": 2})


@pytest.fixture
def shop(app, bank, clock):
    return open_shop(app, bank)


@pytest.fixture
def shift(context, shop):
    return factories.open_shift(shop)


def asked(bank):
    """The calls the bank was asked, in order."""
    return [call["path"].rsplit("/", 1)[1] for call in bank.calls()]


def bills(bank):
    """What the bank made QRs for, and whether it has closed them."""
    rows = bank.http.get("/sandbox/payway/bills").json()
    return {row["transaction_id"]: row["closed"] for row in rows}


def ask(payment):
    """Ask now, as if it were due."""
    questions.ask(payment.id, who="worker")
    return payment.status


def close(payment):
    """Close the one QR that is due to be closed."""
    assert closing.due() == [payment.id] and closing.close_if_due(payment.id)
