import pytest

from pos.extensions import db
from pos.models import AuditEntry, Deed
from tests.factories import PASSWORD, csrf_token, log_in
from tests.web.pages import press, read

FAR = "203.0.113.7"


def guess(browser, name, password="durian-durian", sender=FAR, **headers):
    """Try a password from an address; return what is told."""
    asked = {"csrf_token": csrf_token(browser, "/login?password="), "username": name}
    answer = browser.post(
        "/login",
        data={**asked, "password": password},
        headers=headers,
        environ_overrides={"REMOTE_ADDR": sender},
    )
    return answer.status_code if answer.status_code == 303 else read(answer).alert


@pytest.fixture
def sprayed(app, client, settings, shop):
    """An address that tried one password for each of ten names, where a name has two tries."""
    app.extensions["pos_settings"] = settings.model_copy(update={"login_tries": 2})
    told = {guess(client, f"name{n}", X_Forwarded_For=f"10.0.0.{n}") for n in range(10)}
    assert told == {"User name or password is wrong."}
    return client


def test_who_tries_many_names_is_braked_by_address_whatever_it_claims(sprayed, shop, app):
    for claim in ("10.1.1.1", "127.0.0.1", ""):
        told = guess(sprayed, "dara", PASSWORD, X_Forwarded_For=claim)
        assert told == "Too many wrong passwords from here. Wait some minutes and try again."


def test_others_and_the_machine_itself_log_in_meanwhile(sprayed, app, clock):
    for sender in ("203.0.113.8", "127.0.0.1"):
        assert guess(app.test_client(), "dara", PASSWORD, sender) == 303
    assert "from here" in guess(sprayed, "maly", PASSWORD)
    clock.advance(minutes=15)
    assert guess(sprayed, "maly", PASSWORD) == 303


def test_an_address_that_waits_is_in_the_audit_log_once(sprayed, app):
    guess(sprayed, "dara")
    with app.app_context():
        waits = db.select(AuditEntry.about).where(AuditEntry.deed == Deed.LOGIN_WAITS)
        assert db.session.scalars(waits).all().count(FAR) == 1


def test_whoever_locks_a_name_from_afar_locks_nobody_out_at_the_counter(app, shop, manager):
    press(manager, "/devices", "Make it a till", name="Tablet")
    press(manager, "/password", "Log out")
    for _ in range(10):
        guess(app.test_client(), "maly")
    assert "Too many" in guess(app.test_client(), "maly", PASSWORD)
    assert guess(manager, "maly", PASSWORD) == 303


def test_a_name_that_waits_is_let_in_with_a_new_password_of_the_manager(app, shop, manager):
    for _ in range(10):
        guess(app.test_client(), "dara")
    page = read(press(manager, f"/people/{shop.cashier.id}", "/password"))
    (new,) = [one.text for one in page.all(class_="people-password")]
    log_in(app.test_client(), type(shop.cashier)(shop.cashier.id, "dara", new))
