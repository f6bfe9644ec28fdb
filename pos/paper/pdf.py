"""A document as a PDF, set in the shop's own font; Khmer is shaped, as it must be."""

from collections.abc import Iterator
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from pos.paper import wrapping
from pos.paper.document import Document, Paper
from pos.paper.layout import MM, WIDTHS, Band, Layout

FONTS = Path(__file__).with_name("fonts")
FACES = {False: "KantumruyPro-Regular", True: "KantumruyPro-Bold"}
"""The font of plain and of bold text: file name and name inside a PDF."""

_A4_HEIGHT = 297 * MM
_LONGEST = 14_400
"""Points of a page at most. Source: PDF 1.7, annex C, architectural limits."""

_MARGINS = {Paper.A4: 14 * MM, Paper.ROLL: 4 * MM}


def write(document: Document, paper: Paper, *, title: str = "") -> bytes:
    """Return the PDF: A4 pages, or a page as long as the roll it would take."""
    from reportlab.pdfgen.canvas import Canvas

    _register()
    bands = Layout(paper, measure).bands(document)
    margin = _MARGINS[paper]
    longest = _A4_HEIGHT if paper is Paper.A4 else _LONGEST
    pages = list(_pages(bands, longest - 2 * margin))
    file = BytesIO()
    canvas = Canvas(file, invariant=1)
    canvas.setTitle(title or document.title)
    canvas.setAuthor(document.shop)
    for number, page in enumerate(pages, 1):
        height = longest if paper is Paper.A4 else _height(page) + 2 * margin
        canvas.setPageSize((WIDTHS[paper] + 2 * margin, height))
        _draw(canvas, page, margin, height - margin)
        if len(pages) > 1:
            _write_text(canvas, margin, margin / 2, f"{number} / {len(pages)}", 7.0, False)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _height(bands: list[Band]) -> float:
    return sum(band.height for band in bands)


def _pages(bands: list[Band], room: float) -> Iterator[list[Band]]:
    """Share the bands among pages; a heading goes with what it heads."""
    page: list[Band] = []
    height = 0.0
    for at, band in enumerate(bands):
        needed = band.height + (bands[at + 1].height if band.keeps and at + 1 < len(bands) else 0)
        if page and height + needed > room:
            yield page
            page, height = [], 0.0
        page.append(band)
        height += band.height
    yield page


def _draw(canvas: Any, bands: list[Band], left: float, top: float) -> None:
    for band in bands:
        for text in band.texts:
            _write_text(canvas, left + text.x, top - text.y, text.text, text.size, text.is_bold)
        for rule in band.rules:
            canvas.setLineWidth(rule.thickness)
            canvas.line(left + rule.x, top - rule.y, left + rule.end, top - rule.y)
        top -= band.height


@cache
def _register() -> None:
    """Load the fonts, once; the package is loaded here too, not by every process of a shop."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in FACES.values():
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf"), shapable=True))


@lru_cache(4_096)
def _shaped(run: str, size: float, is_bold: bool) -> tuple[str, float]:
    """Return a run of one script as the font draws it, and how wide it then is."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import shapeStr

    name = FACES[is_bold]
    # `drawString(shaping=True)` does nothing without a package for right-to-left scripts.
    text = shapeStr(run, name, size)
    advances = getattr(text, "__shapeData__", None)
    if advances is None:
        return text, pdfmetrics.stringWidth(text, name, size)
    return text, sum(one.x_advance for one in advances) * size / 1000


def measure(text: str, size: float, is_bold: bool) -> float:
    """Return how wide a text is in a PDF, in points."""
    _register()
    return sum(_shaped(run, size, is_bold)[1] for run in wrapping.runs(text))


def _write_text(canvas: Any, x: float, y: float, text: str, size: float, is_bold: bool) -> None:
    canvas.setFont(FACES[is_bold], size)
    for run in wrapping.runs(text):
        shaped, width = _shaped(run, size, is_bold)
        canvas.drawString(x, y, shaped)
        x += width
