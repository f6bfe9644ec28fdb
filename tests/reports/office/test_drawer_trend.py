from datetime import date

import pytest

from pos.cash import Cash
from pos.extensions import db
from pos.models import User
from pos.money import Money
from pos.reports.office import drawer_trend
from pos.reports.office.spans import Span
from pos.services.bookkeeping import counting
from pos.services.bookkeeping.pieces import Counted
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from tests.factories import new_key, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

TODAY = date(2026, 11, 22)


def counted(shop, lies):
    """Sell for 5 dollars in cash and count so much in the drawer."""
    shift = open_shift(shop)
    tenders.take_for_new_sale(shift.id, usd("5"), Offer(given=Cash(500)), new_key(), who="dara")
    counting.begin(shift.id)
    counting.submit(
        shift.id, Counted(pieces={}, other=Cash(lies)), new_key(), counted_by_id=shop.cashier.id
    )


def test_the_trend_of_a_drawer_tells_each_last_count(shop):
    for lies in (500, 400, 400, 600, 400):
        counted(shop, lies)
    user = db.session.get_one(User, shop.manager.id)
    (trend,) = drawer_trend.of_store(user, Span(TODAY, TODAY))
    assert [one.over for one in trend.counts] == [Cash(it) for it in (0, -100, -100, 100, -100)]
    assert (trend.short, trend.worth_a_look) == (3, True)


def test_two_short_counts_are_no_trend(shop):
    for lies in (400, 500, 400):
        counted(shop, lies)
    user = db.session.get_one(User, shop.manager.id)
    (trend,) = drawer_trend.of_store(user, Span(TODAY, TODAY))
    assert (trend.short, trend.worth_a_look) == (2, False)
    assert all(isinstance(money, Money) for one in trend.counts for money in one.over.both)
