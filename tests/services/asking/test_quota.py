from datetime import UTC, datetime, timedelta

import pytest

from pos.services.asking import checks, demand, quota
from pos.services.asking.quota import Purpose
from pos.states import PaymentStatus

P = PaymentStatus
NINE = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Nine in the morning in Phnom Penh."""

EVENING = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_person_may_reach_all_and_the_ladder_leaves_the_reserve():
    reaches = {one: quota.reach(one, 100, 10) for one in Purpose}
    assert reaches == {
        "person": 100,
        "last_look": 100,
        "ladder": 90,
        "evening": 95,
        "reconcile": 90,
        "backlog": 25,
    }


def test_a_reserve_is_rounded_up_so_that_a_small_day_has_one_too():
    assert [quota.reserve_of(limit, 10) for limit in (1, 9, 10, 11, 100)] == [1, 1, 1, 2, 10]
    assert quota.reach(Purpose.LADDER, 1, 10) == 0


PURPOSES = [
    ("awaiting", NINE, "ladder"),
    ("failed", NINE, "ladder"),
    ("expiring", NINE, "last_look"),
    ("cancel_requested", NINE, "last_look"),
    ("expired", NINE, "backlog"),
    ("expired", EVENING - SECOND, "backlog"),
    ("expired", EVENING, "evening"),
    ("cancelled", EVENING, "evening"),
    ("expired", MIDNIGHT, "backlog"),
    ("failed", EVENING, "evening"),
    ("expiring", MIDNIGHT, "backlog"),
]


@pytest.mark.parametrize(("status", "now", "purpose"), PURPOSES)
def test_what_a_question_is_for_follows_from_state_and_hour(status, now, purpose):
    assert quota.purpose_of(P(status), now, NINE + 10 * SECOND) == purpose


def test_reconciling_takes_no_more_of_a_day_that_is_not_over_than_a_backlog_does():
    purposes = [quota.purpose_of_reconciling(at) for at in (NINE, EVENING, MIDNIGHT)]
    assert purposes == ["backlog", "reconcile", "backlog"]


def test_a_new_day_begins_a_minute_after_midnight_in_phnom_penh():
    minute = timedelta(minutes=1)
    assert quota.next_day(NINE) == MIDNIGHT + minute
    assert quota.next_day(MIDNIGHT - SECOND) == MIDNIGHT + minute
    assert quota.next_day(MIDNIGHT) == MIDNIGHT + timedelta(days=1) + minute


def next_check(status, now, **more):
    usual = {"shown_at": NINE, "changed_at": NINE, "expires_at": NINE + timedelta(minutes=5)}
    rules = {"ladder": (12.0, 20.5), "grace_seconds": 10, "watch_hours": 24, "is_metered": True}
    return checks.next_check(P(status), now=now, **{**usual, **rules, **more})


def test_past_its_last_rung_a_metered_qr_waits_for_the_last_look():
    assert next_check("awaiting", NINE) == NINE + 12 * SECOND
    assert next_check("awaiting", NINE + 12 * SECOND) == NINE + 20.5 * SECOND
    assert next_check("awaiting", NINE + 20.5 * SECOND) == NINE + 310 * SECOND


def test_a_metered_qr_given_up_is_looked_at_once_in_the_evening():
    assert next_check("expired", NINE + timedelta(hours=1)) == EVENING
    assert next_check("expired", EVENING, answered_at=EVENING) is None
    assert next_check("expired", EVENING) == EVENING + 600 * SECOND
    assert next_check("expired", EVENING + timedelta(hours=24)) is None


def test_a_qr_given_up_after_the_evening_look_waits_for_the_next():
    late = {"changed_at": EVENING, "expires_at": EVENING}
    assert next_check("expired", EVENING, **late) == EVENING + timedelta(days=1)


def test_an_outage_costs_a_metered_account_few_questions():
    now, asked = NINE + 311 * SECOND, 0
    while now < NINE + timedelta(hours=2):
        now, asked = next_check("expiring", now, changed_at=NINE + 300 * SECOND), asked + 1
    assert asked < 20


def test_a_shop_without_a_past_expects_fifty_sales_in_its_opening_hours():
    hours = demand.usual_hours([], NINE)
    assert sum(hours) == pytest.approx(50)
    assert demand.still_to_come(hours, 0, MIDNIGHT - 17 * 3_600 * SECOND) == pytest.approx(50)


def test_the_past_outweighs_the_prior_and_the_same_weekday_counts_more():
    day = timedelta(days=1)
    busy = [NINE - 7 * day] * 200
    slow = [NINE - 6 * day] * 20
    usual = sum(demand.usual_hours(busy + slow, NINE))
    assert usual == pytest.approx((50 + 3 * 200 + 20) / 5)


def test_today_does_not_count_as_past():
    assert demand.usual_hours([NINE] * 99, NINE) == demand.usual_hours([], NINE)


def test_a_busy_morning_promises_a_busy_day_and_a_late_hour_little():
    hours = demand.usual_hours([], NINE)
    usual = demand.still_to_come(hours, 7, NINE)
    assert demand.still_to_come(hours, 40, NINE) > 1.5 * usual
    assert demand.still_to_come(hours, 50, EVENING) == 1


def test_what_a_sale_may_ask_shrinks_with_what_is_left():
    assert demand.calls_for_a_sale(100, 10, 45) == 2
    assert demand.calls_for_a_sale(30, 10, 45) < 0.5
    assert demand.calls_for_a_sale(5, 10, 45) == 0
