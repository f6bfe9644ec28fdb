import re
from datetime import timedelta

import pytest

from pos.money import Currency, Money
from pos.web.cookies import LANGUAGE
from pos.web.office import charts
from pos.web.office.charts import Series
from tests import said
from tests.factories import charge, open_shift, usd


def words(page):
    return " ".join(page.text.split())


@pytest.fixture
def sold(app, shop):
    with app.app_context():
        payment = charge(open_shift(shop), usd("12.50"))
        said.tell(payment, said.paid(payment))


def test_a_shop_without_sales_sees_that_there_are_none(manager):
    page = words(manager.get("/figures"))
    assert "No sale was paid in these days." in page and '<svg class="chart"' not in page


def test_takings_stand_beside_a_chart_with_its_table(sold, manager):
    page = words(manager.get("/figures"))
    assert "$12.50" in page and "1 of 1 that ended" in page and "100.0 %" in page
    assert page.count('<svg class="chart"') == 1 and "Takings by hour, USD" in page
    assert "<td>09:00</td>" in page and "Dara since 09:00" in page


def test_more_days_are_drawn_by_weekday_too(sold, manager):
    page = words(manager.get("/figures?range=week"))
    assert "Takings by weekday, USD" in page and "<td>Sunday</td>" in page


def test_yesterday_has_nothing_of_today(sold, manager):
    assert "$12.50" not in manager.get("/figures?range=yesterday").text


@pytest.mark.parametrize(
    "query",
    ["range=x", "first=soon", "first=2026-11-20", "first=2026-11-22&last=2026-11-20",
     "first=2026-11-20&last=2026-11-23", "first=2024-01-01&last=2026-11-22"],
)  # fmt: skip
def test_days_that_are_none_are_refused_in_words(manager, query):
    answer = manager.get(f"/figures?{query}")
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_cashier_sees_no_figures(cashier):
    assert cashier.get("/figures").status_code == 403


def test_the_page_speaks_khmer(sold, manager):
    manager.set_cookie(LANGUAGE, "km")
    page = manager.get("/figures?range=week")
    assert "ចំណូលតាមម៉ោង" in page.text and "អាទិត្យ" in page.text


def test_a_screen_that_is_gone_is_told_off_with_its_last_sign(app, shop, manager, clock):
    from tests.web.world import _paired_display

    with app.app_context():
        open_shift(shop)
        _paired_display(shop)
    assert "1 of 1 on" in words(manager.get("/figures"))
    clock.time += timedelta(minutes=10)
    assert "last seen Sun 22 Nov 2026, 09:00" in words(manager.get("/figures"))


def drawn(title="Takings", values=(100, 0)):
    series = [Series("now", values), Series("before", (50, 250))]
    return charts.bars(title, ["8", "9"], series, lambda v: str(Money(v, Currency.USD)))


def test_a_chart_carries_no_style_script_or_address():
    assert not re.search(r"<style|<script|style=|href|xmlns|<!--|http", drawn())


def test_each_bar_says_its_amount_and_is_as_high():
    found = re.findall(r'<rect [^>]*height="([\d.]+)" class="rect[^>]*><title>([^<]+)<', drawn())
    heights = {text: float(height) for height, text in found}
    assert heights.keys() == {"$1.00", "$0.00", "$0.50", "$2.50"}
    assert heights["$0.00"] == 0 and heights["$2.50"] == pytest.approx(5 * heights["$0.50"])


def test_a_title_with_signs_in_it_stays_text():
    assert 'aria-label="&lt;b&gt; &quot;x&quot;"' in drawn('<b> "x"')


def test_a_chart_of_nothing_is_still_drawn():
    assert drawn(values=(0, 0)).startswith('<svg class="chart"')
