import re
import zlib
from base64 import a85decode

import pytest

from pos.paper import pdf, raster
from pos.paper.document import Paper
from tests.paper.samples import CASHIER, GOODS, RECEIPT, SHOP, long


def pages_of(body: bytes) -> list[tuple[float, float]]:
    """How wide and high each page is, in millimetres."""
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", body)
    return [(round(float(w) / 72 * 25.4, 1), round(float(h) / 72 * 25.4, 1)) for w, h in boxes]


def drawn(body: bytes) -> bytes:
    """What the pages of a PDF draw."""
    streams = re.findall(rb"ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)endstream", body, re.S)
    return b"".join(zlib.decompress(a85decode(one.strip().removesuffix(b"~>"))) for one in streams)


def test_a4_is_a4_and_the_roll_is_as_long_as_it_needs():
    assert pages_of(pdf.write(RECEIPT, Paper.A4)) == [(210.0, 297.0)]
    ((wide, high),) = pages_of(pdf.write(RECEIPT, Paper.ROLL))
    ((_, longer),) = pages_of(pdf.write(long(50), Paper.ROLL))
    assert wide == 80.0 and 60 < high < longer


def test_a_long_report_takes_several_pages():
    assert len(pages_of(pdf.write(long(200), Paper.A4))) >= 4


def test_no_page_is_longer_than_a_pdf_allows():
    pages = pages_of(pdf.write(long(1_000), Paper.ROLL))
    assert len(pages) > 1 and all(high <= 14_400 / 72 * 25.4 for _wide, high in pages)


@pytest.mark.parametrize("text", [SHOP, CASHIER, *GOODS, "$1,234.50", "៛15,000"])
def test_khmer_is_as_wide_as_another_shaper_makes_it(text):
    on_roll, on_pdf = raster.measure(text, 30, False), pdf.measure(text, 30, False)
    assert on_pdf == pytest.approx(on_roll, rel=0.02)


def test_subscript_letters_stand_below_and_take_no_room_of_their_own():
    apart = sum(pdf.measure(letter, 30, False) for letter in "ស្ត្រី")
    assert pdf.measure("ស្ត្រី", 30, False) < apart * 0.75


def test_the_same_document_is_the_same_file_byte_by_byte():
    assert pdf.write(RECEIPT, Paper.A4) == pdf.write(RECEIPT, Paper.A4)


@pytest.mark.parametrize("text", ["\u202e\u200b😀", "日本語", "a" * 5_000, "\x01\x07", "ក" * 900])
def test_what_the_font_does_not_have_spoils_no_paper(text):
    document = long(1).__class__(shop=text, subtitle=text, title=text, foot=text)
    for paper in Paper:
        assert pdf.write(document, paper).startswith(b"%PDF")
    assert all(one.width == raster.DOTS for one in raster.draw(document))


def test_every_font_of_the_file_is_embedded():
    body = pdf.write(RECEIPT, Paper.A4)
    assert len(re.findall(rb"/FontFile2", body)) == 2
    assert b"Tj" in drawn(body)
