import pytest

HERE = "/api/v1/token"
JSON = "application/json"


def send(client, raw, kind=JSON):
    return client.post(HERE, data=raw, headers={"Content-Type": kind})


def test_an_unknown_field_is_refused_by_its_name(client, shop):
    answer = client.post(HERE, json={"refresh_token": "x", "is_admin": True, "total": 1})
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    told = {one["field"]: one["message"] for one in answer.json["errors"]}
    assert told == dict.fromkeys(("is_admin", "total"), "This field is not known.")


@pytest.mark.parametrize("value", [1, 1.5, None, True, [], {}, ["x"]])
def test_a_field_of_another_type_is_refused_with_its_name(client, shop, value):
    answer = client.post(HERE, json={"refresh_token": value})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json["errors"]] == ["refresh_token"]


BROKEN = {
    "no JSON": b"{",
    "words": b"hello",
    "two values": b"{}{}",
    "an array": b"[]",
    "a number": b"1",
    "null": b"null",
    "not a number": b'{"refresh_token": NaN}',
    "a key twice": b'{"refresh_token": "a", "refresh_token": "b"}',
    "another alphabet": b'\xff\xfe{"refresh_token": "a"}',
    "depth": b'{"refresh_token":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "a number of 5,000 digits": b'{"refresh_token": ' + b"9" * 5_000 + b"}",
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_not_one_json_object_is_not_understood(client, shop, how):
    answer = send(client, BROKEN[how])
    assert (answer.status_code, answer.json["status"]) == (400, 400), how


@pytest.mark.parametrize("text", ['"\\ud800"', '"\\u0000"', '"\\uffff"', '"' + "x" * 2_001 + '"'])
def test_no_text_breaks_the_answer(client, shop, text):
    answer = send(client, b'{"refresh_token": ' + text.encode() + b"}")
    assert answer.status_code in (401, 422)


def test_another_kind_of_body_is_not_taken(client, shop):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        assert send(client, b'{"refresh_token": "x"}', kind).status_code == 415, kind


def test_more_than_64_kib_is_too_large(client, shop):
    assert send(client, b'{"refresh_token": "' + b"x" * 65_600 + b'"}').status_code == 413
    assert send(client, b"[" * 10_000_000).status_code == 413


def test_an_unknown_address_is_told_in_json_and_a_page_stays_a_page(client, shop):
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json["title"] == "Not Found"
    assert client.get("/nothing").mimetype == "text/html"


def test_another_method_is_told_with_those_that_are_there(client, shop):
    answer = client.get(HERE)
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert "POST" in answer.headers["Allow"]


def test_every_answer_is_guarded_and_never_kept(client, shop):
    answer = client.get("/api/v1/health")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
