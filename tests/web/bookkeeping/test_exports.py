import csv
import io
import zipfile
from urllib.parse import unquote

import pytest
from sqlalchemy import update

from pos.database import writing
from pos.extensions import db
from pos.models import Store, User
from pos.reports.exporting.exports import EXPORTS
from tests.web.pages import press, read
from tests.web.stories import STORIES

DAY = "first=2026-11-22&last=2026-11-22"


@pytest.fixture
def sold(till):
    STORIES["paid"](till)
    return till


def rows(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_a_manager_takes_the_payments_along(sold, manager):
    page = read(manager.get("/exports"))
    (link,) = (a for a in page.all("a") if a.text == "CSV" and "payments" in a.attrs["href"])
    answer = manager.get(link.attrs["href"])
    assert answer.content_type == "text/csv; charset=utf-8"
    (row,) = rows(answer)
    assert (row["Number"], row["Received USD"]) == (sold.payment().tran_id, "3.50")


def test_an_excel_file_is_whole(sold, manager):
    answer = manager.get(f"/exports/shifts.xlsx?{DAY}")
    book = zipfile.ZipFile(io.BytesIO(answer.data))
    assert book.testzip() is None and "xl/worksheets/sheet1.xml" in book.namelist()
    assert b"Till 1" in book.read("xl/worksheets/sheet1.xml")


def test_the_name_of_a_file_tells_the_store_and_the_days(sold, manager):
    answer = manager.get("/exports/payments.csv?first=2026-11-01&last=2026-11-22")
    name = "Riverside_2026-11-01_2026-11-22_payments.csv"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_a_khmer_store_keeps_its_name_and_no_name_breaks_out(sold, manager, app):
    name = 'ហាងស្រីមុំ / "x"\r\nSet-Cookie: a'
    with app.app_context(), writing(db.session):
        db.session.execute(update(Store).values(name=name))
    answer = manager.get(f"/exports/payments.csv?{DAY}")
    told = unquote(answer.headers["Content-Disposition"])
    assert "ហាងស្រីមុំ-x-Set-Cookie-a_2026-11-22" in told
    assert "Set-Cookie" not in answer.headers


def test_a_name_that_is_a_formula_is_not_one_in_the_file(sold, manager, app):
    with app.app_context(), writing(db.session):
        db.session.execute(update(User).values(display_name="=cmd|'/C calc'!A0"))
    (row,) = rows(manager.get(f"/exports/payments.csv?{DAY}"))
    assert row["Cashier"] == "'=cmd|'/C calc'!A0"


def test_days_without_anything_say_so(sold, manager):
    page = read(manager.get("/exports?first=2020-01-01&last=2020-12-31"))
    assert page.text.count("Nothing in these days.") == len(EXPORTS)
    assert [a for a in page.all("a") if a.text == "CSV"] == []
    assert rows(manager.get("/exports/payments.csv?first=2020-01-01&last=2020-12-31")) == []


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-11-22", "2026-11-21", "The first day is after the last."),
        ("2025-11-21", "2026-11-22", "Take 366 days at most."),
        ("yesterday", "2026-11-22", "Choose a first and a last day."),
        ("2026-02-30", "2026-11-22", "Choose a first and a last day."),
    ],
)
def test_days_that_make_no_sense_are_refused_with_the_reason(manager, first, last, told):
    asked = {"first": first, "last": last}
    page = manager.get("/exports", query_string=asked)
    assert (page.status_code, told in page.text) == (422, True)
    assert manager.get("/exports/payments.csv", query_string=asked).status_code == 422


def test_a_year_with_its_leap_day_may_be_taken(manager):
    page = manager.get("/exports?first=2024-01-01&last=2024-12-31")
    assert page.status_code == 200


@pytest.mark.parametrize("name", ["users.csv", "payments.sql", "../payments.csv", "shifts.pdf"])
def test_what_is_no_export_is_not_found(manager, name):
    assert manager.get(f"/exports/{name}?{DAY}").status_code == 404


def test_a_cashier_takes_nothing_along(sold):
    for address in ("/exports", f"/exports/payments.csv?{DAY}", f"/exports/shifts.xlsx?{DAY}"):
        assert sold.browser.get(address).status_code == 403
    assert "Exports" not in read(sold.browser.get("/shifts")).text
    assert press(sold.browser, "/till", "Log out").status_code == 303
