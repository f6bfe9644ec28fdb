"""The picture of a QR: drawn once per text, sharp at any size."""

from functools import lru_cache

import segno
from markupsafe import Markup

_MASK = 1


@lru_cache(maxsize=512)
def qr_svg(text: str) -> Markup:
    """Return a QR as inline SVG: level M, quiet zone of four modules, black on its own white.

    One byte segment of UTF-8 without ECI, as bank apps read it. No size of its own: the style
    sheet gives it one.
    """
    # Weighing all eight masks is four fifths of the work; 1 decodes as well as the best of them.
    code = segno.make_qr(
        text, error="m", mode="byte", encoding="utf-8", boost_error=False, mask=_MASK
    )
    return Markup(
        code.svg_inline(
            border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
        )
    )
