import pytest

from pos.services.asking import reference_day
from pos.services.asking.reference_day import Shop
from tests.conftest import make_settings


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    return make_settings(tmp_path_factory.mktemp("rules"))


@pytest.mark.parametrize("sales", [100, 200, 400])
def test_three_questions_a_paid_sale_are_enough_for_four_seconds(rules, sales):
    limit = round(sales * 0.92 * 3.2)
    told = Shop(sales, limit, rules, seed=2).play(8, learning=7)
    assert told.calls_per_paid_sale <= 3.0
    assert told.delay(0.5) <= 4.0
    assert told.most_in_a_day <= limit
    assert told.told_within(rules.qr_seconds) > 0.99


@pytest.mark.parametrize("sales", [20, 50, 100, 400])
def test_a_hundred_questions_are_never_exceeded(rules, sales):
    shop = Shop(sales, 100, rules)
    assert shop.play(3).most_in_a_day <= 100


def test_a_small_shop_is_told_of_every_sale_with_a_hundred_questions(rules):
    told = Shop(50, 100, rules).play(8, learning=7)
    assert told.told_within(rules.qr_seconds) == 1
    assert told.delay(0.5) < 10


def test_far_too_many_sales_are_told_of_in_part(rules):
    told = Shop(400, 100, rules).play(2, learning=2)
    assert 0 < told.told_within(rules.qr_seconds) < 0.5


def test_a_fixed_poll_of_three_seconds_costs_fifteen(rules):
    told = reference_day.polled(20_000, 3, rules)
    assert told.calls_per_paid_sale == pytest.approx(15.2, abs=0.5)
    assert told.delay(0.5) == pytest.approx(1.5, abs=0.1)
