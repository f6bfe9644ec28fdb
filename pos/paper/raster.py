"""A document as dots for a receipt printer: printers have no Khmer letters of their own."""

from collections.abc import Iterator
from functools import cache, lru_cache

from PIL import Image, ImageDraw, ImageFont

from pos.paper.document import Document, Paper
from pos.paper.layout import WIDTHS, Band, Layout
from pos.paper.pdf import FACES, FONTS

DOTS = 576
"""Dots across 72 mm of paper at 203 dpi. Source: ESC/POS printers of 80 mm rolls."""

_SCALE = DOTS / WIDTHS[Paper.ROLL]
_PIECE = 600
"""Points after which a piece may end."""

_INK = 150
"""Darker than this, of 255, is printed: thin strokes must not break."""


def draw(document: Document) -> Iterator[Image.Image]:
    """Yield the roll that a document takes, black on white and 576 dots wide, piece by piece.

    A long report takes metres of paper: as one picture it would fill the memory.
    """
    piece: list[Band] = []
    for band in Layout(Paper.ROLL, measure).bands(document):
        piece.append(band)
        # Between two rows, where no letter of the one hangs down into the other.
        if not band.texts and sum(one.height for one in piece) > _PIECE:
            yield _picture(piece)
            piece = []
    if piece:
        yield _picture(piece)


def _picture(bands: list[Band]) -> Image.Image:
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


@lru_cache(4_096)
def measure(text: str, size: float, is_bold: bool) -> float:
    """Return how wide a text is on a receipt printer, in points."""
    return _font(size, is_bold).getlength(text) / _SCALE
