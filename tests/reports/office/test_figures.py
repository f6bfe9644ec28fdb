from collections import Counter
from datetime import date, timedelta

import pytest

from pos.cash import Cash
from pos.extensions import db
from pos.models import Payment, User
from pos.money import Currency
from pos.reports.office import figures, qr_speed, tills_now
from pos.reports.office.spans import Span
from pos.services.selling import checkout, tenders
from pos.services.selling.tenders import Offer
from tests import said
from tests.factories import (
    charge,
    close_shift,
    create_other_shop,
    khr,
    mark,
    new_key,
    open_shift,
    set_rate,
    usd,
)
from tests.plans import walks_a_till
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")

TODAY = date(2026, 11, 22)


def of(shop, first=TODAY, last=TODAY):
    return figures.of_store(db.session.get_one(User, shop.manager.id), Span(first, last))


def by_khqr(shift, amount=None):
    payment = charge(shift, amount)
    said.tell(payment, said.paid(payment))
    return payment


def by_cash(shift, amount, given):
    taken = tenders.take_for_new_sale(shift.id, amount, Offer(given=given), new_key(), who="dara")
    return taken.sale


def a_week_ago(shop, clock, *amounts, hours=0):
    """Sell a week before, so many hours later in the day, and come back."""
    now = clock.time
    clock.time = now - timedelta(weeks=1) + timedelta(hours=hours)
    shift = open_shift(shop)
    for amount in amounts:
        by_khqr(shift, amount)
    close_shift(shift, shop.cashier)
    clock.time = now


def test_takings_are_summed_by_currency_and_never_added(shop):
    set_rate(shop)
    shift = open_shift(shop)
    by_khqr(shift, usd("10"))
    by_khqr(shift, khr("20000"))
    by_cash(shift, usd("3.50"), Cash(500))
    dollars, riel = of(shop).headlines
    assert (dollars.taken, dollars.sold.count, dollars.sold.average) == (
        usd("13.50"),
        2,
        usd("6.75"),
    )
    assert (riel.taken, riel.sold.count) == (khr("20000"), 1)


def test_a_sale_paid_in_two_ways_counts_once(shop):
    shift = open_shift(shop)
    offer = Offer(given=Cash(200), rest_by_qr=True)
    tenders.take_for_new_sale(shift.id, usd("5"), offer, new_key(), who="dara")
    rest = db.session.query(Payment).one()
    said.tell(rest, said.paid(rest))
    (dollars,) = of(shop).headlines
    assert (dollars.taken, dollars.sold.count, dollars.sold.average) == (usd("5"), 1, usd("5"))


def test_money_marked_by_hand_is_no_takings_yet(shop):
    payment = charge(open_shift(shop))
    said.tell(payment, said.unknown(said.Trouble.DOWN))
    mark(payment.id, shop)
    assert of(shop).headlines == ()


def test_today_is_held_against_the_same_hours_of_the_same_weekday(shop, clock):
    a_week_ago(shop, clock, usd("8"), hours=-1)
    a_week_ago(shop, clock, usd("40"), hours=5)
    by_khqr(open_shift(shop), usd("10"))
    (dollars,) = of(shop).headlines
    assert (dollars.before, dollars.all_before, dollars.change) == (usd("8"), usd("48"), 25)


def test_yesterday_is_no_part_of_today_nor_of_its_comparison(shop, clock):
    clock.time -= timedelta(days=1)
    shift = open_shift(shop)
    by_khqr(shift)
    close_shift(shift, shop.cashier)
    clock.time += timedelta(days=1)
    assert of(shop).is_empty


def test_thirty_days_are_held_against_days_that_begin_with_the_same_weekday():
    span = Span(date(2026, 10, 24), TODAY)
    assert span.before.first.weekday() == span.first.weekday()
    assert span.before.days == span.days and span.before.last < span.first


def test_hours_and_weekdays_are_the_shops(shop):
    by_khqr(open_shift(shop), usd("10"))
    told = of(shop, TODAY - timedelta(days=6))
    (hours,), (days,) = told.hours, told.weekdays
    assert [(bar.at, bar.taken) for bar in hours.bars] == [(9, usd("10"))]
    assert [bar.at for bar in days.bars if bar.taken.minor] == [6] and len(days.bars) == 7


