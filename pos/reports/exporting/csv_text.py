"""An export as CSV: UTF-8 with its mark, RFC 4180, and inert in a spreadsheet.

Source: RFC 4180; OWASP, CSV Injection.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from pos.reports.exporting.export_table import Cell, Export

_CHUNK = 16_384
_FORMULA = re.compile(r"[\s'\"\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""How text begins that a spreadsheet would run; what stands before it may be dropped there."""


def write(export: Export, rows: Iterable[tuple[Cell, ...]]) -> Iterator[bytes]:
    """Yield the file piece by piece: a spreadsheet sees from its mark that it is UTF-8."""
    text = StringIO(newline="")
    # "\r\n" ends each line; quotes stand where a cell needs them, and are doubled inside.
    writer = csv.writer(text, lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow([column.name for column in export.columns])
    for row in rows:
        writer.writerow([_cell(one) for one in row])
        if text.tell() >= _CHUNK:
            yield _taken(text)
    yield _taken(text)


def _taken(text: StringIO) -> bytes:
    """Return what was written so far and begin anew."""
    piece = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return piece


def _cell(value: Cell) -> str:
    """Write one value; only text can be a formula, so a negative number stays a number."""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return "" if value is None else str(value)


def inert(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text
