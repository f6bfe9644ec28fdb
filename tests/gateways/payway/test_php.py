import json
from decimal import Decimal

import pytest

from pos.gateways.payway import php


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (False, ""),
        (True, "1"),
        ("ចាន់ / x", "ចាន់ / x"),
        (0, "0"),
        (-7, "-7"),
        (2**63 - 1, "9223372036854775807"),
        (2**63, "9.2233720368548E+18"),
        (Decimal("100.0"), "100"),
        (Decimal("12.50"), "12.5"),
        (Decimal("0.1"), "0.1"),
        (Decimal("1e25"), "1.0E+25"),
        (Decimal("0.00001"), "1.0E-5"),
        (Decimal("1.23456789012345678"), "1.2345678901235"),
        ([], "[]"),
        ({}, "[]"),
        ({"a": {}}, '{"a":[]}'),
        (["a/b", "កា"], '["a\\/b","\\u1780\\u17b6"]'),
        ([1, Decimal("2.50"), Decimal("3.0"), True, None], "[1,2.5,3,true,null]"),
        ([Decimal("1e25"), Decimal("0.00001")], "[1.0e+25,1.0e-5]"),
    ],
)
def test_a_value_is_written_as_php_does(value, text):
    assert php.text_of(value) == text


def test_what_it_writes_of_an_object_is_json():
    value = {"a": [1, "x", {"b": 'é\n"/'}], "c": None}
    assert json.loads(php.json_of(value)) == value
