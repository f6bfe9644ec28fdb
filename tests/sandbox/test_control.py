import pytest

from pos.sandbox.calls import BODY_KEPT, KEPT, Call, Calls, without_tokens
from tests.sandbox.conftest import EMAIL, Caller
from tests.sandbox.qrs import NOW, make_qr


def test_health_answers(bank: Caller) -> None:
    answer = bank.http.get("/sandbox/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_calls_tell_who_asked_what_and_what_was_answered(bank: Caller) -> None:
    qr = make_qr()
    bank.check(qr)
    bank.misbehave(status=503, calls=1)
    bank.ask("check_bakong_account", {"accountId": "x"})
    first, second = bank.calls()
    assert first["at"] == "2026-11-22T03:00:00.000+00:00"
    assert first["path"] == "/v1/check_transaction_by_md5"
    assert (first["token_known"], first["status"], first["error_code"]) == (True, 200, 1)
    assert (second["status"], second["faults"]) == (503, ["md5_list_403", "status"])
    assert second["body"] == '{"accountId": "x"}'


def test_calls_know_a_bad_token_from_none(bank: Caller) -> None:
    body = {"md5": "a"}
    bank.http.post("/v1/check_transaction_by_md5", json=body)
    bank.ask("check_transaction_by_md5", body, Authorization="Bearer x")
    assert [call["token_known"] for call in bank.calls()] == [None, False]
    assert [call["status"] for call in bank.calls()] == [401, 401]


def test_calls_never_hold_a_token(bank: Caller) -> None:
    bank.check(make_qr())
    bank.ask("renew_token", {"email": EMAIL, "token": bank.token})
    bank.ask("verify", {"code": f"Bearer {bank.token}"})
    log = bank.http.get("/sandbox/calls").text
    assert bank.token not in log
    assert bank.token.split(".")[2] not in log
    assert log.count("[token]") == 2


def test_calls_are_bounded() -> None:
    calls = Calls()
    for number in range(KEPT + 3):
        calls.add(Call(NOW, "POST", f"/v1/{number}", None, "", 200, None, ()))
    kept = calls.all()
    assert (len(kept), kept[0].path, kept[-1].path) == (KEPT, "/v1/3", f"/v1/{KEPT + 2}")
    assert len(without_tokens("x" * 60000)) == BODY_KEPT


def test_body_over_the_limit_is_refused_and_logged(bank: Caller) -> None:
    answer = bank.ask("check_transaction_by_md5", {"md5": "x" * 70000})
    assert answer.status_code == 413
    assert bank.calls()[0]["status"] == 413


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tokens", {}),
        ("tokens", {"email": "nobody"}),
        ("tokens", {"email": "x@" + "y" * 40}),
        ("tokens", {"email": EMAIL, "expires_in": "soon"}),
        ("tokens", {"email": EMAIL, "expires_in": 10**12}),
        ("accounts", {}),
        ("accounts", {"accounts": "shop@aclb"}),
        ("accounts", {"accounts": ["shop"]}),
        ("accounts", {"accounts": [5]}),
        ("faults", []),
    ],
)
def test_control_that_cannot_be_read_is_refused(bank: Caller, path: str, body: object) -> None:
    answer = bank.http.post(f"/sandbox/{path}", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")
