import json

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import ZReport
from tests.tampering import unguarded
from tests.web.pages import press, read
from tests.web.stories import STORIES


def close(till):
    """Close the till's shift and return where its report is."""
    page = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    return press(till.browser, page, "Close shift").headers["Location"]


def facts(report):
    """The report's names and values, such as "Opened by": "Dara"."""
    pairs = (fact.all() for fact in report.all("div", class_="report-fact"))
    return {name.text: value.text for name, value in pairs}


def test_the_report_shows_the_payment_and_who_took_it_where_and_when(till):
    STORIES["paid"](till)
    payment = till.payment()
    report = read(till.browser.get(close(till))).one("article")
    assert report.one("h1").text == "Z REPORT 1"
    line = report.one(class_="report-table report-payments").one("tbody").text
    for words in ("09:00", payment.tran_id, "customer@practice", "Paid", "$3.50"):
        assert words in line
    said = facts(report)
    assert (said["Till"], said["Opened by"], said["Closed by"]) == ("Till 1", "Dara", "Dara")
    assert (said["Business day"], said["Paid"]) == ("Sun 22 Nov 2026", "1")


def test_dollars_and_riel_are_never_added(till):
    for amount, currency in (("3.50", "USD"), ("15000", "KHR"), ("1.25", "USD")):
        till.charge(amount, currency)
        till.pay()
        till.work(after=3)
    totals = read(till.browser.get(close(till))).all("td", class_="report-figure report-total")
    assert {total.text for total in totals} == {"$4.75", "៛15,000"}


def test_the_float_stands_on_the_report_in_both_currencies(cashier, till):
    close(till)
    press(cashier, "/shifts/open", "Open shift", float_usd="50", float_khr="200000")
    count = press(cashier, "/shifts/2/close", "Stop selling and count").headers["Location"]
    notes = {"USD-50": "1", "KHR-100000": "2"}
    answer = press(cashier, count, "Send the count", **notes)
    drawer = read(cashier.get(answer.headers["Location"])).one(
        "table", class_="report-table report-drawer"
    )
    assert "Float $50.00 ៛200,000" in drawer.text
    assert "Over, or short (-) $0.00 ៛0" in drawer.text


@pytest.mark.parametrize(("asked", "paper"), [("", "a4"), ("?paper=80mm", "80mm")])
def test_the_report_is_drawn_for_the_paper_asked_for(till, asked, paper):
    page = read(till.browser.get(close(till) + asked))
    assert page.one("article").attrs["data-paper"] == paper
    other = {"a4": "80 mm paper", "80mm": "A4 paper"}[paper]
    (link,) = (a for a in page.all("a") if a.text == other)
    assert till.browser.get(link.attrs["href"]).status_code == 200


def test_a_paper_that_there_is_not_is_a4(till):
    address = close(till)
    for paper in ("", "letter", "<b>", "80MM"):
        page = read(till.browser.get(address, query_string={"paper": paper}))
        assert page.one("article").attrs["data-paper"] == "a4"


def test_both_papers_say_the_same(till):
    STORIES["paid"](till)
    address = close(till)
    on_a4, on_roll = (till.browser.get(address + paper) for paper in ("", "?paper=80mm"))
    assert read(on_a4).one("article").text == read(on_roll).one("article").text


def test_a_report_asked_for_before_the_close_is_not_found(till, manager, books):
    (shift,) = books()["shift"]
    for browser in (till.browser, manager):
        answer = browser.get(f"/shifts/{shift.id}/report")
        assert answer.status_code == 404
        assert "it is still open" in read(answer).text


def test_the_numbers_of_a_till_go_up_by_one(till):
    for number in ("1", "2", "3"):
        report = read(till.browser.get(close(till)))
        assert report.one(class_="report-number").text == number
        press(till.browser, "/shifts/open", "Open shift")


def test_a_report_never_changes_once_written(till):
    STORIES["expired"](till)
    address = close(till)
    before = read(till.browser.get(address)).one("article").text
    till.clock.advance(30)
    till.pay()
    till.work(after=60)
    till.clock.advance(hours=1)
    assert till.payment().remark == "paid_late"
    assert read(till.browser.get(address)).one("article").text == before


@pytest.mark.parametrize("phase", ["mismatch", "late"])
def test_money_that_needs_a_manager_stands_first(till, phase):
    STORIES[phase](till)
    report = read(till.browser.get(close(till))).one("article")
    headings = [heading.text for heading in report.all("h2")]
    assert headings[0] == "Needs a manager"
    assert list(report.all("td", class_="report-figure report-total")) == []


def test_the_report_tells_how_the_qrs_went(till):
    for phase in ("paid", "cancelled", "expired"):
        STORIES[phase](till)
    said = facts(read(till.browser.get(close(till))))
    assert (said["QRs shown"], said["Paid"], said["Cancelled"], said["Expired"]) == (
        "3",
        "1",
        "1",
        "1",
    )


def test_a_shift_without_a_payment_has_a_report_too(till):
    page = read(till.browser.get(close(till)))
    assert "Nothing was paid in this shift." in page.text
    assert "It held no cash in this shift" in page.text
    assert list(page.all("table")) == []


def test_a_report_of_before_cash_was_counted_still_prints(till, books):
    address = close(till)
    with till.app.app_context(), unguarded("z_report"):
        row = db.session.scalars(select(ZReport)).one()
        row.body = json.dumps({k: v for k, v in json.loads(row.body).items() if k != "cash"})
    page = read(till.browser.get(address))
    assert "Cash was not counted by the version that wrote this report." in page.text
