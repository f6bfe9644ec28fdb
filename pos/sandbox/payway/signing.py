"""The signatures of PayWay: of a request, and of a callback in both styles.

Each is base64 of HMAC-SHA512 under the merchant's API key, over texts without a separator.
Source: ABA PayWay guides of 2026; their PHP sample decides how a value is written as text.
"""

import base64
import hmac
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

SORTED = "X-PAYWAY-HMAC-SHA512"
"""The header of a callback signed over its values, sorted by their keys."""

RAW = "X-PayWay-Signature"
"""The header of a callback signed over its bytes, as an older guide has it."""


def signature(api_key: str, message: str | bytes) -> str:
    """Return the base64 signature of a message."""
    data = message.encode() if isinstance(message, str) else message
    return base64.b64encode(hmac.digest(api_key.encode(), data, "sha512")).decode()


def request_hash(api_key: str, order: Iterable[str], fields: Mapping[str, Any]) -> str:
    """Return the hash of a request whose fields are joined in this order; absent ones are empty."""
    return signature(api_key, "".join(text_of(fields.get(name)) for name in order))


def callback_signature(api_key: str, body: Mapping[str, Any]) -> str:
    """Return the signature of a callback's values, sorted by their keys byte by byte."""
    return signature(api_key, "".join(text_of(body[key]) for key in sorted(body, key=str.encode)))


def text_of(value: Any) -> str:
    """Return a JSON value as PHP joins it to a text: the bank's own language."""
    if value is None or value is False:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int):
        return str(int(value))
    return _short(format(value, ".14G")) if isinstance(value, float) else _encoded(value)


def _short(number: str) -> str:
    digits, mark, power = number.partition("E")
    if not mark:
        return number
    return f"{digits if '.' in digits else digits + '.0'}E{power[0]}{int(power[1:])}"


def _encoded(value: Any) -> str:
    """Return a value as PHP's json_encode writes it inside another."""
    if isinstance(value, dict) and value:
        pairs = (f"{_encoded(str(key))}:{_encoded(inner)}" for key, inner in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | dict):
        return "[" + ",".join(map(_encoded, value)) + "]"
    if isinstance(value, float) and math.isfinite(value):
        if value.is_integer() and abs(value) < 1e17:
            return str(int(value))
        return _short(repr(value).replace("e", "E")).replace("E", "e")
    return json.dumps(value).replace("/", "\\/")
