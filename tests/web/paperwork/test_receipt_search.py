import pytest

from pos.services.bookkeeping import shifts
from pos.services.paperwork import receipts
from pos.services.selling import checkout
from pos.services.selling.keypad import Keyed
from tests import said
from tests.factories import NO_FLOAT, create_other_shop, khr, log_in, new_key, usd
from tests.web.pages import read

NONE = "No paid sale fits."


@pytest.fixture
def sold(app, shop, bank, till):
    """Three sales of Dara's and one of Maly's at Till 2; the second has the receipt 1."""
    with app.app_context():
        first = sale_of(shop, 0, usd("3.50"), "Table 4, Sok")
        sale_of(shop, 0, khr("15000"), "កាហ្វេ")
        sale_of(shop, 0, usd("7.25"))
        shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
        sale_of(shop, 1, usd("7.25"), "Table 9")
        receipts.issue(first)
        return shop


def sale_of(shop, at, amount, note=""):
    shift = shifts.open_shift_of((shop.cashier, shop.manager)[at].id)
    keyed = Keyed(note=note)
    done = checkout.charge(shift.id, amount, new_key(), who="dara", keyed=keyed)
    said.tell(done, said.paid(done))
    return done.sale_id


def found(browser, text):
    """The amounts on the list, newest first."""
    page = read(browser.get("/receipts", query_string={"text": text}))
    return [cell.text for cell in page.all("td", class_="table-figure")]


SOUGHT = {
    "3.5": ["$3.50"],
    "$7.25": ["$7.25", "$7.25"],
    "15,000": ["៛15,000"],
    "table": ["$7.25", "$3.50"],
    "កាហ្វេ": ["៛15,000"],
    "1": ["$7.25", "$3.50"],
    "3": ["$7.25"],
    "": ["$7.25", "$7.25", "៛15,000", "$3.50"],
}
"""What is typed, and the amounts that fit; "1" is the number of two sales and of a receipt."""


def test_a_manager_finds_a_paid_sale_by_number_amount_or_note(manager, sold):
    assert {text: found(manager, text) for text in SOUGHT} == SOUGHT


def test_a_cashier_finds_among_their_own_sales_only(till, sold):
    assert found(till.browser, "table") == ["$3.50"]
    assert found(till.browser, "7.25") == ["$7.25"]
    assert found(till.browser, "Table 9") == []


def test_another_shops_sales_are_not_found(app, bank, sold):
    with app.app_context():
        other = create_other_shop(bank.url, bank.token())
    stranger = log_in(app.test_client(), other.manager)
    for text in ("", "3.50", "table", "1"):
        assert found(stranger, text) == []


def test_what_fits_nothing_is_said_so_and_stays_in_the_field(manager, sold):
    for text in ("nothing", "%", "_", "\0", "'; DROP TABLE sale", "9" * 200):
        page = read(manager.get("/receipts", query_string={"text": text}))
        assert NONE in page.text
        assert page.one("input", id="text").attrs["value"] == text[:128]


def test_an_old_amount_is_not_looked_for_but_an_old_number_is(till, sold, app):
    till.clock.advance(hours=24 * 40)
    manager = log_in(app.test_client(), sold.manager)
    assert found(manager, "3.50") == []
    assert found(manager, "1") == ["$7.25", "$3.50"]
