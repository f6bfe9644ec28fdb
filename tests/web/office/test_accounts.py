import pytest

from pos.database import writing
from pos.extensions import db
from pos.models import AuditEntry, GatewayAccount, PayeeChange, Store, Till
from pos.reports.counter import payees
from pos.services.shop import shops
from pos.web.cookies import LANGUAGE
from tests.factories import ACCOUNT_ID, PASSWORD, create_other_shop, open_shift, post
from tests.web.pages import press, read

OTHER = "mekong_bakery@prac"
PAGE = "/settings/accounts"


@pytest.fixture
def other_id(app, shop, bank):
    bank.http.post("/sandbox/accounts", json={"accounts": [OTHER]})
    with app.app_context():
        new = shops.NewAccount(
            gateway="bakong",
            base_url=bank.url,
            account_id=OTHER,
            token=bank.token(),
            daily_quota=0,
            is_practice=True,
        )
        merchant_id = db.session.get_one(Store, shop.store_id).merchant_id
        return shops.add_account(merchant_id, new).id


@pytest.fixture
def tested_id(manager, other_id):
    assert press(manager, f"{PAGE}/{other_id}", "Test").status_code == 200
    return other_id


def use(browser, shop, account_id, *, place="", password=PASSWORD):
    form = {"place": place or f"store-{shop.account_id}", "current_password": password}
    return post(browser, f"{PAGE}/{account_id}/use", form, page=PAGE + "/new")


def paid_on(app, shop):
    with app.app_context():
        return db.session.get_one(Store, shop.store_id).account_id


def set_account(app, row_id, **values):
    with app.app_context(), writing(db.session):
        row = db.session.get_one(GatewayAccount, row_id)
        for name, value in values.items():
            setattr(row, name, value)


def test_the_list_says_who_is_paid_and_where(manager, other_id):
    rows = [row.text for row in read(manager.get(PAGE)).all("tr")]
    assert len(rows) == 3
    assert ACCOUNT_ID in rows[1] and "Riverside" in rows[1]
    assert OTHER in rows[2] and "Nobody" in rows[2]


def test_an_added_account_is_used_by_nobody_and_its_key_is_never_shown(app, manager, shop, bank):
    key = bank.token()
    typed = {"gateway": "bakong", "money": "practice", "account_id": OTHER, "key": key}
    answer = press(manager, f"{PAGE}/new", "Add an account", **typed)
    assert answer.status_code == 303
    page = manager.get(answer.headers["Location"]).text
    assert OTHER in page and "stored, sealed" in page and key not in page
    assert paid_on(app, shop) == shop.account_id
    again = press(manager, f"{PAGE}/new", "Add an account", **typed)
    assert again.status_code == 422 and key not in again.text
    with app.app_context():
        assert key not in str([(e.about, e.body) for e in db.session.query(AuditEntry)])


def test_nobody_types_the_address_of_a_bank(app, manager, bank):
    typed = {"gateway": "bakong", "money": "live", "account_id": OTHER, "key": "k" * 20}
    extra = {"base_url": "https://evil.example", "url": "https://evil.example", "verified_at": "1"}
    answer = post(manager, f"{PAGE}/new", {**typed, **extra, "merchant_id": "", "is_practice": "1"})
    assert answer.status_code == 303
    with app.app_context():
        row = db.session.query(GatewayAccount).filter_by(account_id=OTHER).one()
        assert (row.base_url, row.is_practice) == (shops.LIVE["bakong"][0], False)
        assert row.verified_at is None


def test_an_account_that_the_bank_did_not_confirm_is_not_used(app, manager, shop, other_id):
    answer = use(manager, shop, other_id)
    assert answer.status_code == 422
    assert "has not confirmed" in read(answer).alert
    assert paid_on(app, shop) == shop.account_id


def test_what_a_test_finds_is_told_in_the_language_of_the_page(app, manager, other_id):
    manager.set_cookie(LANGUAGE, "km")
    page = press(manager, f"{PAGE}/{other_id}", "/test").text
    for said in ("សោត្រូវបានទទួលស្គាល់សម្រាប់", "ឆ្លើយ (HTTP", f"គណនី {OTHER} មាន។"):
        assert said in page
    assert "key" not in read(page).one("ul", class_="people-logins").text.lower()


def test_an_account_that_the_bank_does_not_know_stays_unconfirmed(app, manager, shop, other_id):
    set_account(app, other_id, account_id="nobody_here@prac")
    page = press(manager, f"{PAGE}/{other_id}", "Test").text
    assert "Not tested" in page and "nobody_here@prac is" in page
    assert use(manager, shop, other_id).status_code == 422


@pytest.mark.parametrize("password", ["", "wrong-password-1"])
def test_it_takes_the_password_to_change_who_is_paid(app, manager, shop, tested_id, password):
    answer = use(manager, shop, tested_id, password=password)
    assert answer.status_code == 422
    assert paid_on(app, shop) == shop.account_id


