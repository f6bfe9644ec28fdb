import csv
import io
import re
import tracemalloc
import zipfile
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.reports.exporting import csv_text, xlsx_file
from pos.reports.exporting.export_table import Column, Export, Sort

EXPORT = Export(
    title="Things",
    columns=tuple(Column(str(sort), sort) for sort in Sort),
    keys=(),
    query=lambda _span: None,
    cells=lambda row: row,
)
"""A table with a column of every sort: text, dollars, riel, count, day, moment."""

ROW = ("ស្រីមុំ", Decimal("-3.50"), Decimal(15000), 7, date(2026, 11, 22), datetime(2026, 11, 22, 9))
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

FORMULAS = [
    *("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '"=1"', "'=1", "  =1", "＝1+1"),
    *("\n=1", "\ufeff=1", "\u200b=1", "＠x", "－1", "＋1", "=cmd|' /C calc'!A0"),
]


def written_csv(*rows):
    return b"".join(csv_text.write(EXPORT, iter(rows)))


def read_csv(body):
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def written_xlsx(*rows, **more):
    file = io.BytesIO()
    xlsx_file.write(EXPORT, iter(rows), file, **more)
    return zipfile.ZipFile(file)


def cells(book, sheet=1):
    """Each cell of a sheet as (its type, what it holds)."""
    tree = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
    return [
        [(one.get("t", "n"), "".join(one.itertext())) for one in row]
        for row in tree.iter(f"{SHEET}row")
    ]


def test_a_csv_begins_with_its_mark_and_ends_each_line_as_the_rfc_says():
    body = written_csv(ROW)
    assert body.startswith(b"\xef\xbb\xbftext,usd,")
    assert body.count(b"\r\n") == 2 and body.endswith(b"\r\n")


def test_numbers_stay_numbers_and_khmer_stays_khmer_in_csv():
    assert read_csv(written_csv(ROW))[1] == [
        *("ស្រីមុំ", "-3.50", "15000", "7", "2026-11-22", "2026-11-22 09:00:00"),
    ]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula_in_a_spreadsheet(text):
    row = (text, *ROW[1:])
    assert read_csv(written_csv(row))[1][0] == f"'{text}"
    assert cells(written_xlsx(row))[1][0][0] in ("inlineStr", "s")
    assert b"<f>" not in written_xlsx(row).read("xl/worksheets/sheet1.xml")


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_any_text_comes_back_as_it_was_but_for_the_apostrophe(text):
    back = read_csv(written_csv((text, *ROW[1:])))[1][0]
    assert back in (text, f"'{text}")
    assert not re.match(r"\s*[=+\-@]", back)


def test_numbers_are_numbers_and_text_is_text_in_excel():
    found = cells(written_xlsx(("0012345678901234567890", *ROW[1:])))[1]
    assert [kind for kind, _ in found] == ["inlineStr", "n", "n", "n", "n", "n"]
    assert [value for _, value in found[:4]] == ["0012345678901234567890", "-3.50", "15000", "7"]


def test_nothing_is_an_empty_cell():
    row = ("", None, None, None, None, None)
    assert read_csv(written_csv(row))[1] == [""] * 6
    assert all(value == "" for _, value in cells(written_xlsx(row))[1])


def test_an_export_without_rows_still_has_its_head():
    assert read_csv(written_csv()) == [[str(sort) for sort in Sort]]
    assert [value for _, value in cells(written_xlsx())[0]] == [str(sort) for sort in Sort]


def test_what_does_not_fit_a_sheet_goes_on_in_the_next():
    book = written_xlsx(*[ROW] * 5, most=3)
    assert [len(cells(book, sheet)) for sheet in (1, 2, 3)] == [3, 3, 2]


def peak_of(write, count):
    tracemalloc.start()
    write(ROW for _ in range(count))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def drain_csv(rows):
    assert sum(len(piece) for piece in csv_text.write(EXPORT, rows)) > 0


def to_disk(folder):
    def write(rows):
        with (folder / "out.xlsx").open("wb") as file:
            xlsx_file.write(EXPORT, rows, file)

    return write


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ten_times_the_rows_take_no_more_memory(kind, tmp_path):
    write = drain_csv if kind == "csv" else to_disk(tmp_path)
    write(iter([ROW]))
    few, many = peak_of(write, 1_000), peak_of(write, 10_000)
    assert many < few * 1.2 + 100_000
