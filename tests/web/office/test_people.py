import pytest

from pos.extensions import db
from pos.models import Role, User
from tests.factories import PASSWORD, create_user, log_in, post
from tests.web.pages import press, read

NEW = "papaya-temple-99"


def person(app, username):
    with app.app_context():
        return db.session.query(User).filter_by(username=username).one()


@pytest.fixture
def first(manager):
    """The password that a manager is shown for a new cashier."""
    typed = {"username": "nita", "name": "Nita", "role": "cashier"}
    answer = press(manager, "/people/new", "Add a person", **typed)
    assert answer.status_code == 200
    return read(answer).one("dd", class_="people-password").text


def test_a_manager_adds_a_person_and_is_shown_their_password_once(app, manager, first):
    assert person(app, "nita").role is Role.CASHIER
    for page in ("/people", f"/people/{person(app, 'nita').id}"):
        assert "Nita" in manager.get(page).text
        assert first not in manager.get(page).text


def test_the_first_login_leads_to_nothing_but_a_new_password(app, first):
    browser = app.test_client()
    form = {"username": "nita", "password": first}
    assert post(browser, "/login", form).status_code == 303
    for page in ("/till", "/shifts", "/receipts", "/password/logins"):
        answer = browser.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/password"), page
    assert browser.post("/till/charge").status_code == 400
    typed = {"current_password": first, "new_password": NEW, "again": NEW}
    press(browser, "/password", "Change password", **typed)
    assert browser.get("/shifts").status_code == 200


def test_a_person_is_given_another_name_and_role(app, manager, shop):
    page = f"/people/{shop.cashier.id}"
    answer = press(manager, page, "Save", name="Dara Sok", role="supervisor")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert (person(app, "dara").display_name, person(app, "dara").role) == (
        "Dara Sok",
        Role.SUPERVISOR,
    )


def test_the_form_offers_no_role_above_ones_own(app, manager, shop):
    offered = {
        box.attrs["value"] for box in read(manager.get("/people/new")).all("input", name="role")
    }
    assert offered == {"cashier", "supervisor", "manager", "auditor"}
    answer = post(manager, "/people/new", {"username": "x", "name": "X", "role": "owner"})
    assert (answer.status_code, "x" in answer.text) == (403, True)
    assert post(manager, "/people/new", {"role": "king", "name": "X"}).status_code == 422


def test_extra_fields_of_a_form_change_nothing(app, manager, shop):
    more = {"store_id": "2", "is_active": "", "password_hash": "x", "id": "7", "pin_hash": "x"}
    before = person(app, "dara").password_hash
    press(manager, f"/people/{shop.cashier.id}", "Save", name="Dara", role="cashier", **more)
    dara = person(app, "dara")
    assert (dara.id, dara.home_store_id, dara.is_active) == (shop.cashier.id, shop.store_id, True)
    assert (dara.password_hash, dara.pin_hash) == (before, None)


def test_a_person_is_shut_out_and_let_in_again(app, manager, cashier, shop):
    page = f"/people/{shop.cashier.id}"
    press(manager, page, "Shut out")
    assert cashier.get("/till").headers["Location"].startswith("/login")
    assert "Shut out" in manager.get("/people").text
    press(manager, page, "Let in again")
    log_in(app.test_client(), shop.cashier)


def test_a_new_password_ends_the_logins_and_the_old_password(app, manager, cashier, shop):
    answer = press(manager, f"/people/{shop.cashier.id}", "New password")
    made = read(answer).one("dd", class_="people-password").text
    assert cashier.get("/till").headers["Location"].startswith("/login")
    for password, status in ((PASSWORD, 422), (made, 303)):
        form = {"username": "dara", "password": password}
        assert post(app.test_client(), "/login", form).status_code == status


@pytest.mark.parametrize("role", [Role.MANAGER, Role.OWNER])
def test_nobody_is_changed_by_who_stands_no_higher(app, manager, shop, role):
    with app.app_context():
        other = create_user(shop.store_id, "rith", role)
    page = f"/people/{other.id}"
    assert [
        form.attrs["action"] for form in read(manager.get(page)).all("form", class_="deed")
    ] == []
    for deed in ("out", "in", "password", "logins/end"):
        assert post(manager, f"{page}/{deed}", page="/password").status_code == 403
    assert (
        post(manager, page, {"name": "X", "role": "cashier"}, page="/password").status_code == 403
    )
    assert person(app, "rith").role is role


def test_a_person_lists_and_ends_their_own_logins(app, cashier, shop):
    phone = log_in(app.test_client(), shop.cashier)
    page = read(cashier.get("/password/logins"))
    assert len(list(page.all("li", class_="people-row"))) == 2
    assert sum("This one" in one.text for one in page.all("li", class_="people-row")) == 1
    press(cashier, "/password/logins", "End every other login")
    assert phone.get("/password").status_code == 303
    assert cashier.get("/password").status_code == 200


def test_a_login_says_which_browser_it_is_in_and_nothing_that_the_browser_made_up(app, shop):
    for agent, told in (
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/126 Safari/537", "Chrome, Android"),
        ("<script>alert(1)</script>", "An unknown browser"),
    ):
        browser = app.test_client()
        browser.environ_base["HTTP_USER_AGENT"] = agent
        log_in(browser, shop.cashier)
        assert told in browser.get("/password/logins").text
        assert "alert(1)" not in browser.get("/password/logins").text


def test_a_manager_ends_the_logins_of_their_people(manager, cashier, shop):
    press(manager, f"/people/{shop.cashier.id}", "End every login")
    assert cashier.get("/till").headers["Location"].startswith("/login")
