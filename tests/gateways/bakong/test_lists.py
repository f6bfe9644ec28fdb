import pytest

from pos.gateways.bakong.lists import read_list
from pos.gateways.base import Answer, Outcome, Trouble
from tests.gateways.bakong.bodies import HASH, no, paid, reply, transfer
from tests.gateways.requests import said

A, B = "a" * 32, "b" * 32
NOTHING = {"status": "NOT_FOUND", "message": "Transaction could not be found", "data": None}


def heard(*items, asked=(A,), key="md5"):
    return read_list(reply(paid(data=list(items))), asked, key)


def test_items_are_matched_by_their_echo_and_not_by_their_place():
    answers = heard(
        {"md5": B, **NOTHING}, {"md5": A, "status": "SUCCESS", "data": transfer()}, asked=(A, B)
    )
    assert (said(answers[A]), said(answers[B])) == ("paid", "not_found")
    assert answers[A].facts.reference == HASH and HASH not in answers[B].raw


@pytest.mark.parametrize(
    "item",
    [
        {"data": transfer()},
        {"transaction": transfer()},
        {"data": None, "transaction": transfer()},
        transfer(),
    ],
)
def test_the_transfer_is_found_in_each_of_its_three_places(item):
    assert said(heard({"md5": A, "status": "SUCCESS", **item})[A]) == "paid"


@pytest.mark.parametrize(
    ("item", "meant"),
    [
        (NOTHING, "not_found"),
        ({"status": "FAILED", "data": None}, "failed"),
        ({"status": "STATIC_QR", "data": None}, "other"),
        ({"status": "SUCCESS", "data": None}, "garbled"),
        ({"status": "SUCCESS", "data": {"hash": ""}}, "garbled"),
        ({"status": "SUCCESS", "data": [transfer()]}, "garbled"),
        ({"status": "NOT_FOUND", "data": transfer()}, "garbled"),
        ({"status": "FAILED", "transaction": transfer()}, "garbled"),
        ({"status": "UNPAID", "data": None}, "garbled"),
        ({"status": "success", "data": transfer()}, "garbled"),
        ({"status": 0, "data": transfer()}, "garbled"),
        ({"status": True, "data": transfer()}, "garbled"),
        ({"status": ["SUCCESS"], "data": transfer()}, "garbled"),
        ({"data": transfer()}, "garbled"),
    ],
)
def test_every_kind_of_item(item, meant):
    assert said(heard({"md5": A, **item})[A]) == meant


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"md5": B, **NOTHING}],
        [{"md5": A, **NOTHING}, {"md5": A, **NOTHING}],
        [{"md5": A, **NOTHING}, {"md5": A.upper(), "status": "SUCCESS", "data": transfer()}],
        [{"md5": None, **NOTHING}],
        [NOTHING],
        [None, 1, "x", [A]],
    ],
)
def test_a_question_not_answered_once_is_garbled(items):
    answer = heard(*items)[A]
    assert (answer.outcome, answer.trouble) == (Outcome.UNKNOWN, Trouble.GARBLED)


@pytest.mark.parametrize("data", [None, {}, "x", {A: NOTHING}])
def test_a_list_that_is_none_answers_nothing(data):
    assert said(read_list(reply(paid(data=data)), (A,), "md5")[A]) == "garbled"


@pytest.mark.parametrize(
    ("document", "status", "meant"),
    [
        ("<html>", 403, "forbidden"),
        (no(6), 401, "unauthorised"),
        (no(17), 200, "quota"),
        (no(5), 400, "other"),
        (no(1), 200, "other"),
        (no(1), 404, "other"),
        (no(3), 200, "other"),
        ("{", 200, "garbled"),
        (paid(data=[]), 500, "down"),
    ],
)
def test_trouble_with_the_whole_list_is_one_answer(document, status, meant):
    answer = read_list(reply(document, status), (A, B), "md5")
    assert isinstance(answer, Answer) and said(answer) == meant


def test_a_hash_must_be_answered_with_its_own_transfer():
    mine = {"hash": HASH, "status": "SUCCESS", "data": transfer()}
    assert said(heard(mine, asked=(HASH,), key="hash")[HASH]) == "paid"
    mine["data"] = transfer(hash="f" * 64)
    assert said(heard(mine, asked=(HASH,), key="hash")[HASH]) == "garbled"
