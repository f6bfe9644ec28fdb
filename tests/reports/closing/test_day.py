from datetime import date

import pytest

from pos.cash import Cash
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import Store
from pos.money import Currency
from pos.reports.closing import day, z_report
from pos.reports.paperwork import day_paper
from pos.services.bookkeeping import auto_close, drawer
from pos.services.bookkeeping.drawer import Wish
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from pos.states import MovementKind as K
from tests import said
from tests.books import count_later
from tests.factories import (
    NO_FLOAT,
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
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")

DAY = date(2026, 11, 22)


def of(shop, on=DAY):
    return day.gather(db.session.get_one(Store, shop.store_id), on)


def by_khqr(shift, amount):
    payment = charge(shift, amount)
    said.tell(payment, said.paid(payment))
    return payment


def by_cash(shift, amount, given):
    offer = Offer(given=given)
    return tenders.take_for_new_sale(shift.id, amount, offer, new_key(), who="dara").sale


def a_day_at_two_tills(shop):
    """Till 1 sells by KHQR, gives $2 of it back, and for cash; Till 2 pays out and is short."""
    set_rate(shop)
    first = open_shift(shop, floats=(usd("50"), khr("100000")))
    paid = by_khqr(first, usd("10"))
    by_khqr(first, khr("20000"))
    give_back(money_of(paid).id, shop, "2", reference="FT-0001")
    by_cash(first, usd("3.59"), Cash(500))
    reports = [close_shift(first, shop.cashier)]
    second = open_shift(shop, 1, floats=(usd("20"), NO_FLOAT[1]))
    by_khqr(second, usd("5"))
    by_cash(second, khr("12000"), Cash(0, 15_000))
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    ice = Wish(kind=K.PAID_OUT, cash=Cash(500), reason="other", note="ice", **people)
    drawer.move(second.id, ice, new_key())
    reports.append(close_shift(second, shop.cashier))
    return [z_report.from_json(one.body) for one in reports]


def test_a_day_is_the_sum_of_its_reports(shop):
    zs = a_day_at_two_tills(shop)
    told = of(shop)
    assert [(one.till_name, one.number) for one in told.reports] == [("Till 1", 1), ("Till 2", 1)]
    for currency in Currency:
        khqr = sum(t.amount.minor for z in zs for t in z.totals if t.currency is currency)
        cash = sum(t.amount.minor for z in zs for t in z.cash.totals if t.currency is currency)
        (line,) = (one for one in told.lines if one.currency is currency)
        assert (line.khqr.minor, line.cash.minor) == (khqr, cash)
        assert line.net.minor == khqr + cash - line.refunds.minor
    assert told.rounding.minor == sum(z.cash.rounding.minor for z in zs) == 40


def test_the_figures_of_a_day_are_these(shop):
    a_day_at_two_tills(shop)
    dollars, riel = of(shop).lines
    figures = [str(getattr(dollars, name)) for name in ("khqr", "cash", "refunds", "net")]
    assert figures == ["$15.00", "$3.59", "$2.00", "$16.59"]
    moved = ("given", "change", "cash_refunds", "paid_in", "paid_out", "kept")
    assert [getattr(dollars, name).minor for name in moved] == [500, 100, 0, 0, 500, -100]
    assert [getattr(riel, name).minor for name in moved] == [15_000, 4_600, 0, 0, 0, 10_400]
    assert (str(riel.khqr), str(riel.cash), str(dollars.over)) == ("៛20,000", "៛12,000", "$0.00")


def test_tenders_of_two_tills_are_added_by_gateway_and_currency(shop):
    a_day_at_two_tills(shop)
    told = of(shop)
    rows = [(str(one.currency), one.count, str(one.amount)) for one in told.totals]
    assert rows == [("KHR", 1, "៛20,000"), ("USD", 2, "$15.00")]
    assert [(one.count, str(one.amount)) for one in told.refunds] == [(1, "$2.00")]


def test_a_till_that_is_still_open_is_named_and_in_no_sum(shop):
    a_day_at_two_tills(shop)
    before = of(shop).lines
    by_khqr(open_shift(shop), usd("99"))
    told = of(shop)
    assert [(one.till_name, one.cashier_name) for one in told.open_tills] == [("Till 1", "Dara")]
    assert told.lines == before
    document = day_paper.document(told)
    assert document.flags == ("Not complete: a till is still open",)
    assert document.sections[0].heading == "Still open" and document.sections[0].is_grave


def test_a_day_without_a_shift_says_so(shop):
    told = of(shop)
    assert (told.reports, told.open_tills, told.lines) == ((), (), ())
    assert "No shift of this day is closed." in str(day_paper.document(told))


def test_another_day_and_another_store_are_left_out(shop):
    a_day_at_two_tills(shop)
    assert of(shop, date(2026, 11, 21)).reports == of(shop, date(2026, 11, 23)).reports == ()
    assert of(create_other_shop("http://127.0.0.1:9", "no-key")).reports == ()


def test_a_shift_past_midnight_belongs_to_the_day_on_which_it_was_opened(shop, clock):
    clock.advance(hours=14)
    shift = open_shift(shop)
    clock.advance(hours=3)
    by_khqr(shift, usd("4"))
    close_shift(shift, shop.cashier)
    assert [str(one.net) for one in of(shop).lines] == ["$4.00"]
    assert of(shop, date(2026, 11, 23)).reports == ()


@pytest.mark.parametrize(("starts", "on"), [(0, date(2026, 11, 23)), (4, DAY)])
def test_before_the_hour_at_which_the_day_begins_it_is_still_yesterday(
    shop, app, settings, clock, starts, on
):
    changed = settings.model_copy(update={"day_starts_hour": starts})
    app.extensions["pos_settings"] = changed
    clock.advance(hours=18)
    shift = open_shift(shop)
    by_khqr(shift, usd("4"))
    close_shift(shift, shop.cashier)
    assert [one.till_name for one in of(shop, on).reports] == ["Till 1"]
    assert shift.business_date == on


def test_a_drawer_that_the_system_closed_uncounted_is_named(shop, clock):
    shift = open_shift(shop, floats=(usd("50"), NO_FLOAT[1]))
    clock.advance(hours=17)
    auto_close.close_forgotten()
    told = of(shop)
    assert [one.is_uncounted for one in told.reports] == [True]
    assert "Z 1, Till 1: nobody counted its drawer." in str(day_paper.document(told))
    assert shift.till_name == "Till 1"


def test_a_drawer_counted_later_tells_what_was_over_or_short(shop, clock):
    shift = open_shift(shop, floats=(usd("50"), NO_FLOAT[1]))
    clock.advance(hours=17)
    auto_close.close_forgotten()
    count_later(shop, shift.id, dollars=48, riel=0)
    told = of(shop)
    assert [one.is_uncounted for one in told.reports] == [False]
    assert [str(one.over) for one in told.lines] == ["-$2.00"]
    (line,) = told.corrections
    assert (line.name, line.z_number, line.what) == ("C-1", 1, "Drawer counted later")


def test_money_of_a_correction_is_counted_once_on_the_day_that_found_it(shop, clock):
    paid = by_khqr(shift := open_shift(shop), usd("10"))
    close_shift(shift, shop.cashier)
    clock.advance(hours=24)
    later = open_shift(shop)
    give_back(money_of(paid).id, shop, "4", reference="FT-0001")
    close_shift(later, shop.cashier)
    first, second = of(shop), of(shop, date(2026, 11, 23))
    assert [str(one.net) for one in (*first.lines, *second.lines)] == ["$10.00", "-$4.00"]
    (line,) = first.corrections
    assert (line.what, line.told, second.corrections) == ("Refund after the close", "$4.00", ())


def test_what_was_marked_by_hand_stands_apart_and_in_no_total(shop):
    shift = open_shift(shop)
    payment = charge(shift, usd("8"))
    said.tell(payment, said.unknown(Trouble.DOWN))
    mark(payment.id, shop)
    close_shift(shift, shop.cashier)
    told = of(shop)
    assert ([str(one.amount) for one in told.marked], told.lines) == (["$8.00"], ())
    headings = [one.heading for one in day_paper.document(told).sections]
    assert headings[0] == "Marked by hand, in no total"
