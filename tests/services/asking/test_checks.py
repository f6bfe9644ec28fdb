from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.services.asking import checks
from pos.states import PaymentStatus

P = PaymentStatus
SHOWN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
EXPIRES = SHOWN + timedelta(seconds=300)
LADDER = (3, 6, 10, 15, 22, 30, 45, 60)


def after(seconds):
    return SHOWN + timedelta(seconds=seconds)


def rungs(ladder, until):
    """The seconds at which a payment is asked about when each question takes no time."""
    asked, now = [], SHOWN
    while (now := checks.on_the_ladder(SHOWN, now, ladder)) <= after(until):
        asked.append((now - SHOWN).total_seconds())
    return asked


def test_the_ladder_is_climbed_and_its_last_gap_repeats():
    climbed = [3, 6, 10, 15, 22, 30, 45, 60, 75, 90, 105, 120]
    assert rungs(LADDER, 120) == climbed


def test_a_bank_without_a_limit_is_asked_every_few_seconds():
    asked = rungs(checks.UNMETERED, 300)
    assert asked[0] == 3
    assert max(b - a for a, b in zip(asked, asked[1:], strict=False)) == 5


@given(st.floats(0, 10_000), st.lists(st.integers(1, 600), min_size=2, unique=True))
def test_the_next_rung_always_lies_ahead(waited, steps):
    ladder, now = tuple(sorted(steps)), after(waited)
    following = checks.on_the_ladder(SHOWN, now, ladder)
    gap = max(b - a for a, b in zip((0, *ladder), ladder, strict=False))
    assert now < following <= now + timedelta(seconds=gap, milliseconds=1)


def next_check(status, now, changed_at=SHOWN):
    return checks.next_check(
        P(status),
        now=now,
        shown_at=SHOWN,
        changed_at=changed_at,
        expires_at=EXPIRES,
        ladder=LADDER,
        grace_seconds=10,
        watch_hours=24,
    )


@pytest.mark.parametrize("status", ["creating", "create_failed", "paid", "mismatch"])
def test_where_nothing_more_can_be_learnt_nobody_asks(status):
    assert next_check(status, after(1)) is None


@pytest.mark.parametrize("status", ["awaiting", "failed"])
def test_a_living_qr_is_asked_about_by_the_ladder(status):
    assert next_check(status, after(0)) == after(3)
    assert next_check(status, after(29)) == after(30)


def test_the_last_check_waits_for_the_grace_and_then_insists():
    assert next_check("expiring", EXPIRES, EXPIRES) == after(310)
    waits = {310.1: 2, 313: 4, 320: 8, 330: 15, 350: 30, 400: 60, 9_999: 60}
    for asked, wait in waits.items():
        assert next_check("expiring", after(asked), EXPIRES) == after(asked + wait)


def test_a_cancel_is_checked_at_once_and_then_insists():
    cancelled = after(50)
    assert next_check("cancel_requested", cancelled, cancelled) == cancelled
    assert next_check("cancel_requested", after(50.1), cancelled) == after(52.1)
    assert next_check("cancel_requested", after(9_999), cancelled) == after(10_059)


WATCH = [
    (0, 15),
    (299, 15),
    (300, 60),
    (1_199, 60),
    (1_200, 300),
    (7_199, 300),
    (7_200, 3_600),
    (86_399, 3_600),
]


@pytest.mark.parametrize("status", ["expired", "cancelled", "failed"])
@pytest.mark.parametrize(("age", "gap"), WATCH)
def test_a_given_up_qr_is_watched_less_and_less(status, age, gap):
    now = EXPIRES + timedelta(seconds=age)
    assert next_check(status, now) == now + timedelta(seconds=gap)


@pytest.mark.parametrize("status", ["expired", "cancelled", "failed"])
def test_after_a_day_the_watch_is_over(status):
    assert next_check(status, EXPIRES + timedelta(days=1)) is None


def test_a_qr_cancelled_early_is_watched_from_its_end_not_from_the_cancel():
    now = after(60)
    assert next_check("cancelled", now, now) == now + timedelta(seconds=15)
    assert next_check("cancelled", EXPIRES + timedelta(seconds=200), now) is not None


def decisive_from(status):
    changed = after(100)
    return checks.decisive_from(P(status), changed_at=changed, expires_at=EXPIRES, grace_seconds=10)


def test_an_end_is_believed_ten_seconds_after_it_and_a_cancel_from_when_it_was_asked():
    assert decisive_from("expiring") == after(310)
    assert decisive_from("cancel_requested") == after(100)
