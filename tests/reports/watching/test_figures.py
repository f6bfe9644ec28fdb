from datetime import timedelta

import pytest

from pos.database import writing
from pos.extensions import db
from pos.models import Backup
from pos.reports.watching import figure, gateway_figures, queue_figures, selling_figures
from tests.factories import charge, open_shift
from tests.plans import collected, walks_all

PARTS = (selling_figures, gateway_figures, queue_figures)


@pytest.fixture
def told(context, shop, clock):
    """The figures of a shop with one QR, each value by its name and labels."""
    charge(open_shift(shop))
    clock.advance(5)
    all_of = [one for part in PARTS for one in part.figures()]
    return {(one.name, *words): value for one in all_of for words, value in one.values.items()}


def test_figures_are_the_same_on_both_databases(told):
    assert told["qrs", "bakong", "awaiting"] == 1
    assert told["gateway_paused", "bakong", "1"] == told["gateway_failures", "bakong", "1"] == 0
    assert told["attention_open",] == told["webhook_deliveries_waiting",] == 0
    assert told["books_damaged",] == 0 and told["disk_free_bytes",] > 0
    assert told["window_seconds",] == 3600


def test_the_age_is_told_of_the_newest_backup_that_is_good(context, shop, clock):
    assert of("backup_age_seconds") == {}
    hours = (30, 20, 10)
    with writing(db.session):
        for at, problem in zip(hours, ("", "", "the disk is full"), strict=True):
            when = clock.time - timedelta(hours=at)
            times = {"asked_at": when, "began_at": when, "ended_at": when}
            db.session.add(Backup(asked_by="clock", name="a.tar", problem=problem, **times))
    assert of("backup_age_seconds") == {(): 20 * 3600}


def of(name):
    return next(one.values for one in queue_figures.figures() if one.name == name)


def test_no_figure_reads_a_big_table_from_end_to_end(app, context, shop):
    charge(open_shift(shop))
    with collected(app) as plans:
        for part in PARTS:
            part.figures()
    assert len(plans) > 10 and [plan for plan in plans if walks_all(plan[0])] == []


def test_a_median_and_what_one_in_twenty_exceeds():
    taken = [("a", ms) for ms in range(1000, 101_000, 1000)] + [("b", 7_000), ("c", None)]
    assert figure.quantiles("x", "", "of", taken).values == {
        ("a", "0.5"): 51.0,
        ("a", "0.95"): 95.0,
        ("b", "0.5"): 7.0,
        ("b", "0.95"): 7.0,
    }
