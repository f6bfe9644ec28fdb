import pytest

from pos.models import Role
from tests.factories import add_store, create_other_shop, create_user, log_in, open_shift, post
from tests.web.pages import press, read


@pytest.fixture
def airport(app, shop):
    """A second store of the same merchant, with an open shift."""
    with app.app_context():
        second = add_store(shop)
        open_shift(second)
        return second


@pytest.fixture
def owner(app, shop, airport):
    with app.app_context():
        person = create_user(shop.store_id, "sary", Role.OWNER)
    return log_in(app.test_client(), person)


def test_an_owner_goes_from_store_to_store(owner, shop, airport):
    assert "Chan" not in owner.get("/shifts").text
    press(owner, "/shifts", "Airport")
    shifts = owner.get("/shifts").text
    assert ("Chan" in shifts, "Gate 1" in shifts) == (True, True)
    press(owner, "/shifts", "Riverside")
    assert "Chan" not in owner.get("/shifts").text


def test_the_choice_is_of_one_login_and_not_of_the_person(app, owner, shop, airport):
    press(owner, "/shifts", "Airport")
    elsewhere = app.test_client()
    form = {"username": "sary", "password": shop.cashier.password}
    post(elsewhere, "/login", form)
    assert "Chan" not in elsewhere.get("/shifts").text


def test_what_is_in_the_other_store_is_not_there_until_it_is_chosen(owner, shop, airport):
    assert owner.get("/shifts/1/x").status_code == 404
    press(owner, "/shifts", "Airport")
    assert owner.get("/shifts/1/x").status_code == 200


def test_nobody_else_has_a_choice(app, manager, shop, airport):
    assert "Airport" not in manager.get("/shifts").text
    answer = post(manager, "/store", {"store_id": str(airport.store_id)}, page="/password")
    assert answer.status_code == 403


def test_a_store_of_another_merchant_is_not_there(app, owner, shop, bank):
    with app.app_context():
        others = create_other_shop(bank.url, bank.token())
    for store_id in (others.store_id, 7_777):
        answer = post(owner, "/store", {"store_id": str(store_id)}, page="/password")
        assert answer.status_code == 404
    assert post(owner, "/store", {"store_id": "x"}, page="/password").status_code == 422


def test_an_owner_with_an_open_shift_stays_with_their_drawer(app, owner, shop, airport):
    press(owner, "/shifts/open", "Open shift", till_id=str(shop.till_ids[1]))
    answer = press(owner, "/shifts", "Airport")
    assert answer.headers["Location"] == "/shifts"
    assert "Close your shift first" in read(owner.get("/shifts")).text
    assert "Chan" not in owner.get("/shifts").text


def test_settings_that_an_owner_changes_are_those_of_the_chosen_store(owner, manager, airport):
    press(owner, "/shifts", "Airport")
    press(owner, "/rates", "Set the rate", buy="4000", sell="4100")
    assert "4,100" in owner.get("/rates").text
    assert "4,100" not in manager.get("/rates").text


def test_people_are_those_of_the_chosen_store(owner, airport, shop):
    press(owner, "/shifts", "Airport")
    assert ("Bopha" in owner.get("/people").text, "Maly" in owner.get("/people").text) == (
        True,
        False,
    )
    assert owner.get(f"/people/{shop.cashier.id}").status_code == 404
