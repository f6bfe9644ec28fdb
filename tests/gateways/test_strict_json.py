from decimal import Decimal

import pytest

from pos.errors import GatewayGarbled
from pos.gateways.strict_json import read


def test_a_fraction_is_read_exactly():
    assert read(b'{"amount": 0.10}') == {"amount": Decimal("0.10")}


def test_whole_numbers_stay_whole_and_other_values_are_themselves():
    assert read(b'[1, "a", true, null]') == [1, "a", True, None]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" ",
        b"{",
        b'{"a": 1',
        b'{"a": 1} {"a": 1}',
        b"null",
        b"1",
        b'"text"',
        b"true",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 1}',
        b'[{"deep": {"a": 0, "a": 1}}]',
        b'{"a": 1e99999999999999999999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"[" * 60_000,
        b"[" * 40 + b"]" * 40,
        b'{"a": "\xff"}',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": "é"}'.encode("latin-1"),
        '{"a": 1}'.encode("utf-16"),
        b"<html>403 Forbidden</html>",
    ],
)
def test_what_could_be_read_in_two_ways_is_not_read(raw):
    with pytest.raises(GatewayGarbled):
        read(raw)
