from tests.bench.__main__ import Row, poll_row, sale_row, table


def test_a_target_is_met_at_its_very_figure():
    assert not sale_row("A sale", 25.0).missed
    assert not poll_row("A poll", 0.6).missed


def test_a_missed_target_is_told():
    rows = [sale_row("A sale", 25.1), poll_row("A poll", 0.59), Row("A bare route", "9 a second")]
    assert [row.missed for row in rows] == [True, True, False]
    assert [line.endswith("missed") for line in table(rows).splitlines()] == [True, True, False]
