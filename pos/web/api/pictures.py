"""The picture of a QR as a program can show it."""

import io

import segno

from pos.web.counter.qr import qr_svg

_SCALE = 8


def png_url(text: str) -> str:
    """Return a QR as the data URL of a PNG: level M, quiet zone of four modules."""
    code = segno.make_qr(text, error="m", mode="byte", encoding="utf-8", boost_error=False)
    url: str = code.png_data_uri(scale=_SCALE, border=4)
    return url


def png(text: str) -> bytes:
    """Return a QR as a PNG."""
    code = segno.make_qr(text, error="m", mode="byte", encoding="utf-8", boost_error=False)
    out = io.BytesIO()
    code.save(out, kind="png", scale=_SCALE, border=4)
    return out.getvalue()


def svg(text: str) -> str:
    """Return a QR as an SVG file of its own."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" '
    return str(qr_svg(text)).replace("<svg ", head, 1)
