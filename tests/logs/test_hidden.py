"""What no log may hold, by its name, by its value, and by its looks."""

import secrets

import pytest
from cryptography.fernet import Fernet

from pos.logs.redaction import HIDDEN, Redaction

SECRET = "q7Zt-41xPw_Rm93kLd02"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJkYXRhIjp7fX0.c2lnbmF0dXJl"

NAMED = (
    f"password={SECRET}",
    f"PIN: {SECRET}",
    f"Authorization: Bearer {SECRET}",
    f"authorization=Basic {SECRET} and more {SECRET}",
    f"{{'Cookie': 'pos_login={SECRET}; pos_language=km'}}",
    f'{{"api_key": "ab\\"{SECRET}", "amount": "3.50"}}',
    f"csrf_token={SECRET}&amount=3",
    f"X-PAYWAY-HMAC-SHA512: {SECRET}",
    f"hash = '{SECRET}'",
    f"POS_SECRET_KEY={SECRET}",
    f"new_password='{SECRET}",
)
LOOKS = (
    JWT,
    Fernet(Fernet.generate_key()).encrypt(b"token").decode(),
    f"987654:{secrets.token_urlsafe(26)}",
    "Ab1" + secrets.token_urlsafe(32),
    "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
)
PLAIN = (
    "payment 261122-000007 is paid by user:3 in 12 ms",
    "transaction 5f4dcc3b5aa765d61d8327deb882cf995f4dcc3b5aa765d61d8327deb882cf99 twice",
    "POST api-bakong.nbc.gov.kh /v1/check_transaction_by_md5 -> 200 in 31 ms",
    "the key of account 2 ends in 6 days",
    "GET /r/<token> -> 404 in 3 ms",
)


@pytest.mark.parametrize("line", NAMED)
def test_what_is_named_as_a_secret_is_hidden_whole(line):
    told = Redaction().text(line)
    assert HIDDEN in told
    assert not [at for at in range(len(SECRET) - 3) if SECRET[at : at + 4] in told]


@pytest.mark.parametrize("secret", LOOKS, ids=("jwt", "fernet", "bot", "random", "pem"))
def test_what_looks_like_a_secret_is_hidden_whole(secret):
    assert Redaction().text(f"heard <{secret}> there") == f"heard <{HIDDEN}> there"


@pytest.mark.parametrize("line", PLAIN)
def test_what_a_person_needs_to_know_is_left_as_it_is(line):
    redaction = Redaction([SECRET])
    assert redaction.text(line) == line


def test_the_link_to_a_receipt_and_a_login_in_an_address_are_hidden():
    told = Redaction().text('"GET /r/abc-12 HTTP/1.1" postgresql://khqr:hunter22@db/khqr')
    assert told == f'"GET /r/{HIDDEN} HTTP/1.1" postgresql://{HIDDEN}@db/khqr'


@pytest.mark.parametrize("at", [0, 6, 12])
def test_eight_characters_of_a_known_secret_are_enough_to_hide_it(at):
    redaction = Redaction([SECRET])
    assert redaction.text(f"sent <{SECRET[at : at + 8]}> away") == f"sent {HIDDEN} away"
    assert redaction.text(f"sent <{SECRET[at : at + 7]}> away") != f"sent {HIDDEN} away"


def test_a_known_secret_is_found_with_spaces_in_it_and_as_an_address_has_it():
    redaction = Redaction(["open sesame now", "a/b+c=d?e&f#1"])
    assert redaction.text("said open sesame now twice") == f"said {HIDDEN} twice"
    assert redaction.text("at a%2Fb%2Bc%3Dd%3Fe%26f%231") == f"at {HIDDEN}"


def test_values_are_hidden_by_their_name_however_deep_they_lie():
    given = {"pin": 123456, "at": [{"api_key": "x"}, JWT], "is_ok": True, "n": 5, "token": ""}
    told = Redaction().value("", given)
    assert told == {"pin": HIDDEN, "at": [{"api_key": HIDDEN}, HIDDEN], "is_ok": True, "n": 5,
                    "token": ""}  # fmt: skip


def test_a_very_long_line_is_searched_quickly():
    line = "aA1-" * 50_000 + "=" * 50_000 + '"' * 50_000
    assert HIDDEN in Redaction([SECRET]).text(line)
