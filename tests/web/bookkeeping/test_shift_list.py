import pytest
from sqlalchemy import String, cast, func, literal

from pos.database import writing
from pos.extensions import db
from pos.models import Shift, ZReport
from tests.bench import history
from tests.web.bookkeeping.test_shifts import close_page
from tests.web.pages import press, read
from tests.web.stories import STORIES

MANY = 64
"""Shifts before the open one: two pages and some."""


@pytest.fixture
def past(till):
    """A till that was closed often, each time with a report of its own and the same figures."""
    STORIES["paid"](till)
    press(till.browser, close_page(till), "Close shift")
    with till.app.app_context(), writing(db.session):
        many = history.numbers(MANY - 1)
        history.copy(Shift, 1, many, {"id": 1 + many.c.i})
        own = dict.fromkeys(("id", "shift_id", "number", "link"), 1 + many.c.i)
        number = literal('"number":') + cast(1 + many.c.i, String)
        own["body"] = func.replace(ZReport.body, '"number":1', number)
        history.copy(ZReport, 1, many, own)
    return till


def reports(page):
    return [link.text for link in page.all("a") if link.text.startswith("Z ")]


def link(page, words):
    return next((one.attrs["href"] for one in page.all("a") if one.text == words), None)


def test_older_shifts_stand_on_pages_of_their_own_each_once(past, manager):
    seen, address = [], "/shifts"
    while address:
        page = read(manager.get(address))
        seen.append(reports(page))
        address = link(page, "Older shifts")
    assert [len(one) for one in seen] == [30, 30, 4]
    assert sum(seen, []) == [f"Z {number}" for number in range(MANY, 0, -1)]
    assert link(page, "Newest shifts") == "/shifts"


def test_a_new_shift_moves_none_of_an_older_page(past, manager):
    older = link(read(manager.get("/shifts")), "Older shifts")
    before = reports(read(manager.get(older)))
    press(past.browser, "/shifts/open", "Open shift", till_id="1")
    assert reports(read(manager.get(older))) == before


def test_a_closed_shift_is_told_as_its_report_tells_it(past, manager):
    newest = next(read(manager.get("/shifts")).one("tbody").all("tr"))
    assert newest.text == "Sun 22 Nov 2026, 09:00 09:00 Till 1 Dara Closed $3.50 Z 64"


def test_a_page_asks_as_much_as_one_shift(past, manager, queries):
    with queries() as for_many:
        manager.get("/shifts")
    with queries() as for_one:
        manager.get("/shifts?before=2")
    assert 0 < len(for_many) == len(for_one)


def test_an_address_beyond_the_list_is_a_page_all_the_same(past, manager):
    for before, is_beyond in {
        "1": True,
        "0": True,
        "x": False,
        "-1": False,
        "9" * 11: False,
    }.items():
        page = read(manager.get(f"/shifts?before={before}"))
        assert ("No older shift." in page.text) == is_beyond, before
        assert (link(page, "Newest shifts") is not None) == is_beyond, before
