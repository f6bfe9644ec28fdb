import base64
import json
from datetime import UTC, datetime

import pytest

from pos.gateways.bakong.token import is_sendable, token_expires_at


def token(claims):
    text = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    middle = base64.urlsafe_b64encode(text).rstrip(b"=").decode()
    return f"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.{middle}.c2lnbmF0dXJl"


def test_the_end_is_read_from_the_key():
    claims = {"data": {"id": "0123456789abcdef"}, "iat": 1790000000, "exp": 1797776000}
    assert token_expires_at(f" {token(claims)}\n") == datetime(2026, 12, 20, 14, 13, 20, tzinfo=UTC)


def test_a_fraction_of_a_second_is_dropped():
    assert token_expires_at(token({"exp": 1797776000.9})).timestamp() == 1797776000


@pytest.mark.parametrize(
    "exp",
    [None, True, "1797776000", 0, -1, 1797776000000, 10**30, [], {}, 1e300],
)
def test_an_end_that_is_no_time_is_none(exp):
    assert token_expires_at(token({"exp": exp})) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "rbk1234",
        "a.b",
        "a.b.c",
        "a..c",
        "a.e30.c",
        token({"exp": 1797776000}) + ".more",
        token(b"[1797776000]"),
        token(b'{"exp": NaN}'),
        token(b'{"exp": 1, "exp": 1797776000}'),
        token(b"\xff\xfe"),
        token(b"[" * 1400),
        token({"exp": 1797776000, "pad": "x" * 5000}),
        token({"exp": 1797776000}).replace("eyJ", "ស"),
    ],
)
def test_what_is_no_readable_key_is_none(text):
    assert token_expires_at(text) is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("eyJ.a.b", True),
        ("rbk-relay_1", True),
        ("", False),
        ("two words", False),
        ("line\nbreak", False),
        ("ឯក", False),
        ("a" * 4097, False),
    ],
)
def test_only_visible_ascii_can_be_sent_as_a_key(text, good):
    assert is_sendable(text) is good
