import json

import pytest

from pos.errors import (
    GatewayGarbled,
    GatewayRejected,
    GatewaySilent,
    GatewayUnreachable,
)
from pos.gateways.bakong.answers import CODES, STATUSES, read_answer
from pos.gateways.base import Outcome, Trouble
from pos.gateways.troubles import answer_to
from tests.gateways.bakong.bodies import HASH, NOT_FOUND, no, paid, reply, transfer

PAID = json.dumps(paid())
MEANT = {
    1: "not_found",
    2: "other",
    3: "failed",
    4: "other",
    5: "other",
    6: "unauthorised",
    7: "other",
    8: "other",
    9: "down",
    10: "other",
    11: "other",
    12: "other",
    13: "other",
    14: "other",
    15: "other",
    16: "other",
    17: "quota",
    18: "other",
    99: "other",
    999_999_999: "other",
}


def said(document, status=200, **headers):
    """What an answer comes to, in one word: its outcome, or the trouble."""
    answer = read_answer(reply(document, status, **headers))
    return str(answer.trouble or answer.outcome)


def test_a_faithful_answer_is_paid_with_its_facts_and_what_was_heard():
    answer = read_answer(reply(paid()))
    assert answer.outcome is Outcome.PAID and answer.facts.reference == HASH
    assert answer.http_status == 200 and HASH in answer.raw and answer.code == ""


@pytest.mark.parametrize(("code", "meant"), MEANT.items())
def test_every_code_in_a_200(code, meant):
    assert said(no(code)) == meant
    assert said(no(str(code))) == meant


def test_the_table_has_no_code_that_is_not_tested():
    assert set(CODES) <= set(MEANT)


def test_the_code_is_kept_with_the_answer():
    assert read_answer(reply(no(17))).code == "17"
    assert read_answer(reply(no(6), 401)).code == "6"


@pytest.mark.parametrize(
    ("status", "meant"),
    [
        (400, "other"),
        (401, "unauthorised"),
        (402, "other"),
        (403, "forbidden"),
        (404, "other"),
        (405, "other"),
        (429, "busy"),
        (500, "down"),
        (502, "down"),
        (503, "down"),
        (504, "down"),
        (599, "down"),
        (201, "garbled"),
        (204, "garbled"),
        (206, "garbled"),
        (301, "garbled"),
        (302, "garbled"),
        (304, "garbled"),
        (600, "garbled"),
    ],
)
@pytest.mark.parametrize("body", ["", "<html>busy</html>", PAID, "{", "[]"])
def test_a_status_that_is_not_200_is_never_success_whatever_its_body_says(status, meant, body):
    assert said(body, status) == meant


@pytest.mark.parametrize("status", [*STATUSES, 402, 500, 503, 302])
def test_not_found_counts_with_200_and_404_alone(status):
    assert said(NOT_FOUND) == said(NOT_FOUND, 404) == "not_found"
    assert said(NOT_FOUND, status) not in ("not_found", "failed", "paid")


@pytest.mark.parametrize("code", [0, 2, 3, 5, 6, 9, 17])
def test_a_404_says_not_found_or_nothing(code):
    assert said(no(code), 404) == "other"


def test_the_daily_quota_is_known_in_a_429_too():
    assert said(no(17), 429) == "quota" and said(no(1), 429) == "busy"


def test_a_wait_that_was_asked_for_is_handed_on():
    assert read_answer(reply("", 429, Retry_After="20")).retry_after_seconds == 20
    assert read_answer(reply("", 503, Retry_After="9")).retry_after_seconds == 9
    assert read_answer(reply(NOT_FOUND, Retry_After="9")).retry_after_seconds is None


@pytest.mark.parametrize("zero", [0, "0"])
@pytest.mark.parametrize("error", [None, ..., 0, "0"])
def test_success_is_zero_as_number_or_text_and_no_error(zero, error):
    assert said(paid(responseCode=zero, errorCode=error)) == "paid"


