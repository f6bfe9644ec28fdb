"""Every export of a shop, CSV and Excel, read as a spreadsheet would: text stays text."""

import csv
import io
import re
import zipfile
from xml.etree import ElementTree

from pos.reports.exporting.exports import EXPORTS
from tests.web.pages import read

FORMULA = re.compile(r"[\s'\"\u200b\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"-?[\d.]+")

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
PLAIN = {"worksheet", "dimension", "sheetViews", "sheetView", "pane", "selection", "cols", "col",
         "sheetFormatPr", "sheetData", "row", "c", "v", "is", "t", "pageMargins"}  # fmt: skip
"""All that a sheet of ours is made of: no formula, link, validation or drawing among it."""

FILES = re.compile(
    r"(xl/(worksheets/sheet\d+|workbook|styles|theme/theme1|sharedStrings|metadata)\.xml"
    r"|docProps/(app|core)\.xml|\[Content_Types\]\.xml|.*\.rels)"
)
"""All that lies in a book of ours: no macro, no link to another book, no connection."""


def look_at_exports(world):
    browser = world.browsers["manager"]
    days = read(browser.get("/exports")).form("Show these days").fields
    rows = 0
    for name in EXPORTS:
        files = [browser.get(f"/exports/{name}.{kind}", query_string=days, buffered=True)
                 for kind in ("csv", "xlsx")]  # fmt: skip
        if files[0].status_code == 200:
            count = assert_no_formula(files[0].get_data().decode("utf-8-sig"))
            # The audit log has one line more by then: that its CSV was taken along.
            below = count + (name == "audit")
            assert assert_only_text(files[1].get_data()) == 1 + below, name
            rows += count
    assert rows > 20


def assert_no_formula(text):
    """Nothing in a CSV is a formula; return how many rows stand below its head."""
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    for row in rows:
        assert len(row) == len(head)
        for cell in row:
            assert not FORMULA.match(cell) or NUMBER.fullmatch(cell) or cell[0] == "'"
    return len(rows)


def assert_only_text(body):
    """A book holds texts and numbers alone, and is whole; return how many rows it has."""
    rows = 0
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        assert book.testzip() is None
        for name in book.namelist():
            assert FILES.fullmatch(name), name
            tree = ElementTree.fromstring(book.read(name))
            assert "External" not in {one.get("TargetMode") for one in tree.iter()}
            if name.startswith("xl/worksheets/sheet"):
                rows += assert_plain_sheet(tree)
    return rows


def assert_plain_sheet(sheet):
    assert {one.tag.removeprefix(_MAIN) for one in sheet.iter()} <= PLAIN
    for cell in sheet.iter(f"{_MAIN}c"):
        kind, held = cell.get("t", "n"), "".join(cell.itertext())
        # "str" is what a formula came to.
        assert kind in ("inlineStr", "s") or (kind == "n" and (not held or NUMBER.fullmatch(held)))
    return len(list(sheet.iter(f"{_MAIN}row")))