def test_every_till_tells_for_a_day_who_is_paid_now(app, manager, shop, tested_id, till, clock):
    seen = till.browser.get("/till/payment")
    mark = read(seen).one(id="payment").attrs["hx-get"]
    assert till.browser.get(mark).status_code == 204
    answer = use(manager, shop, tested_id)
    assert answer.status_code == 303, read(answer).alert
    told = till.browser.get(mark)
    assert told.status_code == 200 and OTHER in told.text and "set by Maly" in told.text
    clock.advance(hours=11)
    assert OTHER in till.browser.get("/till/payment").text


def test_after_a_day_the_tills_are_quiet_again(app, manager, shop, tested_id, till, clock):
    use(manager, shop, tested_id)
    with app.app_context():
        assert [one.account for one in payees.of_store(shop.store_id)] == [OTHER]
        clock.advance(hours=24, seconds=1)
        assert payees.of_store(shop.store_id) == ()


def test_two_changes_are_both_told(app, manager, shop, tested_id, till):
    use(manager, shop, tested_id, place=f"{shop.till_ids[1]}-none")
    use(manager, shop, tested_id)
    notices = [e.text for e in read(till.browser.get("/till/payment")).all(class_="notice")]
    assert len([one for one in notices if OTHER in one]) == 2
    assert any("Till 2" in one for one in notices)


def test_a_till_goes_back_to_its_stores_account(app, manager, shop, tested_id, till):
    till_id = shop.till_ids[1]
    use(manager, shop, tested_id, place=f"{till_id}-none")
    form = {"account": str(tested_id), "current_password": PASSWORD}
    assert (
        post(manager, f"{PAGE}/tills/{till_id}/same", form, page=PAGE + "/new").status_code == 303
    )
    with app.app_context():
        assert db.session.get_one(Till, till_id).own_account_id is None
        assert db.session.query(PayeeChange).count() == 2


def test_who_saw_an_older_state_is_told_so(app, manager, shop, tested_id):
    assert use(manager, shop, tested_id).status_code == 303
    late = use(manager, shop, shop.account_id, place=f"store-{shop.account_id}")
    assert late.status_code == 422 and "meanwhile" in read(late).alert
    assert paid_on(app, shop) == tested_id


def test_a_change_is_in_the_audit_log_with_was_and_now(app, manager, shop, tested_id):
    use(manager, shop, tested_id)
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(deed="account_used").one()
        assert entry.details == {"was": ACCOUNT_ID, "now": OTHER}
        assert (entry.who, entry.store_id) == ("manager:maly", shop.store_id)


MIXED = [
    ({"is_practice": False}, "real money at a host for tests"),
    ({"base_url": "https://api-bakong.nbc.gov.kh"}, "practice account at a live host"),
]


@pytest.mark.parametrize(("values", "why"), MIXED)
def test_practice_and_live_hosts_do_not_mix(app, manager, shop, tested_id, values, why):
    set_account(app, tested_id, **values)
    answer = use(manager, shop, tested_id)
    assert answer.status_code == 422 and why in read(answer).alert
    assert paid_on(app, shop) == shop.account_id


def test_a_store_that_takes_real_money_is_not_put_on_practice(app, manager, shop, tested_id):
    set_account(app, shop.account_id, is_practice=False)
    answer = use(manager, shop, tested_id)
    assert answer.status_code == 422 and "takes real money" in read(answer).alert


def test_another_key_takes_the_password_and_a_new_test(app, manager, shop, tested_id, bank):
    page, key = f"{PAGE}/{tested_id}/key", bank.token(expires_in=7_200)
    wrong = post(
        manager, page, {"key": key, "current_password": "wrong-password-1"}, page=PAGE + "/new"
    )
    assert wrong.status_code == 422 and key not in wrong.text
    right = post(manager, page, {"key": key, "current_password": PASSWORD}, page=PAGE + "/new")
    assert right.status_code == 303
    assert use(manager, shop, tested_id).status_code == 422


@pytest.mark.parametrize("place", ["", "store", "store-x", "9-none", "-1-none", "1" * 12 + "-1"])
def test_a_place_that_is_none_of_ours_changes_nothing(app, manager, shop, tested_id, bank, place):
    with app.app_context():
        create_other_shop(bank.url, bank.token())
    form = {"place": place, "current_password": PASSWORD}
    assert post(manager, f"{PAGE}/{tested_id}/use", form, page=PAGE + "/new").status_code in (
        404,
        422,
    )
    with app.app_context():
        assert db.session.query(PayeeChange).count() == 0
    assert paid_on(app, shop) == shop.account_id


def test_a_till_of_another_shop_is_not_there(app, manager, shop, tested_id, bank):
    with app.app_context():
        theirs = create_other_shop(bank.url, bank.token())
        open_shift(theirs)
    answer = use(manager, shop, tested_id, place=f"{theirs.till_id}-none")
    assert answer.status_code == 404
    assert manager.get(f"{PAGE}/{theirs.account_id}").status_code == 404
