from datetime import date

import pytest

from pos.models import Severity
from pos.reports.office.alert_figures import AccountKey, Attempts, DaySum
from pos.services.alerting import rules
from tests.conftest import make_settings

WARNING, ALARM = Severity.WARNING, Severity.ALARM


@pytest.fixture
def limits(tmp_path):
    return make_settings(tmp_path)


def rate(paid, ended):
    return Attempts(paid, ended, {})


@pytest.mark.parametrize(
    ("paid", "ended", "severity"),
    [
        (0, 19, None),
        (19, 20, None),
        (94, 100, WARNING),
        (95, 100, None),
        (90, 100, WARNING),
        (89, 100, ALARM),
        (8999, 10_000, ALARM),
        (0, 20, ALARM),
    ],
)
def test_a_success_rate_is_warned_of_below_95_and_an_alarm_below_90(limits, paid, ended, severity):
    found = rules.success_rate(rate(paid, ended), limits)
    assert (found.severity if found else None) is severity


@pytest.mark.parametrize(
    ("took", "severity"),
    [
        ((9_000,) * 4, None),
        ((1_000,) * 19 + (9_000,), None),
        ((2_000,) * 5, None),
        ((2_001,) * 5, WARNING),
        ((5_000,) * 5, WARNING),
        ((5_001,) * 5, ALARM),
        ((100,) * 18 + (6_000,) * 2, ALARM),
        ((100,) * 4 + (6_000,), ALARM),
    ],
)
def test_slow_callbacks_are_warned_of_over_2_s_and_an_alarm_over_5(limits, took, severity):
    found = rules.callback_time(took, limits)
    assert (found.severity if found else None) is severity


def test_one_qr_that_could_not_be_made_is_an_alarm_at_once(limits):
    (found,) = rules.qr_failures(Attempts(0, 1, {"mekong@prac": 1}), limits)
    assert found.severity is ALARM and found.subject == "mekong@prac"
    assert rules.qr_failures(rate(5, 5), limits) == ()


@pytest.mark.parametrize(
    ("days", "step", "severity"),
    [(7, None, None), (6, 1, WARNING), (3, 1, WARNING), (2, 2, WARNING), (1, 2, WARNING),
     (0, 3, ALARM), (-4, 3, ALARM)],
)  # fmt: skip
def test_a_key_that_ends_is_told_of_at_seven_days_three_and_one(days, step, severity):
    found = rules.key_ending(AccountKey("mekong@prac", days))
    assert (found and found.step, found and found.severity) == (step, severity)


@pytest.mark.parametrize(
    ("megabytes", "severity"), [(1000, None), (999, WARNING), (200, WARNING), (199, ALARM)]
)
def test_a_disk_is_warned_of_before_it_is_full(limits, megabytes, severity):
    found = rules.disk_full(megabytes * 1024 * 1024, limits)
    assert (found.severity if found else None) is severity


@pytest.mark.parametrize(("more_bytes", "severity"), [(0, None), (1, WARNING)])
def test_a_log_of_the_database_that_grows_is_told_of(more_bytes, severity):
    found = rules.log_large(64 * 1024 * 1024 + more_bytes)
    assert (found.severity if found else None) is severity


def test_a_day_is_told_of_once_and_only_if_something_failed():
    bad = rules.failed_daily(DaySum(date(2026, 11, 21), 40, 1, 0, 3))
    assert bad and bad.is_told_once and bad.severity is Severity.NOTE
    assert rules.failed_daily(DaySum(date(2026, 11, 21), 40, 0, 0, 3)) is None


def test_silence_matters_more_while_the_shop_was_selling():
    told = [rules.worker_silent("a", "b", was_selling=it).severity for it in (True, False)]
    assert told == [WARNING, Severity.NOTE]


def test_damage_differences_and_old_money_are_found_from_the_first_on():
    assert rules.books_damaged(0) is None and rules.books_damaged(1).severity is ALARM
    assert rules.bank_differs("2026-11-21", 0) is None and rules.bank_differs("2026-11-21", 1)
    assert rules.attention_old(0) is None and rules.attention_old(1).severity is WARNING
