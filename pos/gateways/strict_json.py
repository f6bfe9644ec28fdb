"""JSON as a bank has to send it: one reading, or none.

The usual reader takes NaN, lets the second of two equal keys win and makes floats of money.
Here such a text is refused, and numbers with a fraction or an exponent come as Decimal.
"""

import json
from decimal import Decimal, InvalidOperation
from typing import NoReturn

from pos.errors import GatewayGarbled

_DEEPEST = 32

Document = dict[str, object] | list[object]


def read(raw: bytes) -> Document:
    """Return the object or array; GatewayGarbled for anything that could be read in two ways."""
    try:
        document = json.loads(
            raw.decode("utf-8"),
            parse_float=_number,
            parse_constant=_no_constant,
            object_pairs_hook=_object,
        )
    # Too deep a nesting is a RecursionError; a whole number of 5,000 digits a ValueError.
    except (ValueError, RecursionError) as error:
        raise GatewayGarbled(f"not JSON: {type(error).__name__}") from error
    if not isinstance(document, dict | list):
        raise GatewayGarbled("neither an object nor an array")
    _refuse_depth(document, _DEEPEST)
    return document


def _refuse_depth(value: object, levels: int) -> None:
    """Whoever writes the document out again must not run out of stack."""
    if not isinstance(value, dict | list):
        return
    if levels == 0:
        raise GatewayGarbled("nested too deep")
    for inner in value.values() if isinstance(value, dict) else value:
        _refuse_depth(inner, levels - 1)


def _number(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise GatewayGarbled("a number out of all bounds") from error


def _no_constant(name: str) -> NoReturn:
    raise GatewayGarbled(f"{name} is not JSON")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise GatewayGarbled("a key stands twice")
    return found
