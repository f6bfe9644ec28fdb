import pytest

from tests.web.api import programs
from tests.web.api.test_sales import SALES, new


def test_the_same_request_by_the_same_key_is_done_once_and_answered_twice(program, books):
    first = program.post(SALES, new(), Idempotency_Key="k-1")
    again = program.post(SALES, new(), Idempotency_Key="k-1")
    assert (again.status_code, again.json) == (first.status_code, first.json) == (201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(books()["outside_sale"]) == 1


def test_a_qr_by_a_key_is_answered_as_it_was_when_it_was_made(program, books, clock):
    program.post(SALES, new())
    first = program.post(f"{SALES}/B-1/payments", Idempotency_Key="k-2")
    clock.advance(minutes=10)
    again = program.post(f"{SALES}/B-1/payments", Idempotency_Key="k-2")
    assert (again.status_code, again.json) == (201, first.json)
    assert len(books()["payment"]) == 1


@pytest.mark.parametrize("other", [new(amount="51.00"), new(note="x"), {}])
def test_the_same_key_for_another_request_is_refused(program, books, other):
    program.post(SALES, new(), Idempotency_Key="k-1")
    before = books()
    answer = program.post(SALES, other, Idempotency_Key="k-1")
    assert (answer.status_code, "another request" in answer.json["detail"]) == (422, True)
    assert program.post(f"{SALES}/B-1/payments", {}, Idempotency_Key="k-1").status_code == 422
    assert books() == before


def test_another_programs_key_is_another_key(app, shop, program, books):
    program.post(SALES, new(), Idempotency_Key="k-1")
    other = programs.start(app, shop.manager)
    answer = other.post(SALES, new(booking_id="B-2"), Idempotency_Key="k-1")
    assert answer.status_code == 201


def test_a_key_of_a_refused_request_answers_the_same_where_it_could_not_be_read(program):
    first = program.post(SALES, new(amount="0"), Idempotency_Key="k-1")
    again = program.post(SALES, new(amount="0"), Idempotency_Key="k-1")
    assert (again.status_code, again.json, again.mimetype) == (422, first.json, first.mimetype)


def test_a_key_of_a_request_that_was_not_done_can_be_used_again(program):
    path = f"{SALES}/B-1/payments"
    assert program.post(path, Idempotency_Key="k-1").status_code == 404
    program.post(SALES, new())
    assert program.post(path, Idempotency_Key="k-1").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256])
def test_what_is_no_key_is_refused(program, books, key):
    before = books()
    answer = program.post(SALES, new(), Idempotency_Key=key)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Idempotency-Key")
    assert books() == before


def test_a_key_needs_a_token_first(client, shop, books):
    before = books()
    answer = client.post(SALES, json=new(), headers={"Idempotency-Key": "k-1"})
    assert answer.status_code == 401
    assert books() == before
