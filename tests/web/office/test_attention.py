import pytest

from tests import factories
from tests.factories import PIN, log_in
from tests.web.pages import press, read
from tests.web.stories import STORIES


@pytest.fixture
def wrong(till):
    """Till 1 with three dollars received for three and a half, and a manager with a PIN."""
    STORIES["mismatch"](till)
    with till.app.app_context():
        factories.give_pin(till.shop.manager)
    return till


def badge(browser, page="/till"):
    shown = read(browser.get(page)).one(id="attention-count")
    return "" if "hidden" in shown.attrs else shown.one("span", data_count="").text


def where(till):
    return f"/attention/{till.payment().tran_id}"


def decide(till, browser=None, **typed):
    form = {"kind": "accepted", "reason": "rest_in_cash", "pin": PIN,
            "manager_id": str(till.shop.manager.id), **typed}  # fmt: skip
    return press(browser or till.browser, where(till), "Write it down", **form)


def test_nothing_waits_and_the_list_says_so(till):
    page = read(till.browser.get("/attention"))
    assert "Nothing needs a decision" in page.one("main").text
    assert badge(till.browser) == ""


def test_money_that_waits_is_on_the_strip_the_badge_and_the_list(wrong):
    assert badge(wrong.browser) == badge(wrong.browser, "/shifts") == "1"
    assert "See and decide" in wrong.panel().text
    assert wrong.panel().attrs["data-attention"] == "1"
    text = read(wrong.browser.get("/attention")).one("main").text
    assert "Too little was paid" in text
    assert "$3.00 sent 22 Nov, 09:00:00" in text
    assert "Accept it if the rest was paid in cash" in text


def test_the_list_says_how_long_money_waits(wrong):
    for after, told in ((0, "Age 0 min"), (7_200, "Age 2 h")):
        wrong.clock.advance(after)
        assert told in read(wrong.browser.get("/attention")).one("main").text


def test_the_bank_is_asked_from_the_item_and_its_answer_stands_there(wrong):
    wrong.clock.advance(60)
    asked = wrong.questions()
    answer = press(wrong.browser, where(wrong), "Ask the bank now: sale 1")
    assert (answer.status_code, wrong.questions()) == (303, asked + 1)
    page = wrong.browser.get(answer.headers["Location"]).text
    assert "At 09:01:03 the bank reported the money." in page
    assert "09:01:03" in read(page).one("div", class_="attention-bank").text
    assert wrong.payment().status == "mismatch"


def test_a_bank_that_cannot_be_asked_changes_nothing_and_is_told(wrong):
    wrong.clock.advance(60)
    wrong.bank.misbehave(cut=True)
    press(wrong.browser, where(wrong), "Ask the bank now: sale 1")
    page = read(wrong.browser.get(where(wrong)))
    assert "no answer" in page.one("div", class_="attention-bank").text
    assert "could not be asked" in page.text
    assert badge(wrong.browser) == "1"


def test_twice_in_a_moment_the_bank_is_asked_once(wrong):
    wrong.clock.advance(60)
    asked = wrong.questions()
    for _each in range(2):
        press(wrong.browser, where(wrong), "Ask the bank now: sale 1")
    assert wrong.questions() == asked + 1
    assert "Wait two seconds" in wrong.browser.get(where(wrong)).text


def listed(browser, query):
    page = read(browser.get(f"/attention{query}"))
    return len(list(page.all("li", class_="panel attention-item")))


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 1), ("?kind=underpaid", 1), ("?kind=paid_late", 0), ("?till=1", 1), ("?age=hour", 1),
     ("?age=day", 0), ("?kind=underpaid&till=1&age=hour", 1)],
)  # fmt: skip
def test_the_list_shows_what_is_asked_for(wrong, query, count):
    wrong.clock.advance(7_200)
    assert listed(wrong.browser, query) == count


@pytest.mark.parametrize("query", ["?kind=nonsense", "?till=99", "?age=-1"])
@pytest.mark.parametrize("page", ["/attention", "/attention/history"])
def test_what_is_no_filter_is_refused(wrong, page, query):
    answer = wrong.browser.get(f"{page}{query}")
    assert (answer.status_code, read(answer).alert) == (422, "Choose from the lists.")


def test_what_waits_a_day_is_told_as_old(wrong, app):
    wrong.clock.advance(86_401)
    page = read(log_in(app.test_client(), wrong.shop.manager).get("/attention"))
    assert [one.text for one in page.all("dd", class_="attention-received")] == ["$3.00", "1 day"]


