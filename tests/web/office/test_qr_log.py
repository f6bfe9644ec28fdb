import pytest

from tests.factories import log_in
from tests.web.pages import read
from tests.web.stories import STORIES


@pytest.fixture
def boss(till, app):
    return log_in(app.test_client(), till.shop.manager)


def page(browser, address="/qr-log"):
    return read(browser.get(address)).one("main")


def test_a_day_without_a_qr_says_so_and_offers_no_file(boss):
    shown = page(boss)
    assert "No QR was made on this day." in shown.text and "CSV" not in shown.text


def test_each_qr_of_the_day_is_told_with_its_life(till, boss):
    STORIES["paid"](till)
    shown = page(boss)
    (_head, row) = shown.all("tr")
    assert all(word in row.text for word in ("Till 1", "Sale 1", "Dara", "3 s", "Paid", "$3.50"))
    assert "QRs: 1. Paid: 1." in shown.text
    (file,) = [link.attrs["href"] for link in shown.all("a") if link.text == "CSV"]
    assert till.payment().tran_id in boss.get(file).text


def test_other_days_are_one_step_away(till, boss):
    STORIES["paid"](till)
    links = {link.text: link.attrs["href"] for link in page(boss).all("a")}
    assert "No QR was made" in page(boss, links["The day before"]).text
    assert links["The day after"] == "/qr-log?on=2026-11-23"


@pytest.mark.parametrize("on", ["x", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_refused(boss, on):
    answer = boss.get(f"/qr-log?on={on}")
    assert answer.status_code == 422 and read(answer).alert == "Choose a day."
