"""An export as an Excel file, written row by row: what is written leaves the memory."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from xlsxwriter import Workbook

from pos.reports.exporting.export_table import Cell, Export, Sort

MOST_ROWS = 1_048_576
"""Rows of a sheet, its head among them. Source: Microsoft, Excel specifications and limits."""

_LONGEST = 32_767
"""Characters of a cell. Source: as above."""

_FORMATS = {
    Sort.TEXT: "@",
    Sort.USD: "#,##0.00",
    Sort.KHR: "#,##0",
    Sort.COUNT: "0",
    Sort.DAY: "yyyy-mm-dd",
    Sort.MOMENT: "yyyy-mm-dd hh:mm:ss",
}
_WIDTHS = {Sort.TEXT: 22, Sort.MOMENT: 20, Sort.COUNT: 10}


def write(
    export: Export, rows: Iterable[tuple[Cell, ...]], file: IO[bytes], most: int = MOST_ROWS
) -> None:
    """Write the file whole; after `most` rows it goes on in another sheet."""
    # No text becomes a number, a formula or a link by its looks.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(file, options) as book:
        formats = [book.add_format({"num_format": _FORMATS[one.sort]}) for one in export.columns]
        bold = book.add_format({"bold": True})
        sheet: Any = None
        at = most
        for row in rows:
            if at >= most:
                sheet, at = _new_sheet(book, export, bold), 1
            for column, value in enumerate(row):
                _write_cell(sheet, at, column, value, formats[column])
            at += 1
        if sheet is None:
            _new_sheet(book, export, bold)


def _new_sheet(book: Any, export: Export, bold: Any) -> Any:
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(export.title if number == 1 else f"{export.title} {number}")
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(export.columns):
        sheet.set_column(at, at, _WIDTHS.get(column.sort, 14))
        sheet.write_string(0, at, column.name, bold)
    return sheet


def _write_cell(sheet: Any, row: int, column: int, value: Cell, shape: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value[:_LONGEST], shape)
    elif isinstance(value, int | Decimal):
        # The digits go into the file as they are; no float comes near an amount.
        sheet.write_number(row, column, value, shape)
    elif value is not None:
        when = value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])
        sheet.write_datetime(row, column, when, shape)
