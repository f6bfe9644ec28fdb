import pytest

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, PayeeChange, Store, Till
from pos.services.shop import shops
from tests.factories import PASSWORD, post
from tests.web.pages import press, read

OTHER = "mekong_bakery@prac"
PAGE = "/settings/accounts"


@pytest.fixture
def tested_id(app, shop, manager, bank):
    """One more account of the merchant, which the bank has confirmed."""
    bank.http.post("/sandbox/accounts", json={"accounts": [OTHER]})
    new = shops.NewAccount(
        gateway="bakong",
        base_url=bank.url,
        account_id=OTHER,
        token=bank.token(),
        daily_quota=0,
        is_practice=True,
    )
    with app.app_context():
        row_id = shops.add_account(1, new).id
    assert press(manager, f"{PAGE}/{row_id}", "Test").status_code == 200
    return row_id


def change(app, model, row_id, **values):
    with app.app_context(), writing(db.session):
        for name, value in values.items():
            setattr(db.session.get_one(model, row_id), name, value)


def use(browser, account_id, place):
    form = {"place": place, "current_password": PASSWORD}
    return post(browser, f"{PAGE}/{account_id}/use", form, page=PAGE + "/new")


def go_live(app, account_id):
    """Make an account one for real money, at a live host."""
    live = {"base_url": shops.LIVE["bakong"][0], "is_practice": False}
    change(app, GatewayAccount, account_id, **live)


def second_store(app, account_id):
    """A second store of the same merchant, paid on this account."""
    row = Store(merchant_id=1, account_id=account_id, name="Second", label="Second")
    with app.app_context(), writing(db.session):
        db.session.add(row)


def nothing_is_told(app):
    with app.app_context():
        return db.session.query(PayeeChange).count() == 0


def test_no_till_takes_real_money_while_its_store_practises(app, manager, shop, tested_id):
    go_live(app, tested_id)
    answer = use(manager, tested_id, f"{shop.till_ids[1]}-none")
    assert answer.status_code == 422 and "still practises" in read(answer).alert
    with app.app_context():
        assert db.session.get_one(Till, shop.till_ids[1]).own_account_id is None
    assert nothing_is_told(app)


def test_a_store_takes_no_real_money_while_one_of_its_tills_practises(
    app, manager, shop, tested_id
):
    change(app, Till, shop.till_ids[1], own_account_id=shop.account_id)
    go_live(app, tested_id)
    answer = use(manager, tested_id, f"store-{shop.account_id}")
    assert answer.status_code == 422 and "Till 2 has a practice account" in read(answer).alert
    with app.app_context():
        assert db.session.get_one(Store, shop.store_id).account_id == shop.account_id
    assert nothing_is_told(app)


def test_a_key_that_another_store_is_paid_by_is_the_owners_to_change(app, manager, shop, bank):
    second_store(app, shop.account_id)
    form = {"key": bank.token(expires_in=7_200), "current_password": PASSWORD}
    with app.app_context():
        sealed = db.session.get_one(GatewayAccount, shop.account_id).token_sealed
    answer = post(manager, f"{PAGE}/{shop.account_id}/key", form, page=PAGE + "/new")
    assert answer.status_code == 422 and "The owner changes it" in read(answer).alert
    with app.app_context():
        assert db.session.get_one(GatewayAccount, shop.account_id).token_sealed == sealed


def test_an_account_that_only_another_store_uses_is_not_there(app, manager, shop, tested_id):
    second_store(app, tested_id)
    assert OTHER not in manager.get(PAGE).text
    assert manager.get(f"{PAGE}/{tested_id}").status_code == 404
    assert use(manager, tested_id, f"store-{shop.account_id}").status_code == 404
    assert nothing_is_told(app)
