from dataclasses import replace

import pytest

from pos.cash import Cash
from pos.reports.closing import z_report
from pos.reports.closing.drawer import HeldPart
from pos.reports.paperwork import z_paper
from pos.services.bookkeeping import counting, drawer
from pos.services.bookkeeping.drawer import Wish
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from pos.states import MovementKind
from tests.factories import close_shift, khr, new_key, open_shift, set_rate, usd
from tests.reports.paperwork.test_z_paper import text_of

pytestmark = pytest.mark.usefixtures("context")


def sell(shift, amount, given):
    tenders.take_for_new_sale(shift.id, amount, Offer(given=given), new_key(), who="dara")


def move(shop, shift, kind, cash, reason, note=""):
    asked_by = shop.cashier.id
    wish = Wish(kind=kind, cash=cash, reason=reason, note=note, asked_by_id=asked_by)
    drawer.move(shift.id, wish, new_key())


@pytest.fixture
def shift(context, shop):
    """A float of both, $3.50 sold for $5, $20 paid in, $6 bought, one look into the drawer."""
    set_rate(shop)
    shift = open_shift(shop, floats=(usd("50"), khr("200000")))
    sell(shift, usd("3.50"), Cash(500, 0))
    move(shop, shift, MovementKind.PAID_IN, Cash(2_000, 0), "change_brought")
    move(shop, shift, MovementKind.PAID_OUT, Cash(600, 0), "other", "ice, two bags")
    move(shop, shift, MovementKind.NO_SALE, Cash(), "looked")
    return shift


def printed(report):
    return z_paper.document(z_report.from_json(report.body))


DRAWERS = """Drawer, dollars
Float: $50.00
Taken for sales: + $5.00
Change given: - $1.00
Cash refunds: $0.00
Paid in: + $20.00
Paid out: - $6.00
Expected: $68.00
Counted: $68.00
Over, or short (-): $0.00
Drawer, riel
Float: ៛200,000
Taken for sales: ៛0
Change given: - ៛2,000
Cash refunds: ៛0
Paid in: ៛0
Paid out: ៛0
Expected: ៛198,000
Counted: ៛198,000
Over, or short (-): ៛0"""


def test_each_drawer_is_told_from_its_float_to_its_count(shop, shift):
    text = text_of(printed(close_shift(shift, shop.cashier)))
    assert DRAWERS in text and "\nFloat\n" not in text


def test_cash_stands_beside_khqr_in_what_was_paid(shop, shift):
    (paid,) = (
        one for one in printed(close_shift(shift, shop.cashier)).sections if one.heading == "Paid"
    )
    assert paid.table.rows == (("Cash", "", "USD", "1", "$3.50"),)


def test_what_moved_without_a_sale_says_who_and_why(shop, shift):
    text = text_of(printed(close_shift(shift, shop.cashier)))
    assert "Cash without a sale\nPaid in 09:00:00 Change was brought Dara  $20.00\n" in text
    assert "Paid out 09:00:00 Another reason: ice, two bags Dara  $6.00\n" in text
    assert "Drawer opened without a sale: 1\n" in text
    assert "Rate since Sun 22 Nov 2026: ៛4,000 / ៛4,100" in text


def count(shift, shop, **pieces):
    counted = counting.Counted(pieces=pieces, other=Cash(0, 198_000))
    return counting.submit(shift.id, counted, new_key(), counted_by_id=shop.cashier.id)


def test_a_count_that_is_off_says_by_how_much_and_who_agreed(shop, shift):
    counting.begin(shift.id)
    for _ in range(2):
        assert count(shift, shop) is None
    off = counting.Off(reason="unknown", note="", approved_by_id=shop.manager.id)
    text = text_of(printed(counting.close_off(shift.id, off, closed_by_id=shop.cashier.id)))
    assert "Counted: $0.00\nOver, or short (-): -$68.00" in text
    assert "Why the count is off\nReason: Nobody knows\nAgreed by: Maly" in text
    for number in (1, 2):
        assert f"Count {number}, 09:00:00, Dara\nCounted USD: $0.00\n" in text
    assert "Notes: other ៛198,000" in text


def test_money_of_a_sale_that_is_not_ended_is_framed_and_stands_before_the_sums(shop, shift):
    view = z_report.from_json(close_shift(shift, shop.cashier).body)
    held = HeldPart(sale_number=7, amount=usd("9"), held=usd("4"))
    told = z_paper.document(replace(view, cash=replace(view.cash, held=(held,)))).sections
    assert (told[0].heading, told[0].is_grave) == ("Paid in part, not ended", True)
    assert told[0].lines[0].value == "$4.00 of $9.00 in the drawer"


def test_a_drawer_that_held_no_cash_is_told_in_a_sentence(shop):
    text = text_of(printed(close_shift(open_shift(shop), shop.cashier)))
    assert "It held no cash in this shift, so it was not counted." in text
    assert "Expected" not in text


def test_a_report_of_before_cash_still_tells_its_float(shop, shift):
    view = z_report.from_json(close_shift(shift, shop.cashier).body)
    text = text_of(z_paper.document(replace(view, cash=None)))
    assert "Float\nUSD: $50.00\nKHR: ៛200,000" in text and "Drawer" not in text
