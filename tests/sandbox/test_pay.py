from datetime import timedelta
from pathlib import Path

import pytest

from pos import clock
from pos.khqr import md5_of
from pos.sandbox import create_sandbox
from tests.sandbox.conftest import EMAIL, Caller, in_process
from tests.sandbox.qrs import NOW, SHOP, make_qr, static_qr


def refused(bank: Caller, **fields: object) -> str:
    before = bank.http.get("/sandbox/ledger").json()
    answer = bank.http.post("/sandbox/pay", json=fields)
    assert answer.status_code == 422
    assert bank.http.get("/sandbox/ledger").json() == before
    sentence: str = answer.json()["error"]
    return sentence


def test_paying_books_what_the_qr_asks(bank: Caller) -> None:
    qr = make_qr()
    booked = bank.pay(qr)
    assert bank.http.get("/sandbox/ledger").json() == booked
    transfer = booked[0]
    assert (transfer["amount_minor"], transfer["currency"]) == (350, "USD")
    assert (transfer["to_account"], transfer["from_account"]) == (SHOP, "customer@practice")
    assert (transfer["md5"], transfer["qr"]) == (md5_of(qr), qr)
    assert transfer["short_hash"] == transfer["hash"][:8]
    assert transfer["created_ms"] == transfer["booked_ms"] == clock.epoch_ms(NOW)


def test_a_form_pays_as_well(bank: Caller) -> None:
    form = {"qr": make_qr(), "times": "2", "fail": "on", "amount": ""}
    booked = bank.http.post("/sandbox/pay", data=form).json()["transfers"]
    assert [transfer["failed"] for transfer in booked] == [True, True]


@pytest.mark.parametrize(
    ("amount", "minor"), [("2", 200), (2, 200), (2.05, 205), ("0.01", 1), (15000.0, 1500000)]
)
def test_another_amount_may_be_paid(bank: Caller, amount: object, minor: int) -> None:
    assert bank.pay(make_qr(), amount=amount)[0]["amount_minor"] == minor


def test_other_currency_is_converted_unless_an_amount_is_named(bank: Caller) -> None:
    dollars, riel = make_qr(), make_qr("15000", currency="116")
    for qr, wishes, expected in [
        (dollars, {"currency": "KHR"}, ("KHR", 14000)),
        (dollars, {"currency": "KHR", "amount": "100"}, ("KHR", 100)),
        (dollars, {"currency": "USD"}, ("USD", 350)),
        (riel, {"currency": "USD"}, ("USD", 375)),
        (make_qr("100", currency="116"), {"currency": "USD"}, ("USD", 3)),
    ]:
        transfer = bank.pay(qr, **wishes)[0]
        assert (transfer["currency"], transfer["amount_minor"]) == expected


def test_money_may_go_to_another_account(bank: Caller) -> None:
    qr = make_qr()
    bank.pay(qr, to_account="thief@wing", from_account="abaakhppxxx@abaa", description="lunch")
    data = bank.check(qr).json()["data"]
    assert data["toAccountId"] == "thief@wing"
    assert (data["fromAccountId"], data["description"]) == ("abaakhppxxx@abaa", "lunch")


def test_one_qr_paid_twice_keeps_showing_the_first(bank: Caller) -> None:
    qr = make_qr()
    first, second = bank.pay(qr, times=2)
    assert first["hash"] != second["hash"]
    assert bank.check(qr).json()["data"]["hash"] == first["hash"]
    later = bank.ask("check_transaction_by_hash", {"hash": second["hash"]}).json()
    assert later["data"]["hash"] == second["hash"]


@pytest.mark.parametrize(
    "at", [1795316400000, "1795316400000", "2026-11-22T03:00:00Z", "2026-11-22T10:00:00"]
)
def test_the_payers_time_may_be_named(bank: Caller, at: object) -> None:
    clock.use(lambda: NOW + timedelta(hours=1))
    transfer = bank.pay(make_qr(), at=at)[0]
    assert transfer["created_ms"] == 1795316400000
    assert transfer["booked_ms"] == 1795316400000 + 3600_000


def test_expired_qr_may_be_paid_by_a_program(bank: Caller) -> None:
    qr = make_qr()
    clock.use(lambda: NOW + timedelta(hours=1))
    bank.pay(qr)
    assert bank.check(qr).json()["errorCode"] is None


def test_static_qr_wants_an_amount(bank: Caller) -> None:
    assert "say how much" in refused(bank, qr=static_qr())
    assert bank.pay(static_qr(), amount="1.25")[0]["amount_minor"] == 125


@pytest.mark.parametrize(
    "qr",
    ["", "hello", make_qr()[:-4] + "0000", make_qr()[:60], make_qr() + "\n", "0" * 9000]
    + ["6204abcd", "00020162020163040000", "\x00", "000201" * 900],
)
def test_unreadable_qr_is_refused_with_a_sentence(bank: Caller, qr: str) -> None:
    assert refused(bank, qr=qr).startswith("This is not a QR that a bank app can read")


@pytest.mark.parametrize(
    "wish",
    [
        {"amount": "0"},
        {"amount": -1},
        {"amount": "1e3"},
        {"amount": "NaN"},
        {"amount": 1.005},
        {"amount": True},
        {"amount": ["1"]},
        {"amount": "12345678901234"},
        {"currency": "THB"},
        {"currency": 840},
        {"currency": "KHR", "amount": "1.5"},
        {"to_account": "nobody"},
        {"to_account": 5},
        {"at": "yesterday"},
        {"at": "9" * 30},
        {"at": [1]},
        {"times": 0},
        {"times": 21},
        {"times": "two"},
        {"times": 1.5},
        {"fail": "maybe"},
        {"description": 7},
    ],
)
def test_wish_that_cannot_be_read_books_nothing(bank: Caller, wish: dict[str, object]) -> None:
    assert refused(bank, qr=make_qr(), **wish).endswith(".")


def test_body_that_is_no_object_is_refused(bank: Caller) -> None:
    for body in ("[]", "{", '"qr"', "null", '{"qr": "\\ud800"}'):
        headers = {"Content-Type": "application/json"}
        answer = bank.http.post("/sandbox/pay", content=body, headers=headers)
        assert answer.status_code == 422


def test_a_restart_keeps_books_tokens_accounts_and_links(bank: Caller, ledger_path: Path) -> None:
    qr = make_qr(account_id="new_shop@wing")
    booked = bank.pay(qr)
    link = bank.ask("generate_deeplink_by_qr", {"qr": qr}).json()["data"]["shortLink"]
    with in_process(create_sandbox(ledger_path=ledger_path)) as http:
        again = Caller(http, bank.token)
        assert http.get("/sandbox/ledger").json() == booked
        assert again.check(qr).json()["data"]["hash"] == booked[0]["hash"]
        assert again.ask("renew_token", {"email": EMAIL}).json()["errorCode"] is None
        assert http.get(link).status_code == 303
        known = again.ask("check_bakong_account", {"accountId": "new_shop@wing"})
        assert known.json()["errorCode"] is None


def test_unknown_mode_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="live"):
        create_sandbox(ledger_path=tmp_path / "l.db", mode="live")
