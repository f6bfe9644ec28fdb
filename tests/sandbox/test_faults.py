import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pos import clock
from pos.sandbox.switches import SWITCHES
from tests.sandbox.conftest import Caller, new_token
from tests.sandbox.qrs import NOW, SHOP, make_qr


def paid(bank: Caller, **switches: object) -> httpx.Response:
    qr = make_qr()
    bank.pay(qr)
    bank.misbehave(**switches)
    return bank.check(qr)


def paid_data(bank: Caller, **switches: object) -> dict[str, Any]:
    data: dict[str, Any] = paid(bank, **switches).json()["data"]
    return data


def test_nothing_is_on_but_what_production_always_does(bank: Caller) -> None:
    answer = bank.http.get("/sandbox/faults").json()
    assert [fault["name"] for fault in answer["on"]] == ["md5_list_403"]
    assert list(answer["known"]) == list(SWITCHES)


def test_fault_holds_until_it_is_cleared(bank: Caller) -> None:
    bank.misbehave(status=500)
    assert [bank.check(make_qr()).status_code for _ in "abc"] == [500, 500, 500]
    bank.http.delete("/sandbox/faults")
    assert bank.check(make_qr()).status_code == 200


def test_fault_can_be_turned_off_alone(bank: Caller) -> None:
    bank.misbehave(status=500, delay=0)
    bank.misbehave(status=False)
    assert bank.check(make_qr()).status_code == 200
    on = bank.http.get("/sandbox/faults").json()["on"]
    assert [fault["name"] for fault in on] == ["md5_list_403", "delay"]


def test_fault_can_be_for_the_next_calls_only(bank: Caller) -> None:
    bank.misbehave(status=502, calls=2)
    assert [bank.check(make_qr()).status_code for _ in "abc"] == [502, 502, 200]


def test_fault_can_be_for_one_path_only(bank: Caller) -> None:
    bank.misbehave(status=504, path="/v1/check_transaction_by_md5")
    assert bank.check(make_qr()).status_code == 504
    assert bank.ask("check_transaction_by_hash_list", ["a"]).status_code == 200
    assert bank.ask("check_transaction_by_md5_list", ["a"]).status_code == 403
    bank.misbehave(status=503, path="/v1")
    assert bank.ask("check_transaction_by_hash_list", ["a"]).status_code == 503


@pytest.mark.parametrize(
    "wish",
    [
        {"no_such_switch": True},
        {"geo_403": 1},
        {"status": 200},
        {"status": True},
        {"status": "500"},
        {"delay": 61},
        {"delay": -1},
        {"delay": "5"},
        {"daily_limit": True},
        {"set": []},
        {"without": "hash"},
        {"charset": "klingon"},
        {"geo_403": True, "calls": 0},
        {"geo_403": True, "calls": True},
        {"geo_403": True, "path": "v1"},
        {"geo_403": True, "body": 5},
    ],
)
def test_wish_that_cannot_be_read_changes_nothing(bank: Caller, wish: dict[str, object]) -> None:
    answer = bank.http.post("/sandbox/faults", json=wish)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")
    assert bank.check(make_qr()).status_code == 200


@pytest.mark.parametrize("switches", [{"geo_403": True}, {"status": 403}])
def test_callers_from_abroad_get_html(bank: Caller, switches: dict[str, object]) -> None:
    answer = paid(bank, **switches)
    assert answer.status_code == 403
    assert answer.headers["Content-Type"].startswith("text/html")


def test_call_without_user_agent_can_be_refused(bank: Caller) -> None:
    bank.misbehave(agent_403=True)
    assert bank.check(make_qr()).status_code == 200
    del bank.http.headers["User-Agent"]
    assert bank.check(make_qr()).status_code == 403


def test_busy_server_may_say_when_to_come_back(bank: Caller) -> None:
    assert "Retry-After" not in paid(bank, status=429).headers
    answer = paid(bank, status=429, retry_after=30)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


def test_redirect_leads_elsewhere(bank: Caller) -> None:
    answer = paid(bank, redirect="http://127.0.0.1:9/v1/x")
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://127.0.0.1:9/v1/x")


def test_status_can_belie_a_good_body(bank: Caller) -> None:
    answer = paid(bank, status_body=500)
    assert answer.status_code == 500
    assert answer.json()["responseCode"] == 0


def test_any_body_can_be_sent(bank: Caller) -> None:
    for text in ("", "[]", "null", "<html>"):
        assert paid(bank, body=text).text == text


def test_unauthorised_may_come_in_a_200(bank: Caller) -> None:
    answer = paid(bank, unauthorised_200=True)
    assert (answer.status_code, answer.json()["errorCode"]) == (200, 6)


def test_every_token_can_be_refused_new_ones_too(bank: Caller) -> None:
    bank.misbehave(token_expired=True)
    bank.token = new_token(bank.http)
    assert bank.check(make_qr()).status_code == 401
    assert bank.ask("check_bakong_account", {"accountId": SHOP}).status_code == 200


