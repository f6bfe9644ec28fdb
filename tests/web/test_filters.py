import pytest
from markupsafe import escape

from pos.paper.document import Table
from pos.web.filters import rows


def drawn(*texts):
    return rows(Table(columns=("Sale", "<From>"), rows=texts, figures=frozenset({1})))


@pytest.mark.parametrize("payer", ["<b>'Ann' & \"Co\"</b>", "two\x1fnames", "\x1f", "សុខា", ""])
def test_what_others_wrote_stays_text_in_its_own_row_and_cell(payer):
    body = str(drawn(("7", payer), ("8", "Dara")))
    assert body.count("<tr>") == 2 and body.count("<td") == 4
    assert body.count("&lt;From&gt;") == 2
    assert f' class="report-figure">{escape(payer)}</td></tr><tr>' in body
    assert "<b>" not in body


def test_a_number_in_front_is_named_for_the_narrow_paper():
    assert str(drawn(("7", "Dara"))).startswith('<tr><td data-label="Sale" data-named>7</td>')
    assert "data-named" not in str(drawn(("x7", "Dara")))


def test_a_table_without_rows_draws_none():
    assert drawn() == ""
