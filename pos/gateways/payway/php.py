"""How PHP writes a JSON value as text, because PayWay signs its callbacks in PHP.

Source: PHP 8.2, string conversion (`precision` 14) and `json_encode` with its default flags.
"""

import json
import math
from decimal import Decimal

from pos.errors import GatewayGarbled

_EXACT = 10**17
_BIGGEST_INT = 2**63


def text_of(value: object) -> str:
    """Return the value as PHP's `.` operator writes it; an object or array as JSON."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, str):
        return value
    number = _number(value)
    if isinstance(number, int):
        return str(number)
    if isinstance(number, float):
        return _spelled(f"{number:.14G}", "E")
    return json_of(value)


def json_of(value: object) -> str:
    """Return the value as `json_encode` writes it: slashes escaped, an empty object as []."""
    if isinstance(value, dict):
        pairs = (f"{_quoted(str(name))}:{json_of(inner)}" for name, inner in value.items())
        return f"{{{','.join(pairs)}}}" if value else "[]"
    if isinstance(value, list):
        return f"[{','.join(json_of(inner) for inner in value)}]"
    number = _number(value)
    if isinstance(number, float):
        whole = number == int(number) and abs(number) < _EXACT
        return str(int(number)) if whole else _spelled(repr(number), "e")
    return _quoted(value) if isinstance(value, str) else json.dumps(value)


def _number(value: object) -> object:
    """Fractions are floats to PHP, and so are whole numbers beyond 64 bits."""
    is_big = isinstance(value, int) and abs(value) >= _BIGGEST_INT
    if not isinstance(value, Decimal) and not is_big:
        return value
    number = float(Decimal(str(value)))
    if math.isinf(number):
        raise GatewayGarbled("a number out of all bounds")
    return number


def _quoted(text: str) -> str:
    return json.dumps(text).replace("/", "\\/")


def _spelled(text: str, mark: str) -> str:
    """Write an exponent as PHP does: 1.0E+25, not 1E+25 or 1e+25."""
    if mark not in text:
        return text
    mantissa, exponent = text.split(mark)
    mantissa = mantissa if "." in mantissa else f"{mantissa}.0"
    sign = "-" if exponent.startswith("-") else "+"
    return f"{mantissa}{mark}{sign}{abs(int(exponent))}"