@pytest.mark.parametrize("code", [1, 3, 9, 13])
def test_any_error_code_can_be_answered(bank: Caller, code: int) -> None:
    answer = paid(bank, error_code=code)
    assert (answer.status_code, answer.json()["errorCode"]) == (200, code)
    assert answer.json()["data"] is None


def test_daily_limit_ends_at_midnight_in_phnom_penh(bank: Caller) -> None:
    bank.misbehave(daily_limit=2)
    codes = [bank.check(make_qr()).json()["errorCode"] for _ in "abc"]
    assert codes == [1, 1, 17]
    clock.use(lambda: NOW.replace(hour=16, minute=59))
    assert bank.check(make_qr()).json()["errorCode"] == 17
    clock.use(lambda: NOW.replace(hour=17))
    assert bank.check(make_qr()).json()["errorCode"] == 1


def test_daily_limit_counts_each_token_by_itself(bank: Caller) -> None:
    bank.misbehave(daily_limit=1)
    codes = [bank.check(make_qr()).json()["errorCode"] for _ in "ab"]
    bank.token = new_token(bank.http)
    assert [*codes, bank.check(make_qr()).json()["errorCode"]] == [1, 17, 1]
    assert bank.ask("check_bakong_account", {"accountId": SHOP}).json()["errorCode"] is None


def test_success_without_data(bank: Caller) -> None:
    for answer in (paid(bank, null_data=True), bank.check(make_qr("1"))):
        assert answer.json()["responseCode"] == 0
        assert answer.json()["data"] is None


def test_success_without_an_error_code(bank: Caller) -> None:
    assert "errorCode" not in paid(bank, no_error_code=True).json()
    assert bank.check(make_qr("1")).json()["errorCode"] == 1


@pytest.mark.parametrize(
    ("switch", "field", "value"),
    [
        ({"amount_text": True}, "amount", "3.5"),
        ({"wrong_amount": True}, "amount", 4.5),
        ({"wrong_currency": True}, "currency", "KHR"),
        ({"wrong_account": True}, "toAccountId", "somebody_else@practice"),
        ({"tracking_status": "REFUNDED_BY_RECEIVER"}, "trackingStatus", "REFUNDED_BY_RECEIVER"),
        ({"extra_fields": True}, "status", "PAID"),
        ({"set": {"hash": "a", "amount": None}}, "hash", "a"),
        ({"older_time": True}, "createdDateMs", clock.epoch_ms(NOW - timedelta(days=1))),
        ({"older_time": -2.5}, "createdDateMs", clock.epoch_ms(NOW) + 2500),
        ({"ms_float": True}, "createdDateMs", clock.epoch_ms(NOW) + 0.2),
    ],
)
def test_data_can_be_untrue(
    bank: Caller, switch: dict[str, object], field: str, value: object
) -> None:
    assert paid_data(bank, **switch)[field] == value


@pytest.mark.parametrize(
    ("switch", "gone"),
    [({"no_hash": True}, {"hash"}), ({"without": ["amount", "hash", "x"]}, {"amount", "hash"})],
)
def test_data_can_lack_fields(bank: Caller, switch: dict[str, object], gone: set[str]) -> None:
    assert gone.isdisjoint(paid_data(bank, **switch))


def test_lists_are_spoilt_like_single_answers(bank: Caller) -> None:
    booked = bank.pay(make_qr())[0]
    bank.misbehave(amount_text=True)
    items = bank.ask("check_transaction_by_hash_list", [booked["hash"], "x"]).json()["data"]
    assert items[0]["data"]["amount"] == "3.5"


def test_spoilt_answers_leave_the_books_as_they_are(bank: Caller) -> None:
    data = paid_data(bank, wrong_amount=True)
    assert data["amount"] == 4.5
    assert bank.http.get("/sandbox/ledger").json()[0]["amount"] == 3.5


def test_numbers_can_be_none_that_json_has(bank: Caller) -> None:
    assert '"amount": NaN' in paid(bank, nan_amount=True).text
    bank.http.delete("/sandbox/faults")
    assert '"amount": 1e400' in paid(bank, big_amount=True).text


def test_keys_can_come_twice(bank: Caller) -> None:
    bank.misbehave(duplicate_keys=True)
    pairs = json.loads(bank.check(make_qr()).text, object_pairs_hook=list)
    assert [value for key, value in pairs if key == "responseCode"] == [1, 0]


def test_json_can_come_in_another_character_set(bank: Caller) -> None:
    answer = paid(bank, charset="UTF-16")
    assert json.loads(answer.content.decode("utf-16"))["responseCode"] == 0
    with pytest.raises(UnicodeDecodeError):
        answer.content.decode("utf-8")
