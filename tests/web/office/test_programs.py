from tests.factories import create_other_shop, log_in, post
from tests.web.pages import read

HERE = "/settings/programs"


def make(browser, **changes):
    return post(browser, HERE, {"name": "Booking site", "scope": "read", **changes})


def secret_of(answer):
    return read(answer).one(class_="people-secret").text.strip()


def test_a_manager_makes_a_token_that_is_shown_once_and_works(manager, client):
    secret = secret_of(make(manager))
    assert "Booking site" in manager.get(HERE).text
    assert secret not in manager.get(HERE).text
    answer = client.post("/api/v1/token", json={"refresh_token": secret})
    assert (answer.status_code, answer.json["scope"]) == (200, "read")


def test_what_is_made_and_revoked_stands_in_the_audit_log_without_its_secret(manager):
    secret = secret_of(make(manager))
    post(manager, f"{HERE}/1/revoke", page=HERE)
    log = manager.get("/audit").text
    assert "API token made" in log and "API token revoked" in log
    assert secret not in log


def test_a_revoked_token_is_out_and_stays_in_the_list(manager, client):
    secret = secret_of(make(manager))
    assert post(manager, f"{HERE}/1/revoke", page=HERE).status_code == 303
    assert "Revoked" in manager.get(HERE).text
    answer = client.post("/api/v1/token", json={"refresh_token": secret})
    assert answer.status_code == 401


def test_what_is_missing_is_told_and_nothing_is_made(manager, books):
    before = books()
    assert make(manager, name="").status_code == 422
    assert make(manager, scope="").status_code == 422
    assert make(manager, scope="everything").status_code == 422
    assert books() == before


def test_another_stores_token_is_not_there(app, bank, manager):
    make(manager)
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = log_in(app.test_client(), other.manager)
    assert "Booking site" not in stranger.get(HERE).text
    assert post(stranger, f"{HERE}/1/revoke", page=HERE).status_code == 404


def test_a_cashier_sees_no_tokens(cashier):
    assert cashier.get(HERE).status_code == 403
