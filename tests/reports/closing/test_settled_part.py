import json

import pytest
from sqlalchemy import select

from pos.cash import Cash
from pos.extensions import db
from pos.models import ZReport
from pos.money import Currency, Money
from pos.reports.auditing import books_rows
from pos.reports.closing import day, settled_part, shift_figures, x_report
from pos.reports.paperwork import day_paper, x_paper
from tests.factories import khr, set_rate, usd
from tests.random_days import Day

pytestmark = pytest.mark.usefixtures("context")

PAID = {"cash": -30, "khqr": -30, "split": -30, "all_riel": -30}
"""What each adds where 12,330 riel were typed."""


@pytest.fixture
def at_till(shop):
    set_rate(shop)
    return Day(shop)


def keyed(at_till):
    return shift_figures.of_shift(at_till.shift)["keyed_rounding"]


@pytest.mark.parametrize("how", PAID)
def test_a_sale_counts_once_however_it_was_paid(at_till, how):
    at_till.do(how, khr("12330"), Cash(0, 20_000) if how != "split" else Cash(0, 5_000))
    assert keyed(at_till) == Money(PAID[how], Currency.KHR)


def test_a_sale_that_nobody_paid_counts_nothing(at_till):
    at_till.do("split_given_up", khr("12330"), Cash(0, 5_000))
    assert keyed(at_till) == Money(0, Currency.KHR)


def test_the_z_keeps_the_sum_and_the_look_at_the_books_holds_it_to_the_rows(at_till):
    at_till.do("khqr", khr("12360"), Cash())
    at_till.do("cash", khr("9990"), Cash(0, 10_000))
    body = at_till.close(Cash())
    assert body["keyed_rounding"]["minor"] == 50
    row = db.session.scalars(select(ZReport)).one()
    assert list(books_rows.differences(row)) == []
    row.body = json.dumps({**body, "keyed_rounding": {"minor": 49, "currency": "KHR"}})
    with db.session.no_autoflush:
        found = list(books_rows.differences(row))
    assert found == [("keyed rounding", "it says ៛49, the rows say ៛50")]


def test_the_x_and_the_day_say_it_and_a_blind_x_does_not(at_till, shop):
    at_till.do("cash", khr("9990"), Cash(0, 10_000))
    told = "Riel typed at the keypad were rounded to hundreds, by ៛10 in all."
    for is_blind in (False, True):
        x = x_paper.document(x_report.gather(at_till.shift, is_blind=is_blind))
        assert any(told in section.notes for section in x.sections) is not is_blind
    at_till.close(Cash())
    one = day.gather(at_till.shift.till.store, at_till.shift.business_date)
    assert any(told in section.notes for section in day_paper.document(one).sections)


def test_the_discounts_of_a_currency_are_added_up(at_till):
    for amount in ("4", "8"):
        at_till.do("discounted", usd(amount), Cash())
    (one,) = settled_part.of_shift(at_till.shift.id).discounts
    assert (one.count, one.amount) == (2, usd("0.90"))
