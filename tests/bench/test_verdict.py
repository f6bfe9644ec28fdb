import pytest

from tests.bench import books
from tests.bench.__main__ import Row, poll_row, report_row, sale_row, table
from tests.bench.books import Cost


def test_a_target_is_met_at_its_very_figure():
    assert not sale_row("A sale", 25.0).missed
    assert not poll_row("A poll", 2.0).missed


def test_a_report_is_held_against_its_target_and_a_bare_query():
    met, missed = (report_row("A Z", Cost(cpu, 80), Cost(0.5, 1)) for cpu in (60.0, 60.1))
    assert (met.figure, met.missed, missed.missed) == ("60 ms CPU, 120 x bare", False, True)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_full_books_are_put_together_and_measured(kind, tmp_path):
    with books.opened(tmp_path, kind, payments=2_000) as full:
        told = books.costs(full, of_a_z=50, closings=1)
    assert {"The end of a day", "Figures of a day", "Signs of 30 days"} < told.keys()
    assert len(told) == 8
    assert all(cost.cpu > 0 and bare.cpu > 0 for cost, bare in told.values())


def test_a_missed_target_is_told():
    rows = [sale_row("A sale", 25.1), poll_row("A poll", 1.99), Row("A bare route", "9 a second")]
    assert [row.missed for row in rows] == [True, True, False]
    assert [line.endswith("missed") for line in table(rows).splitlines()] == [True, True, False]
