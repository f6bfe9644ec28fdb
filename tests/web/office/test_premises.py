import pytest

from pos.database import writing
from pos.extensions import db
from pos.khqr import decode
from pos.models import AuditEntry, Merchant, Store, Till
from tests.factories import create_other_shop, post
from tests.web.pages import press, read

STORE, TILLS = "/settings/store", "/settings/tills"


def store_of(app, shop):
    with app.app_context():
        return db.session.get_one(Store, shop.store_id)


def till_names(app, shop):
    with app.app_context():
        return [one.name for one in db.session.query(Till).filter_by(store_id=shop.store_id)]


def change_till(browser, till_id, **typed):
    page = read(browser.get(TILLS))
    (form,) = (f for f in page.all("form") if f.attrs["action"] == f"{TILLS}/{till_id}")
    return browser.post(f"{TILLS}/{till_id}", data={**form.fields, **typed})


def test_a_store_is_renamed_and_the_audit_log_says_what_it_was(app, manager, shop):
    typed = {"name": "ផ្សារថ្មី", "label": "New Market", "closes": "22:30"}
    assert press(manager, STORE, "Save the store", **typed).status_code == 303
    store = store_of(app, shop)
    assert (store.name, store.label, store.closing_minute) == ("ផ្សារថ្មី", "New Market", 1350)
    with app.app_context():
        entry = db.session.query(AuditEntry).filter_by(deed="store_changed").one()
        assert entry.details["was"] == "Riverside, Riverside, -"
        assert entry.details["now"] == "ផ្សារថ្មី, New Market, 22:30"


BAD = [
    {"name": ""},
    {"name": "x" * 65},
    {"label": "x" * 26},
    {"label": "\u202eevil"},
    {"name": "a\x00b"},
    {"closes": "24:00"},
    {"closes": "9"},
]


@pytest.mark.parametrize("changes", BAD, ids=str)
def test_what_does_not_fit_is_refused_and_nothing_is_half_saved(app, manager, shop, changes):
    typed = {"name": "Other", "label": "Other", "closes": "21:00", **changes}
    answer = press(manager, STORE, "Save the store", **typed)
    assert answer.status_code == 422 and read(answer).alert
    store = store_of(app, shop)
    assert (store.name, store.label, store.closing_minute) == ("Riverside", "Riverside", None)


def test_of_two_who_change_a_store_at_once_the_second_is_told(app, manager, shop):
    drawn = read(manager.get(STORE)).form("Save the store").fields
    assert manager.post(STORE, data={**drawn, "name": "First"}).status_code == 303
    late = manager.post(STORE, data={**drawn, "name": "Second"})
    assert late.status_code == 422 and "meanwhile" in read(late).alert
    assert store_of(app, shop).name == "First"


def test_fields_that_no_form_has_change_nothing(app, manager, shop):
    more = {"account_id": "9", "merchant_id": "9", "discount_limit": "99", "id": "7"}
    press(manager, STORE, "Save the store", **more, last_receipt_number="99", name="Same")
    store = store_of(app, shop)
    assert (store.account_id, store.merchant_id) == (shop.account_id, 1)
    assert (store.discount_limit, store.last_receipt_number, store.id) == (None, 0, shop.store_id)


def test_the_next_qr_carries_the_merchants_new_name(manager, till):
    answer = press(manager, STORE, "Save the merchant", merchant_name="Tonle Tea", city="Kampot")
    assert answer.status_code == 303
    till.charge("3.50")
    says = decode(till.payment().qr_string)
    assert (says.merchant_name, says.merchant_city) == ("Tonle Tea", "Kampot")


@pytest.mark.parametrize("typed", [{"merchant_name": "x" * 26}, {"city": "x" * 16}, {"city": " "}])
def test_a_merchants_name_that_no_qr_holds_is_refused(app, manager, typed):
    assert press(manager, STORE, "Save the merchant", **typed).status_code == 422
    with app.app_context():
        assert db.session.get_one(Merchant, 1).name == "Mekong Coffee"


def test_a_manager_of_one_of_several_stores_does_not_rename_them_all(app, manager, shop):
    drawn = read(manager.get(STORE)).form("Save the merchant").fields
    more = Store(merchant_id=1, account_id=shop.account_id, name="Second", label="Second")
    with app.app_context(), writing(db.session):
        db.session.add(more)
    answer = manager.post("/settings/merchant", data={**drawn, "merchant_name": "Mine"})
    assert answer.status_code == 422 and "The owner" in read(answer).alert


def test_a_till_is_added_and_a_shift_can_be_opened_there(app, manager, cashier, shop):
    assert press(manager, TILLS, "Add a till", name="Till 3", label="").status_code == 303
    assert till_names(app, shop) == ["Till 1", "Till 2", "Till 3"]
    assert "Till 3" in cashier.get("/shifts/open").text
    again = press(manager, TILLS, "Add a till", name="Till 3", label="")
    assert again.status_code == 422


def test_a_till_is_renamed_unless_another_did_so_before(app, manager, shop):
    stale = read(manager.get(TILLS))
    assert change_till(manager, shop.till_id, name="Front").status_code == 303
    (form,) = (f for f in stale.all("form") if f.attrs["action"] == f"{TILLS}/{shop.till_id}")
    late = manager.post(f"{TILLS}/{shop.till_id}", data={**form.fields, "name": "Door"})
    assert late.status_code == 422
    assert change_till(manager, shop.till_id, name="Till 2").status_code == 422
    assert till_names(app, shop) == ["Front", "Till 2"]


def test_nobody_opens_a_shift_at_a_retired_till(app, manager, cashier, shop):
    second = shop.till_ids[1]
    assert post(manager, f"{TILLS}/{second}/retire", page=TILLS).status_code == 303
    assert "Till 2" not in cashier.get("/shifts/open").text
    form = {"till_id": str(second), "float_usd": "0", "float_khr": "0"}
    assert post(cashier, "/shifts/open", form).status_code == 422
    post(manager, f"{TILLS}/{second}/back", page=TILLS)
    assert "Till 2" in cashier.get("/shifts/open").text


def test_a_till_at_work_and_the_last_one_are_not_retired(app, manager, shop, till):
    for till_id in (shop.till_id, shop.till_ids[1], shop.till_id):
        post(manager, f"{TILLS}/{till_id}/retire", page=TILLS)
    with app.app_context():
        retired = [db.session.get_one(Till, one).retired_at is not None for one in shop.till_ids]
    assert retired == [False, True]


def test_a_till_of_another_shop_is_not_there(app, manager, shop, bank):
    with app.app_context():
        theirs = create_other_shop(bank.url, bank.token()).till_id
    for address in (f"{TILLS}/{theirs}", f"{TILLS}/{theirs}/retire", f"{TILLS}/{theirs}/back"):
        form = {"name": "Mine", "label": "Mine", "seen": ""}
        assert post(manager, address, form, page=TILLS).status_code == 404
