import io
import re

import pytest
import zxingcpp
from PIL import Image

from tests.factories import create_other_shop
from tests.web.api import programs
from tests.web.api.test_sales import SALES, new

MODULE = 4
"""Pixels to draw one module with."""


@pytest.fixture
def made(program):
    program.post(SALES, new())
    return program.post(f"{SALES}/B-1/payments").json


def picture(program, made, ending):
    return program.get(f"/api/v1/payments/{made['id']}/qr.{ending}")


def drawn(svg):
    """Draw the strokes of an SVG, as a browser would."""
    side = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg)[1])
    image = Image.new("L", (side * MODULE, side * MODULE), 255)
    x = y = 0.0
    path = re.findall(r' d="(M[^"]+)"', svg)[-1]
    for word, numbers in re.findall(r"([MmhH])([^MmhH]+)", path):
        values = [float(it) for it in re.findall(r"-?[\d.]+", numbers)]
        if word in "Mm":
            x, y = values if word == "M" else (x + values[0], y + values[1])
        else:
            box = (int(x * MODULE), int((y - 0.5) * MODULE))
            image.paste(0, (*box, int((x + values[0]) * MODULE), box[1] + MODULE))
            x += values[0]
    return image


def read(image):
    (found,) = zxingcpp.read_barcodes(image)
    return found.text


def test_the_png_is_read_as_the_qr(program, made):
    answer = picture(program, made, "png")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert read(Image.open(io.BytesIO(answer.data))) == made["qr_string"]


def test_the_svg_is_a_file_of_its_own_and_read_as_the_qr(program, made):
    answer = picture(program, made, "svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"')
    assert read(drawn(answer.text)) == made["qr_string"]


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_qr_that_has_ended_is_drawn_no_more(program, made, clock, ending):
    clock.advance(seconds=301)
    assert picture(program, made, ending).status_code == 404


def test_another_stores_program_sees_no_picture(app, bank, made):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = programs.start(app, other.manager)
    assert picture(stranger, made, "png").status_code == 404
