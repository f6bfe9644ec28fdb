from datetime import UTC, datetime

import pytest

from pos import clock
from pos.errors import GatewayGarbled
from pos.gateways.reply import MAX_BODY_BYTES, Reply

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTB9.c2lnbmF0dXJl"


def reply(body=b"{}", sent_token="", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply.of(200, named, body, sent_token)


def test_a_body_of_exactly_64_kib_is_read_and_one_byte_more_is_not():
    whole = b'{"a": "' + b"x" * (MAX_BODY_BYTES - 9) + b'"}'
    assert reply(whole).document() == {"a": "x" * (MAX_BODY_BYTES - 9)}
    with pytest.raises(GatewayGarbled, match="64 KiB"):
        reply(whole + b" ").document()


@pytest.mark.parametrize("packing", ["gzip", "br", "x-unknown", "identity, gzip"])
def test_a_packed_body_is_not_unpacked(packing):
    with pytest.raises(GatewayGarbled, match="packed"):
        reply(Content_Encoding=packing).document()


def test_a_body_called_plain_is_read():
    assert reply(Content_Encoding="Identity").document() == {}


def test_what_is_kept_holds_no_key():
    body = f'{{"data": {{"token": "secret-1"}}, "seen": "{TOKEN}", "echo": "shop-key"}}'
    raw = reply(body.encode(), sent_token="shop-key").raw
    assert raw == '{"data": {"token": "[key]"}, "seen": "[key]", "echo": "[key]"}'


def test_a_key_cut_off_at_the_end_is_not_kept_either():
    assert "secret" not in reply(b'{"data": {"token": "secret-1').raw
    assert "eyJ" not in reply(TOKEN[:30].encode()).raw


def test_what_is_kept_is_printable_and_short():
    raw = reply(b"\x00\x1b[31m\xff" + b"y" * 10_000).raw
    assert raw.startswith("??[31m\ufffdyy") and len(raw) == 4_000


def test_neither_body_nor_key_shows_in_a_repr():
    shown = repr(reply(b"secret-1", sent_token="shop-key"))
    assert "secret-1" not in shown and "shop-key" not in shown


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        ("0", 0),
        ("999999999", 86_400),
        ("Sun, 22 Nov 2026 08:00:30 GMT", 30),
        ("Sun, 22 Nov 2026 07:00:00 GMT", 0),
        ("-5", None),
        ("soon", None),
        ("9999999999", None),
        ("Sun, 22 Nov 2026 08:00:30 -0000", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_within_a_day(text, seconds):
    clock.use(lambda: datetime(2026, 11, 22, 8, tzinfo=UTC))
    try:
        assert reply(Retry_After=text).retry_after_seconds == seconds
    finally:
        clock.use(None)
