import pytest

from tests.web.office.test_attention import badge, where, wrong
from tests.web.pages import read
from tests.web.stories import STORIES

__all__ = ["wrong"]


def test_the_queue_goes_on_page_by_page_and_the_badge_counts_all(wrong, manager, monkeypatch):
    monkeypatch.setattr("pos.reports.office.attention.PAGE", 1)
    STORIES["mismatch"](wrong)
    first = read(manager.get("/attention"))
    assert first.one(class_="attention-total").text == "Waiting in all: 2"
    (newer,) = (a for a in first.all("a") if a.text == "Found later")
    second = read(manager.get(newer.attrs["href"]))
    (decide,) = second.one(class_="attention-list").all("a", class_="button")
    assert (
        decide.attrs["href"]
        == where(wrong)
        != first.one(class_="attention-list").one("a", class_="button").attrs["href"]
    )
    assert "Found later" not in second.text and badge(manager, newer.attrs["href"]) == "2"
    assert manager.get(where(wrong)).status_code == 200


@pytest.mark.parametrize("typed", ["x", "1-2", "1-2-3-4", "-1-2-3", "9" * 16 + "-1-1", "1-2-x"])
def test_a_place_that_is_no_place_in_the_queue_is_refused(wrong, manager, typed):
    answer = manager.get("/attention", query_string={"after": typed})
    assert (answer.status_code, read(answer).alert) == (422, "Begin at the oldest item.")