def test_the_history_says_who_decided_what_and_why(wrong, manager):
    assert "Nothing was decided yet." in read(manager.get("/attention/history")).text
    decide(wrong, kind="refund_requested", reason="no_goods", note="came back <b>")
    page = read(manager.get("/attention/history"))
    row = page.one("tbody").text
    for told in ("Too little was paid", "To be refunded", "No goods were given", "Maly",
                 "asked by Dara", "$3.00", "of $3.50", "came back <b>"):  # fmt: skip
        assert told in row
    assert "No decision fits." in manager.get("/attention/history?kind=paid_late").text


def test_another_stores_decisions_and_tills_are_not_there(wrong, app, bank):
    decide(wrong)
    with app.app_context():
        other = factories.create_other_shop(bank.url, bank.token())
    neighbour = log_in(app.test_client(), other.manager)
    assert "Nothing was decided yet." in neighbour.get("/attention/history").text
    for page in ("/attention", "/attention/history"):
        assert neighbour.get(f"{page}?till={wrong.shop.till_id}").status_code == 422


def test_the_history_goes_on_page_by_page(wrong, manager, monkeypatch):
    monkeypatch.setattr("pos.reports.office.attention_history.PAGE", 1)
    decide(wrong, kind="refund_requested", reason="no_goods")
    decide(wrong, kind="refunded", reason="sent_back", note="FT-1")
    newest = read(manager.get("/attention/history"))
    assert "Refunded" in newest.one("tbody").text
    (older,) = (a for a in newest.all("a") if a.text == "Older decisions")
    oldest = read(manager.get(older.attrs["href"]))
    assert "To be refunded" in oldest.one("tbody").text
    assert "Older decisions" not in oldest.text


def test_a_manager_agrees_and_the_money_leaves_the_strip(wrong):
    answer = decide(wrong)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/attention")
    assert badge(wrong.browser) == ""
    assert "See and decide" not in wrong.panel().text
    assert wrong.panel().attrs["data-phase"] == "paid"
    assert wrong.payment().status == "paid"


def test_a_wrong_pin_decides_nothing_and_is_drawn_nowhere(wrong, books):
    before = books(but=("pin_try",))
    answer = decide(wrong, pin="918273")
    assert (answer.status_code, read(answer).alert) == (422, "The PIN is wrong.")
    assert "918273" not in answer.text
    assert books(but=("pin_try",)) == before


def test_five_wrong_pins_make_even_the_right_one_wait(wrong):
    for _ in range(5):
        decide(wrong, pin="918273")
    assert "Wait 15 minutes" in read(decide(wrong)).alert
    assert wrong.payment().status == "mismatch"


@pytest.mark.parametrize("typed", [{"reason": "loss"}, {"kind": "nonsense"}, {"kind": "refunded"},
                                   {"reason": "other"}, {"manager_id": "1"}])  # fmt: skip
def test_a_form_that_makes_no_sense_decides_nothing(wrong, books, typed):
    before = books(but=("pin_try",))
    assert decide(wrong, **typed).status_code == 422
    assert books(but=("pin_try",)) == before


def test_what_was_decided_in_the_meantime_is_not_decided_again(wrong):
    form = read(wrong.browser.get(where(wrong))).form("Write it down").fields
    decide(wrong)
    late = {**form, "kind": "refund_requested", "reason": "other", "note": "x", "pin": PIN}
    assert wrong.browser.post(where(wrong), data=late).status_code == 404


def test_a_manager_decides_from_anywhere_in_the_store(wrong, app):
    manager = log_in(app.test_client(), wrong.shop.manager)
    assert badge(manager, "/attention") == "1"
    assert decide(wrong, manager, kind="refund_requested", reason="no_goods").status_code == 303
    assert badge(manager, "/attention") == "1"
    assert "To be refunded, Maly" in read(manager.get("/attention")).one("main").text
    decide(wrong, manager, kind="refunded", reason="sent_back", note="FT-1")
    assert badge(manager, "/attention") == ""


def test_without_a_pin_in_the_store_the_page_says_how_to_get_one(till):
    STORIES["mismatch"](till)
    text = read(till.browser.get(where(till))).one("main").text
    assert "No manager of this store has a PIN yet" in text
    assert "Write it down" not in text


def test_a_note_is_written_as_text_and_nothing_else(wrong):
    decide(wrong, kind="refund_requested", reason="other", note="<b>x</b>")
    text = wrong.browser.get(where(wrong)).text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "<b>x" not in text


def test_the_report_tells_what_was_decided(wrong):
    decide(wrong)
    answer = press(wrong.browser, "/shifts/1/close", "Close shift")
    report = read(wrong.browser.get(answer.headers["Location"])).one("article").text
    assert "Too little was paid. Received $3.00 of $3.50. Accepted, Maly" in report
