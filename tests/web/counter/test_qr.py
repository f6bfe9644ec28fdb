import pytest
import segno

from pos.web.counter.qr import qr_svg
from tests.web.pages import read, scan

TEXTS = ["1", "0002010102" * 20, 'ហាងកាហ្វេ Sok & <Sons> "Riel"', "x" * 400]


@pytest.mark.parametrize("text", TEXTS)
def test_a_qr_is_drawn_as_segno_draws_it(text):
    code = segno.make_qr(text, error="m", mode="byte", encoding="utf-8", boost_error=False, mask=1)
    look = {"border": 4, "dark": "#000", "light": "#fff", "svgclass": "qr", "lineclass": None}
    assert qr_svg(text) == code.svg_inline(**look, omitsize=True)
    assert scan(read(qr_svg(text))) == text
