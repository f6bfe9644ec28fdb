from pathlib import Path

import pytest

from pos.sandbox import create_sandbox
from tests.sandbox.conftest import Caller, in_process
from tests.sandbox.qrs import SHOP, make_qr

SOURCE = {
    "appIconUrl": "https://shop.example/icon.png",
    "appName": "Shop",
    "appDeepLinkCallback": "https://shop.example/back",
}


def ask(bank: Caller, account_id: object) -> dict[str, object]:
    answer = bank.http.post("/v1/check_bakong_account", json={"accountId": account_id})
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


def test_known_account_exists_without_a_token(bank: Caller) -> None:
    assert ask(bank, SHOP.upper()) == {
        "responseCode": 0,
        "responseMessage": "Account ID exists",
        "errorCode": None,
        "data": None,
    }


def test_mistyped_account_is_not_found(bank: Caller) -> None:
    answer = ask(bank, "angkor_cofee@aclb")
    assert (answer["errorCode"], answer["responseMessage"]) == (11, "Account ID not found")


@pytest.mark.parametrize("bad", ["shop", "@aclb", "shop@", "a@b@c", "a b@aclb", "x" * 28 + "@aclb"])
def test_account_of_bad_form_is_invalid(bank: Caller, bad: str) -> None:
    assert ask(bank, bad)["errorCode"] == 12


def test_account_exists_once_it_was_paid_or_opened(bank: Caller) -> None:
    bank.pay(make_qr(account_id="new_shop@wing"))
    assert ask(bank, "new_shop@wing")["errorCode"] is None
    assert ask(bank, "later@wing")["errorCode"] == 11
    bank.http.post("/sandbox/accounts", json={"accounts": ["later@wing"]})
    assert ask(bank, "later@wing")["errorCode"] is None


@pytest.mark.parametrize("source", [{}, {"sourceInfo": SOURCE}])
def test_short_link_opens_the_phone_with_the_qr(bank: Caller, source: dict[str, object]) -> None:
    qr = make_qr()
    answer = bank.http.post("/v1/generate_deeplink_by_qr", json={"qr": qr, **source}).json()
    assert answer["responseMessage"] == "Getting deep link successfully"
    link = answer["data"]["shortLink"]
    assert link.startswith("http://bank.test/sandbox/link/")
    page = bank.http.get(link, follow_redirects=True)
    assert page.url.params["qr"] == qr
    assert "Angkor Coffee" in page.text


def test_each_call_gives_another_link(bank: Caller) -> None:
    body = {"qr": make_qr()}
    links = {bank.ask("generate_deeplink_by_qr", body).json()["data"]["shortLink"] for _ in "ab"}
    assert len(links) == 2


def test_links_begin_with_the_public_address_if_there_is_one(tmp_path: Path) -> None:
    app = create_sandbox(ledger_path=tmp_path / "l.db", public_url="https://pay.example/")
    with in_process(app) as http:
        answer = http.post("/v1/generate_deeplink_by_qr", json={"qr": make_qr()}).json()
    assert answer["data"]["shortLink"].startswith("https://pay.example/sandbox/link/")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, 5),
        ({"qr": ""}, 5),
        ({"qr": make_qr(), "sourceInfo": {**SOURCE, "appName": ""}}, 5),
        ({"qr": make_qr(), "sourceInfo": "text"}, 5),
        ({"qr": make_qr()[:-1] + "X"}, 4),
        ({"qr": "hello"}, 4),
    ],
)
def test_refused_link_says_why_in_a_200(bank: Caller, body: object, code: int) -> None:
    answer = bank.ask("generate_deeplink_by_qr", body)
    assert (answer.status_code, answer.json()["errorCode"]) == (200, code)


def test_unknown_link_is_404(bank: Caller) -> None:
    assert bank.http.get("/sandbox/link/nothing").status_code == 404
