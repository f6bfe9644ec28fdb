from dataclasses import asdict, fields

import pytest

from pos.cash import Cash
from pos.extensions import db
from pos.models import Shift
from pos.reports.closing import x_report, z_report
from pos.reports.closing.shift_figures import ShiftView
from pos.reports.paperwork import x_paper
from pos.services.bookkeeping import counting
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from tests import said
from tests.factories import charge, close_shift, khr, new_key, open_shift, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

BY_THE_COUNT = {"counts", "lines"}
"""What a drawer says more of itself once it was counted."""


@pytest.fixture
def shift(context, shop, clock):
    """A float, a sale by KHQR, one in cash with change in riel, and a QR that nobody paid."""
    set_rate(shop)
    shift = open_shift(shop, floats=(usd("50"), khr("200000")))
    for amount in (usd("3.50"), khr("15000")):
        payment = charge(shift, amount)
        clock.advance(2)
        said.tell(payment, said.paid(payment))
    sell = Offer(given=Cash(2_000))
    tenders.take_for_new_sale(shift.id, usd("12.30"), sell, new_key(), who="dara")
    return shift


def told(view):
    values = {one.name: getattr(view, one.name) for one in fields(ShiftView)}
    values["cash"] = {k: v for k, v in asdict(view.cash).items() if k not in BY_THE_COUNT}
    return values


def test_an_x_tells_what_the_z_would_tell_now(shift, shop):
    x = x_report.gather(shift, is_blind=False)
    z = z_report.from_json(close_shift(shift, shop.cashier).body)
    assert told(x) == told(z)
    assert [one.expected for one in x.cash.lines] == [one.counted for one in z.cash.lines]


def test_the_next_look_tells_what_came_since(shift, clock):
    before = x_report.gather(shift, is_blind=False)
    payment = charge(shift, usd("1.25"))
    said.tell(payment, said.paid(payment))
    totals = {one.currency: str(one.amount) for one in before.totals}
    assert totals == {"USD": "$3.50", "KHR": "៛15,000"}
    after = x_report.gather(shift, is_blind=False).totals
    assert {one.currency: str(one.amount) for one in after} == {**totals, "USD": "$4.75"}


def test_a_blind_x_tells_nothing_from_which_the_drawer_follows(shift):
    x = x_report.gather(shift, is_blind=True)
    assert (x.cash, len(x.totals)) == (None, 2)
    text = str(x_paper.document(x))
    assert "Cash is told when the drawer has been counted." in text
    assert not any(amount in text for amount in ("12.30", "20.00", "57.70", "62.00", "2,800"))


def test_a_blind_x_of_a_shift_with_cash_alone_does_not_say_that_nothing_was_paid(shop):
    set_rate(shop)
    shift = open_shift(shop)
    tenders.take_for_new_sale(shift.id, usd("3"), Offer(given=Cash(300)), new_key(), who="dara")
    text = str(x_paper.document(x_report.gather(shift, is_blind=True)))
    assert "No payment by KHQR so far." in text and "Nothing was paid" not in text


def test_it_is_headed_as_what_it_is_and_has_no_number_and_no_place_to_sign(shift):
    document = x_paper.document(x_report.gather(shift, is_blind=False))
    assert (document.title, document.signs) == ("X - not a closing", ())
    assert "Expected" in str(document) and "Z REPORT" not in str(document)


def test_a_shift_that_is_counted_has_an_x_still(shift):
    counting.begin(shift.id)
    again = db.session.get_one(Shift, shift.id)
    assert [str(one.amount) for one in x_report.gather(again, is_blind=False).totals]
