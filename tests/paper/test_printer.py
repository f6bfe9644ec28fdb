import pytest
from PIL import Image

from pos.errors import BadInput
from pos.paper import printer, raster
from pos.paper.printer import Network, PrinterTrouble, Usb
from tests.paper.roll import Roll
from tests.paper.samples import RECEIPT, long

RASTER = b"\x1dv0\x00"
"""GS v 0: the width in bytes and the height in dots follow, low byte first."""


def read_dots(sent: bytes) -> Image.Image:
    """Put together the picture that a printer would draw from what it was sent."""
    strips = []
    while (at := sent.find(RASTER)) >= 0:
        wide, high = (int.from_bytes(sent[at + i : at + i + 2], "little") for i in (4, 6))
        body = sent[at + 8 : at + 8 + wide * high]
        strips.append(Image.frombytes("1", (wide * 8, high), bytes(255 - one for one in body)))
        sent = sent[at + 8 + len(body) :]
    whole = Image.new("1", (strips[0].width, sum(one.height for one in strips)), 1)
    top = 0
    for one in strips:
        whole.paste(one, (0, top))
        top += one.height
    return whole


@pytest.mark.parametrize("document", [RECEIPT, long(40)])
def test_a_printer_gets_every_dot_then_cuts(document):
    sent = printer.dots_of(document)
    assert read_dots(sent).tobytes() == b"".join(one.tobytes() for one in raster.draw(document))
    assert sent.endswith(b"\x1dV\x00")


def test_a_sheet_is_72_mm_wide_and_black_enough():
    (drawn,) = raster.draw(RECEIPT)
    black = drawn.histogram()[0] / (drawn.width * drawn.height)
    assert drawn.width == 576 and 0.02 < black < 0.3


def test_a_long_report_is_drawn_in_pieces_of_bounded_size():
    pieces = list(raster.draw(long(300)))
    assert len(pieces) > 3 and max(one.height for one in pieces) < 2_500


def test_the_drawer_opens_by_a_pulse_on_its_first_pin():
    assert printer.pulse().startswith(b"\x1bp\x00")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("tcp://192.168.1.50", Network("192.168.1.50", 9100)),
        ("tcp://10.0.0.7:9101", Network("10.0.0.7", 9101)),
        ("usb://04b8:0202", Usb(0x04B8, 0x0202)),
    ],
)
def test_a_printer_is_named_by_where_it_is(text, where):
    assert printer.read_address(text) == where


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "192.168.1.50",
            "tcp://shop.example",
            "tcp://8.8.8.8",
            "tcp://0.0.0.0",
            "usb://4b8:2",
        ),
        *("tcp://10.0.0.7:0", "tcp://10.0.0.7:70000", "http://10.0.0.7", "tcp://10.0.0.999"),
        *("tcp://10.0.0.7:9100/x", "file:///dev/lp0", "tcp://169.254.169.254", "tcp://224.0.0.1"),
    ],
)
def test_what_is_no_printer_of_the_shop_is_refused(text):
    with pytest.raises(BadInput):
        printer.read_address(text)


def test_a_printer_on_the_network_gets_every_byte():
    with Roll() as roll:
        printer.send(roll.address, printer.dots_of(RECEIPT))
    assert roll.sent == printer.dots_of(RECEIPT)


def test_a_printer_that_is_off_is_told_in_words():
    with Roll() as roll:
        pass
    with pytest.raises(PrinterTrouble, match="cannot be reached") as told:
        printer.send(roll.address, b"x")
    assert not told.value.has_begun


def test_a_printer_that_hangs_up_may_have_printed_something():
    with Roll(takes=10) as roll, pytest.raises(PrinterTrouble) as told:
        printer.send(roll.address, b"x" * 50_000_000)
    assert told.value.has_begun
