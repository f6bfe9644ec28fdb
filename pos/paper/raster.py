"""A document as dots for a receipt printer: printers have no Khmer letters of their own."""

from functools import cache

from PIL import Image, ImageDraw, ImageFont

from pos.paper.document import Document, Paper
from pos.paper.layout import WIDTHS, Layout
from pos.paper.pdf import FACES, FONTS

DOTS = 576
"""Dots across 72 mm of paper at 203 dpi. Source: ESC/POS printers of 80 mm rolls."""

_SCALE = DOTS / WIDTHS[Paper.ROLL]
_INK = 150
"""Darker than this, of 255, is printed: thin strokes must not break."""


def draw(document: Document) -> Image.Image:
    """Return the roll that a document takes, black on white, 576 dots wide."""
    bands = Layout(Paper.ROLL, measure).bands(document)
    height = sum(band.height for band in bands)
    image = Image.new("L", (DOTS, round(height * _SCALE) + 1), 255)
    pen = ImageDraw.Draw(image)
    top = 0.0
    for band in bands:
        for text in band.texts:
            font = _font(text.size, text.is_bold)
            at = (text.x * _SCALE, (top + text.y) * _SCALE)
            pen.text(at, text.text, fill=0, font=font, anchor="ls")
        for rule in band.rules:
            y = (top + rule.y) * _SCALE
            thick = max(1, round(rule.thickness * _SCALE))
            pen.rectangle((rule.x * _SCALE, y, rule.end * _SCALE, y + thick - 1), fill=0)
        top += band.height
    return image.point(lambda grey: 0 if grey < _INK else 255).convert("1")


@cache
def _font(size: float, is_bold: bool) -> ImageFont.FreeTypeFont:
    path = FONTS / f"{FACES[is_bold]}.ttf"
    return ImageFont.truetype(str(path), round(size * _SCALE), layout_engine=ImageFont.Layout.RAQM)


def measure(text: str, size: float, is_bold: bool) -> float:
    """Return how wide a text is on a receipt printer, in points."""
    return _font(size, is_bold).getlength(text) / _SCALE
