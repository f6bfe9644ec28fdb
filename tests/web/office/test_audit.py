import pytest

from pos.models import Deed
from pos.services.auditing import audit
from tests.factories import post


def words(page):
    return " ".join(page.text.split())


@pytest.fixture
def written(app, shop):
    def write(count, who="manager:maly", deed=Deed.RATE_SET, store_id=shop.store_id):
        with app.app_context():
            for number in range(count):
                audit.note(deed, who, f"thing {number}.", store_id)

    return write


def test_a_manager_reads_who_set_the_rate(manager):
    for buy in ("4100", "4090"):
        post(manager, "/rates", {"buy": buy, "sell": "4110"})
    page = words(manager.get("/audit"))
    assert "Exchange rate set" in page and "maly" in page
    assert "before: 4100 / 4110" in page and "now: 4090 / 4110" in page


def test_what_somebody_was_kept_from_is_written_down(cashier, manager):
    assert cashier.get("/rates").status_code == 403
    assert cashier.get("/refunds/999").status_code == 404
    page = words(manager.get("/audit"))
    assert (
        "GET /rates" in page and "GET /refunds/999" in page and "answer: not allowed (403)" in page
    )


def test_a_wrong_address_is_nobodys_fault_and_not_written_down(cashier, manager):
    assert cashier.get("/no-such-page").status_code == 404
    assert "no-such-page" not in words(manager.get("/audit"))


def test_the_log_is_searched_by_name_deed_and_day(written, manager):
    written(1)
    written(1, who="cashier:dara", deed=Deed.PIN_SET)
    page = words(manager.get("/audit?who=Dara"))
    assert "New PIN" in page and "thing" in page and "maly</td>" not in page
    assert "cashier" not in words(manager.get("/audit?deed=rate_set")).split("<tbody>")[1]
    assert "Nothing is written down here." in words(manager.get("/audit?on=2020-01-01"))


@pytest.mark.parametrize("query", ["on=soon", "deed=x", "before=x", "before=" + "9" * 30])
def test_what_cannot_be_asked_is_said(manager, query):
    answer = manager.get(f"/audit?{query}")
    assert answer.status_code == 422 and 'role="alert"' in answer.text


def test_a_long_log_is_read_page_by_page(written, manager):
    written(60)
    page = words(manager.get("/audit?deed=rate_set"))
    assert "thing 59." in page and "thing 10." in page and "thing 9." not in page
    older = words(manager.get(f"/audit?before={page.split('before=')[1].split('&')[0]}"))
    assert "thing 9." in older and "thing 10." not in older


def test_another_stores_entries_are_not_shown(written, shop, manager):
    written(1, who="manager:elsewhere", store_id=None)
    written(1, who="manager:neighbour", store_id=shop.store_id)
    page = words(manager.get("/audit"))
    assert "neighbour" in page and "elsewhere" in page


def test_a_file_taken_along_is_written_down(manager):
    answer = manager.get("/exports/shifts.csv?first=2026-11-22&last=2026-11-22")
    assert answer.status_code == 200 and answer.data
    assert "shifts.csv" in words(manager.get("/audit"))
