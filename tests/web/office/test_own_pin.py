from pos.models import Role
from tests.factories import PIN, create_user
from tests.web.pages import press


def set_pin(browser, password, pin, again=""):
    form = {"current_password": password, "pin": pin, "again": again or pin}
    return press(browser, "/password/pin", "Set PIN", **form)


def test_a_manager_sets_a_pin_with_the_password(manager, shop, app):
    assert set_pin(manager, "wrong", PIN).status_code == 422
    assert set_pin(manager, shop.manager.password, "123456").status_code == 422
    assert set_pin(manager, shop.manager.password, PIN, "273847").status_code == 422
    assert set_pin(manager, shop.manager.password, PIN).status_code == 303
    assert "Change your PIN" in manager.get("/password/pin").text


def test_an_operator_gives_a_pin_to_who_works_at_tills_and_to_no_auditor(app, shop):
    run = app.test_cli_runner().invoke
    assert "new PIN" in run(args=["set-pin", "maly", "--pin", PIN]).output
    with app.app_context():
        create_user(shop.store_id, "nita", Role.AUDITOR)
    assert run(args=["set-pin", "nita", "--pin", PIN]).exit_code == 1
    assert run(args=["set-pin", "maly", "--pin", "1234"]).exit_code == 1
