"""The number that each request has, on its answer and on the lines about it."""

import json
import re

import pytest

from pos.web.traced import HEADER
from tests.lines import heard
from tests.web.entrance.test_errors import held_by_another_program
from tests.web.pages import read

OURS = re.compile("[0-9a-f]{12}")


@pytest.fixture
def lines():
    with heard() as all_of_them:
        yield all_of_them


@pytest.mark.parametrize("page", ["/till", "/nothing", "/healthz", "/static/css/tokens.css"])
def test_every_answer_has_a_number_of_its_own(cashier, page):
    answers = [cashier.get(page, buffered=True) for _ in range(2)]
    numbers = {answer.headers[HEADER] for answer in answers}
    assert len(numbers) == 2 and all(OURS.fullmatch(one) for one in numbers)


def test_a_poll_that_brings_nothing_new_has_one_too(till):
    till.charge()
    answer = till.poll()
    assert (answer.status_code, len(answer.headers.getlist(HEADER))) == (204, 1)


def test_the_number_of_a_proxy_of_ours_is_taken_over(client):
    given = "7f3c-Proxy_01"
    assert client.get("/healthz", headers={HEADER: given}).headers[HEADER] == given


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space in", "a" * 8 + "<b>", "é" * 9])
def test_a_number_that_is_not_well_formed_is_not_taken_over(client, given):
    answer = client.get("/healthz", headers={HEADER: given})
    assert OURS.fullmatch(answer.headers[HEADER])


def test_a_stranger_s_number_is_not_taken_over(client):
    asked = {"headers": {HEADER: "7f3c-Stranger"}, "environ_base": {"REMOTE_ADDR": "203.0.113.9"}}
    assert OURS.fullmatch(client.get("/healthz", **asked).headers[HEADER])


def test_a_line_says_what_was_asked_by_whom_and_how_it_ended(cashier, shop, lines):
    number = cashier.get("/shifts/77/report").headers[HEADER]
    line = next(one for one in lines if one["logger"] == "pos.web.traced")
    assert line["request_id"] == number
    assert line["message"].startswith("GET /shifts/<int:shift_id>/report -> 404 in ")
    assert (line["endpoint"], line["status"]) == ("shifts.report", 404)
    assert line["who"] == f"user:{shop.cashier.id}" and line["duration_ms"] >= 0


def test_the_link_to_a_receipt_stands_in_no_line(client, lines):
    client.get("/r/abcdefghijklmnop")
    client.get("/nothing/abcdefghijklmnop?token=abcdefghijklmnop")
    assert len(lines) == 2 and "abcdefgh" not in json.dumps(lines)


def test_what_machines_ask_again_and_again_is_a_detail(till, lines):
    till.poll()
    till.browser.get("/healthz")
    assert {one["level"] for one in lines if one["logger"] == "pos.web.traced"} <= {"debug", "info"}
    assert [one["level"] for one in lines if one.get("endpoint") == "health.alive"] == ["debug"]


def test_a_question_to_the_bank_belongs_to_the_request_that_made_it(waiting, lines):
    number = waiting.press("Check now").headers[HEADER]
    asked = [one for one in lines if one["logger"] == "pos.gateways.http"]
    assert asked and {one["request_id"] for one in asked} == {number}


@pytest.mark.scratch
@pytest.mark.sqlite
def test_what_went_wrong_here_tells_the_number_to_say(till):
    with held_by_another_program(till.app):
        answer = till.browser.post("/till/charge", data=read(till.browser.get("/till")).form(
            "Charge").fields | {"amount": "1"})  # fmt: skip
    assert answer.status_code == 503
    told = read(answer).one(class_="error-number").text
    assert told == f"Tell us this number: {answer.headers[HEADER]}"
    assert "error-number" not in till.browser.get("/nothing").text
