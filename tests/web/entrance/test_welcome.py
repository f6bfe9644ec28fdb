import pytest

from pos.services.people import first_run
from tests.web.pages import press, read

NEW = "papaya-temple-99"
TYPED = {
    "merchant": "Mekong Coffee",
    "city": "Phnom Penh",
    "store": "Riverside",
    "till": "Till 1",
    "account": "mekong@prac",
    "token": "",
    "name": "Sary",
    "username": "sary",
    "password": NEW,
    "again": NEW,
}


@pytest.fixture
def code(app, clock):
    with app.app_context():
        return first_run.begin()


def test_the_owner_is_in_and_nobody_else_is_welcomed(app, client, code):
    answer = press(client, "/welcome", "Open the shop", code=code, **TYPED)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/shifts/open")
    assert "Sary" in client.get("/people").text
    assert app.test_client().get("/welcome").status_code == 404


def test_what_was_typed_stays_but_for_the_secrets(client, code):
    typed = {**TYPED, "token": "secret-of-the-bank", "username": "so phea"}
    answer = press(client, "/welcome", "Open the shop", code=code, **typed)
    form = read(answer).form("Open the shop")
    assert (answer.status_code, form.fields["merchant"]) == (422, "Mekong Coffee")
    assert [form.fields[name] for name in ("code", "token", "password", "again")] == [""] * 4
    assert "secret-of-the-bank" not in answer.text


WRONG = {
    "The code is wrong": {"code": "AAAA-AAAA"},
    "not the same": {"again": "x"},
    "Choose the bank": {"gateway": "evil"},
    "12 characters": {"password": "short", "again": "short"},
}


@pytest.mark.parametrize("reason", WRONG)
def test_what_is_wrong_is_told_and_nothing_is_made(client, code, books, reason):
    typed = {"code": code, **TYPED, **WRONG[reason]}
    before = books(but=("first_run",))
    answer = press(client, "/welcome", "Open the shop", **typed)
    assert answer.status_code == 422
    assert reason in read(answer).form("Open the shop").alert
    assert books(but=("first_run",)) == before
    assert client.get("/people").status_code == 303


IN_KHMER = {
    "តួអក្សរ": {"merchant": "x" * 26},
    "name@bank": {"account": "nobody"},
    "PayWay": {"gateway": "payway", "account": "no such id"},
    "មើលមិនឃើញ": {"city": "\u202epmoK"},
}


@pytest.mark.parametrize("reason", IN_KHMER)
def test_what_is_wrong_is_told_in_khmer_too(client, code, reason):
    form = read(client.get("/welcome", headers={"Accept-Language": "km"})).form("/welcome")
    sent = {**form.fields, **TYPED, "code": code, "gateway": "bakong", **IN_KHMER[reason]}
    answer = client.post("/welcome", data=sent, headers={"Accept-Language": "km"})
    alert = read(answer).alert
    assert answer.status_code == 422 and reason in alert
    assert not {"has", "looks", "characters", "letters"} & set(alert.split())


def test_where_a_shop_is_there_is_nothing_to_welcome(client, shop):
    assert client.get("/welcome").status_code == 404


def test_the_command_shows_a_code_that_opens_the_shop(app, client, clock):
    told = app.test_cli_runner().invoke(args=["first-run"]).output
    code = told.split()[-1]
    assert press(client, "/welcome", "Open the shop", code=code, **TYPED).status_code == 303
    again = app.test_cli_runner().invoke(args=["first-run"])
    assert (again.exit_code, "There is a shop already" in again.output) == (1, True)