def test_the_night_belongs_to_the_day_before_where_days_begin_later(shop, clock):
    clock.time = clock.time.replace(hour=19)  # two in the morning of the 23rd
    by_khqr(open_shift(shop), usd("10"))
    user = db.session.get_one(User, shop.manager.id)
    told = figures.of_store(user, Span(date(2026, 11, 17), date(2026, 11, 23), starts_hour=4))
    assert [bar.at for bar in told.weekdays[0].bars if bar.taken.minor] == [6]
    assert told.hours[0].bars[0].at == 2


def test_each_gateway_till_and_cashier_has_its_own(shop):
    shift = open_shift(shop)
    by_khqr(shift, usd("10"))
    by_cash(shift, usd("2"), Cash(200))
    told = of(shop)
    assert {line.name: line.taken for line in told.ways} == {
        "Bakong": (usd("10"),),
        "Cash": (usd("2"),),
    }
    assert [(line.name, line.taken) for line in told.tills] == [("Till 1", (usd("12"),))]
    assert [(line.name, line.speed.paid) for line in told.cashiers] == [("Dara", 1)]


def test_success_is_what_was_paid_of_the_qrs_that_ended(shop, clock):
    shift = open_shift(shop)
    for _ in range(2):
        by_khqr(shift)
    gone = charge(shift)
    clock.advance(hours=1)
    checkout.cancel(gone, who="cashier:dara")
    said.tell(gone, said.NOT_FOUND)
    charge(shift)
    speed = of(shop).speed
    assert (speed.ended, speed.paid, speed.rate) == (3, 2, "66.7 %")


def test_seconds_to_pay_are_counted_from_the_qr_to_the_money(shop, clock):
    shift = open_shift(shop)
    for seconds in (4, 12.34, 30):
        payment = charge(shift)
        clock.advance(seconds)
        said.tell(payment, said.paid(payment))
    speed = of(shop).speed
    assert (speed.median_seconds, speed.p95_seconds) == ("12.3", "30.0")


@pytest.mark.parametrize(
    ("values", "median", "p95"),
    [
        ([], None, None),
        ([7], 7, 7),
        ([1, 2], 1, 2),
        (range(1, 101), 50, 95),
        ([5] * 19 + [90], 5, 5),
    ],
)
def test_a_percentile_is_the_least_value_that_so_many_do_not_exceed(values, median, p95):
    counts = Counter(values)
    assert (qr_speed.percentile(counts, 50), qr_speed.percentile(counts, 95)) == (median, p95)


def test_what_went_back_is_told_beside_the_takings(shop):
    paid = by_khqr(open_shift(shop), usd("10"))
    give_back(money_of(paid).id, shop, "2", reference="FT-0001")
    (dollars,) = of(shop).headlines
    assert (dollars.taken, dollars.given_back.amount) == (usd("10"), usd("2"))


@pytest.mark.parametrize("days", [1, 30])
def test_figures_begin_at_the_shifts_and_walk_through_nothing(shop, plans, days):
    by_khqr(open_shift(shop))
    plans.clear()
    of(shop, TODAY - timedelta(days=days - 1))
    assert plans
    assert [(plan, asked) for plan, asked in plans if walks_a_till(plan)] == []


def test_another_store_is_not_seen(shop):
    other = create_other_shop("http://127.0.0.1:9", "no-key")
    by_khqr(open_shift(other), usd("99"))
    assert of(shop).is_empty
    assert of(other).headlines[0].taken == usd("99")


def test_a_till_is_told_open_with_its_cashier(shop):
    open_shift(shop)
    user = db.session.get_one(User, shop.manager.id)
    lines = tills_now.of_user(user, timedelta(minutes=1))
    assert [(line.name, line.open_by, line.displays) for line in lines] == [
        ("Till 1", "Dara", 0),
        ("Till 2", "", 0),
    ]


def test_currencies_stay_whole_units(shop):
    by_khqr(open_shift(shop), khr("100"))
    (line,) = of(shop).headlines
    assert line.currency is Currency.KHR and type(line.taken.minor) is int
    assert db.session.query(Payment).count() == 1