@pytest.mark.parametrize(
    "zero",
    [False, True, None, "", "00", " 0", "0.0", 0.0, -1, "-0", "٠", "SUCCESS", "PAID", [], {}, [0]]
    + [{"code": 0}, 2, 200, ..., 10**9, "1000000000"],
)
def test_nothing_else_is_success(zero):
    assert said(paid(responseCode=zero)) in ("garbled", "other")


@pytest.mark.parametrize("error", [1, 3, 6, 17, "1", True, False, [], {}, "none", 1.5])
def test_success_beside_an_error_is_garbled(error):
    assert said(paid(errorCode=error)) == "garbled"


@pytest.mark.parametrize(
    "data", [None, ..., {}, [], "", "paid", 1, True, [transfer()], {"hash": ""}]
)
def test_success_without_a_transfer_is_garbled(data):
    document = paid() if data is ... else paid(data=data)
    if data is ...:
        del document["data"]
    assert said(document) == "garbled"


@pytest.mark.parametrize("code", [1, 3])
@pytest.mark.parametrize("data", [transfer(), [transfer()], {"status": "?"}, "paid", 1])
def test_a_no_that_carries_a_transfer_is_garbled(code, data):
    assert said(no(code, data=data)) == "garbled"


@pytest.mark.parametrize("code", [1, 3])
@pytest.mark.parametrize("response", [None, 2, "2", 200])
def test_a_no_without_its_response_code_settles_nothing(code, response):
    assert said(no(code, responseCode=response)) == "garbled"


@pytest.mark.parametrize("response", [True, 1.0, "01", "1 "])
def test_a_no_whose_response_code_is_no_code_settles_nothing(response):
    assert said(no(1, responseCode=response)) == "garbled"


def test_a_no_without_a_code_settles_nothing():
    assert said(no(None)) == "other"
    assert said({"responseCode": 1}) == "other"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"[" * 60_000,
        b"{}",
        b"<html>not found</html>",
        PAID[:-1].encode(),
        PAID[: len(PAID) // 2].encode(),
        PAID.encode() + b"x" * 70_000,
        f"[{PAID}]".encode(),
        PAID.encode("utf-16"),
        PAID.replace("Success", "\xe9").encode("latin-1"),
        PAID.replace("3.5", "NaN").encode(),
        PAID.replace("3.5", "Infinity").encode(),
        PAID.replace("3.5", "1e400").encode(),
        PAID.replace("3.5", "1e99999999999999999999").encode(),
        PAID.replace("3.5", "9" * 5000).encode(),
        PAID.replace('"responseCode": 0', '"responseCode": 1, "responseCode": 0').encode(),
        PAID.replace('"amount": 3.5', '"amount": 3.5, "amount": 4').encode(),
    ],
)
def test_a_body_that_is_not_one_clean_answer_is_garbled(body):
    assert said(body) == "garbled"


def test_a_packed_answer_is_garbled():
    assert said(PAID, Content_Encoding="gzip") == "garbled"


def test_facts_about_another_transfer_are_garbled():
    answer = read_answer(reply(paid()), lambda facts: facts.reference == "another")
    assert (answer.outcome, answer.trouble) == (Outcome.UNKNOWN, Trouble.GARBLED)


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (GatewayUnreachable("no route"), Trouble.UNREACHABLE),
        (GatewayUnreachable("who are you", code="certificate"), Trouble.UNPROVEN),
        (GatewayUnreachable("no such key", code="key"), Trouble.UNAUTHORISED),
        (GatewaySilent("timed out"), Trouble.SILENT),
        (GatewayGarbled("nonsense"), Trouble.GARBLED),
        (GatewayRejected("no"), Trouble.SILENT),
    ],
)
def test_an_exchange_without_a_reply_is_unknown(error, trouble):
    answer = answer_to(error)
    assert (answer.outcome, answer.trouble) == (Outcome.UNKNOWN, trouble)
