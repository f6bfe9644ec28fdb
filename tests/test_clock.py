from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos import clock

INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))


def test_now_is_aware_and_in_utc():
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_chosen_reader_is_the_clock_until_it_is_put_back():
    then = datetime(2000, 1, 1, tzinfo=UTC)
    clock.use(lambda: then)
    try:
        assert clock.now() is then
    finally:
        clock.use(None)
    assert clock.now() > then


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 17, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_shops_day_begins_at_midnight_in_phnom_penh(instant, day):
    assert clock.business_date(instant) == day


@pytest.mark.parametrize(("minute", "day"), [(59, date(2026, 11, 21)), (60, date(2026, 11, 22))])
def test_a_business_day_may_begin_later_than_midnight(minute, day):
    three_in_the_morning = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    instant = three_in_the_morning + timedelta(minutes=minute)
    assert clock.business_date(instant, 4) == day
    assert clock.business_date(instant) == date(2026, 11, 22)


def test_shop_time_is_seven_hours_ahead_all_year():
    for month in (1, 7):
        instant = datetime(2026, month, 1, 2, 30, tzinfo=UTC)
        assert clock.shop_time(instant).strftime("%H:%M") == "09:30"
        assert clock.shop_time(instant) == instant


@given(INSTANTS)
def test_an_instant_survives_as_milliseconds(instant):
    back = clock.from_epoch_ms(clock.epoch_ms(instant))
    assert back.tzinfo is UTC
    assert timedelta(0) <= instant - back < timedelta(milliseconds=1)


def test_milliseconds_are_counted_from_1970_in_any_zone():
    zoned = datetime(1970, 1, 1, 7, 0, 1, tzinfo=timezone(timedelta(hours=7)))
    assert clock.epoch_ms(zoned) == 1000
    assert clock.epoch_ms(datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)) == -1


def test_a_count_beyond_the_calendar_is_no_instant():
    with pytest.raises((OverflowError, ValueError)):
        clock.from_epoch_ms(10**18)
