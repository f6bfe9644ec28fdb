"""Numbers of rows that come from outside: no more digits than a column can hold."""

import re

from werkzeug.routing import IntegerConverter

_DIGITS = r"[0-9]{1,9}"


class RowId(IntegerConverter):
    """`<int:...>` in an address; a longer number is an address that does not exist."""

    regex = _DIGITS


def row_id(typed: str) -> int:
    """Return the number in a field of a form; ValueError for what no row can have."""
    if re.fullmatch(_DIGITS, typed) is None:
        raise ValueError("not the number of a row")
    return int(typed)
