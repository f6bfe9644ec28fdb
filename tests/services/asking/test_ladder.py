from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos.services.asking import ladder
from pos.services.asking.ladder import Course, PayTimes, best, family, solve

LIFE, GRACE = 300.0, 10.0
SECONDS = st.lists(st.floats(1, 299), min_size=1, max_size=20).map(sorted).map(tuple)
SHOPS = st.builds(PayTimes, SECONDS, st.integers(1, 500), st.integers(0, 200))
WORTH = st.sampled_from([0.3, 1.0, 2.0, 5.0, 11.0])
SMALL = (5.0, 9.0, 12.0, 16.0, 22.0, 30.0, 45.0, 80.0)


def price(course, rungs):
    """Calls and delay of any ladder, reckoned person by person on a fine comb of seconds."""
    asked = [0.0, *rungs, course.times[-1]]
    at = [course.times.index(one) for one in asked]
    calls = sum(1 - course.share[i] for i in at[:-1])
    delay = sum(course.waiting(i, j) for i, j in zip(at, at[1:], strict=False))
    return calls, delay


def every_ladder(grid):
    return [pick for size in range(len(grid) + 1) for pick in combinations(grid, size)]


@settings(max_examples=40, deadline=None)
@given(SHOPS, WORTH)
def test_no_ladder_on_a_small_grid_is_better(shop, worth):
    course = Course.of(shop, SMALL, 100.0)
    found = solve(course, worth)
    calls, delay = price(course, found.rungs)
    rivals = [price(course, one) for one in every_ladder(SMALL)]
    least = min(d + worth * c for c, d in rivals)
    assert delay + worth * calls == pytest.approx(least)
    assert found.calls == pytest.approx(calls)


def test_no_ladder_with_as_few_calls_is_quicker():
    course = Course.of(PayTimes(), SMALL, 310.0)
    for worth in (0.5, 1, 2, 4, 8):
        found = solve(course, worth)
        calls, delay = price(course, found.rungs)
        rivals = [price(course, one) for one in every_ladder(SMALL)]
        assert all(d >= delay - 1e-9 for c, d in rivals if c <= calls)


def test_waiting_is_what_a_comb_of_single_customers_waits():
    course = Course.of(PayTimes(), ladder.grid_of(LIFE), 310.0)
    i, j = course.times.index(12.0), course.times.index(70.0)
    waits = 0.0
    for tenth in range(120, 700):
        share = PayTimes().paid_by((tenth + 1) / 10) - PayTimes().paid_by(tenth / 10)
        waits += share * min(70 - tenth / 10 - 0.05, ladder.PATIENCE_SECONDS)
    assert course.waiting(i, j) == pytest.approx(waits, rel=0.005)


@settings(max_examples=25, deadline=None)
@given(SHOPS)
def test_more_calls_never_wait_longer(shop):
    choice = family(shop, LIFE, GRACE)
    pairs = list(zip(choice, choice[1:], strict=False))
    assert all(a.calls <= b.calls and a.delay >= b.delay - 1e-9 for a, b in pairs)


@settings(max_examples=25, deadline=None)
@given(SHOPS, st.floats(0, 20))
def test_a_ladder_keeps_to_its_calls_and_climbs_within_the_life(shop, calls):
    found = best(shop, calls=calls, life=LIFE, grace=GRACE)
    assert found.calls <= max(calls, family(shop, LIFE, GRACE)[0].calls)
    assert list(found.rungs) == sorted(set(found.rungs))
    assert all(2 <= rung < LIFE for rung in found.rungs)


def test_the_fewer_calls_a_sale_has_the_later_it_is_asked_first():
    firsts = [best(PayTimes(), calls=n, life=LIFE, grace=GRACE).rungs[0] for n in (6, 4, 3, 2, 1.5)]
    assert firsts == sorted(firsts)
    assert firsts[0] < 9 < 18 < firsts[-1]


def test_no_ladder_is_stretched_until_nobody_would_wait():
    thinnest = best(PayTimes(), calls=0.1, life=LIFE, grace=GRACE)
    assert thinnest.calls < 1.6
    assert thinnest.rungs[0] < 25


def test_a_shop_of_slow_customers_is_asked_about_later():
    slow = PayTimes(tuple(30.0 + n for n in range(20)), paid=400)
    assert best(slow, calls=3, life=LIFE, grace=GRACE).rungs[0] > 25


def test_a_few_sales_of_its_own_hardly_change_what_is_expected():
    odd = PayTimes((200.0,), paid=1)
    assert odd.paid_by(30) == pytest.approx(PayTimes().paid_by(30), abs=0.03)


def test_a_short_qr_has_a_short_ladder():
    assert best(PayTimes(), calls=3, life=20.0, grace=GRACE).rungs[-1] < 20
    assert best(PayTimes(), calls=3, life=10.0, grace=GRACE).calls < 3
