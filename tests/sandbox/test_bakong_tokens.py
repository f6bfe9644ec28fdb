import base64
import json
from datetime import timedelta

import pytest

from pos import clock
from tests.sandbox.conftest import EMAIL, Caller, new_token
from tests.sandbox.qrs import NOW, make_qr

UNAUTHORIZED = {
    "responseCode": 1,
    "responseMessage": "Unauthorized, not yet requested for token or code invalid",
    "errorCode": 6,
    "data": None,
}


def part(token: str, index: int) -> dict[str, object]:
    text = token.split(".")[index]
    read: dict[str, object] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return read


def test_token_looks_like_the_real_ones(bank: Caller) -> None:
    assert len(bank.token) == 172
    assert part(bank.token, 0) == {"alg": "HS256", "typ": "JWT"}
    claims = part(bank.token, 1)
    assert claims["iat"] == int(NOW.timestamp())
    assert claims["exp"] == int((NOW + timedelta(days=90)).timestamp())
    assert list(claims["data"]) == ["id"]


def flipped(token: str) -> str:
    head, _, last = token.rpartition(".")
    return f"{head}.{'A' if last[0] != 'A' else 'B'}{last[1:]}"


def unsigned(token: str) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "spoil", [flipped, unsigned, lambda t: t[:-1], lambda t: "x", lambda t: "", lambda t: f".{t}"]
)
def test_token_that_is_not_ours_is_401(bank: Caller, spoil: object) -> None:
    bank.token = spoil(bank.token)  # type: ignore[operator]
    answer = bank.check(make_qr())
    assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_no_token_or_another_scheme_is_401(bank: Caller) -> None:
    body = {"md5": "a"}
    for headers in ({}, {"Authorization": f"Basic {bank.token}"}, {"Authorization": bank.token}):
        answer = bank.http.post("/v1/check_transaction_by_md5", json=body, headers=headers)
        assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_token_is_asked_for_before_the_body_is_read(bank: Caller) -> None:
    bank.token = "x"
    assert bank.ask("check_transaction_by_md5", {}).status_code == 401


def test_token_ends_on_its_day(bank: Caller) -> None:
    clock.use(lambda: NOW + timedelta(days=90, seconds=-1))
    assert bank.check(make_qr()).status_code == 200
    clock.use(lambda: NOW + timedelta(days=90))
    assert bank.check(make_qr()).status_code == 401


def test_token_may_be_made_short_lived(bank: Caller) -> None:
    bank.token = new_token(bank.http, expires_in=-1)
    assert bank.check(make_qr()).status_code == 401


def test_ended_tokens_are_refused_and_a_renewed_one_works(bank: Caller) -> None:
    assert bank.http.delete("/sandbox/tokens").json() == {"ended": 1}
    assert bank.check(make_qr()).status_code == 401
    renewed = bank.ask("renew_token", {"email": EMAIL}).json()
    assert renewed["responseMessage"] == "Token has been issued"
    bank.token = renewed["data"]["token"]
    assert bank.check(make_qr()).status_code == 200


def test_renewing_leaves_the_older_token_alive(bank: Caller) -> None:
    bank.ask("renew_token", {"email": EMAIL.upper()})
    assert bank.check(make_qr()).status_code == 200


def test_unknown_address_cannot_renew(bank: Caller) -> None:
    answer = bank.ask("renew_token", {"email": "who@shop.example"})
    assert answer.status_code == 200
    assert answer.json() == {
        "responseCode": 1,
        "responseMessage": "Not registered yet",
        "errorCode": 10,
        "data": None,
    }


def test_token_and_its_text_never_show_in_a_repr(practice_bank: object, bank: Caller) -> None:
    tokens = practice_bank.extensions["practice_bank"].tokens  # type: ignore[attr-defined]
    token = tokens.issue(EMAIL)
    assert token.text not in repr(token)
    assert token.text not in repr(tokens)
