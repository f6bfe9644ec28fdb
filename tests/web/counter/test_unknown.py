import pytest

from tests.factories import PASSWORD, csrf_token, log_in, post
from tests.web.pages import press, read

NUMBERS = ["0", "77", "2147483648", "9223372036854775808", "9" * 400, "-1", "1.0", "1e1", "៣", "x"]
NAMES = ["261122-AAAAAAAAA", "x", "\0", "a%00b", "%ff", "%ed%a0%80", "ក", "' OR 1=1", "9" * 400]


@pytest.mark.parametrize("page", ["/shifts/{}/report", "/shifts/{}/close"])
def test_a_shift_that_there_is_not_is_not_found(cashier, page):
    answers = [cashier.get(page.format(number)) for number in NUMBERS]
    assert {answer.status_code for answer in answers} == {404}
    assert {read(answer).one("h1").text for answer in answers} == {"Not found"}


def test_a_screen_that_there_is_not_cannot_be_taken_back(till):
    token = {"csrf_token": csrf_token(till.browser, "/till")}
    for number in NUMBERS:
        answer = till.browser.post(f"/pairing/{number}/revoke", data=token)
        assert answer.status_code == 404, number


@pytest.mark.parametrize("deed", ["cancel", "check", "new-qr"])
def test_a_payment_that_there_is_not_is_not_found(till, deed):
    token = {"csrf_token": csrf_token(till.browser, "/till")}
    for name in NAMES:
        answer = till.browser.post(f"/till/payments/{name}/{deed}", data=token)
        assert answer.status_code == 404, name


def test_a_till_that_there_is_not_cannot_be_opened(manager, books):
    before = books()
    for number in [*NUMBERS, "", "1\0"]:
        answer = press(manager, "/shifts/open", "Open shift", till_id=number)
        assert answer.status_code == 422, number
        assert read(answer).alert in ("Choose a till.", "Choose one of the tills of this store.")
    assert books() == before


@pytest.mark.parametrize("name", ["", "nobody", "dara\0", "\0", "x" * 5_000, "\U0001f600", "%00"])
def test_a_name_that_nobody_has_cannot_log_in(client, shop, name):
    answer = post(client, "/login", {"username": name, "password": PASSWORD})
    assert answer.status_code == 422
    assert read(answer).alert == "User name or password is wrong."


def test_a_password_with_any_sign_is_a_password(client, shop):
    new = "nul \0 and \U0001f600 and ក"
    browser = log_in(client, shop.cashier)
    form = {"current_password": PASSWORD, "new_password": new, "again": new}
    assert post(browser, "/password", form).status_code == 303
    answer = post(client, "/login", {"username": "dara", "password": new})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/till")
