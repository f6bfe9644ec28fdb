import csv
import io

import pytest

from pos.extensions import db
from pos.khqr import decode
from pos.models import Till, User
from pos.services.selling import tips
from pos.services.shop import displays
from tests.factories import csrf_token, usd
from tests.web.pages import press, read


@pytest.fixture
def asking(app, till, display):
    """A till that asks for tips, with its customer's screen."""
    with app.app_context():
        tips.set_asking(db.session.get_one(User, till.shop.manager.id), asks=True)
    display.show()
    return till


@pytest.fixture
def asked(asking):
    assert asking.charge("3.50").status_code == 303
    return asking


def choose(screen, **sent):
    """Tap one of the tips as the customer's screen sends it."""
    form = screen.show().one("form", class_="tip")
    fields = {**form.fields, "tip": "35", **sent}
    return screen.browser.post(form.attrs["action"], data=fields)


def test_a_charge_asks_the_customer_and_tells_the_cashier(asked, display, books):
    assert books()["sale"] == []
    told = display.show()
    assert told.attrs["data-phase"] == "tip" and "Would you like to add a tip?" in told.text
    offered = [(one.attrs["value"], one.text) for one in told.all("button")]
    assert [minor for minor, _text in offered] == ["18", "35", "50", "0"]
    assert offered[1][1] == "10 % + $0.35 $3.85" and "$4.00" in offered[2][1]
    panel = asked.panel()
    assert (panel.attrs["data-phase"], panel.attrs["data-announce"]) == (
        *("tip", "The customer is asked for a tip on $3.50"),
    )
    assert [one.text for one in panel.all("button")] == ["No tip", "Cancel"]


def test_a_chosen_tip_is_in_the_qr_and_told_on_both_screens_and_the_receipt(asked, display):
    answer = choose(display)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/display")
    assert decode(asked.payment().qr_string).amount == usd("3.85")
    assert "$3.50 and a tip of $0.35" in asked.panel().text
    assert display.phase == "waiting" and "Tip $0.35" in display.show().text
    asked.pay()
    asked.work(after=3)
    assert asked.press("Receipt").status_code == 303
    paper = read(asked.browser.get("/receipts/1")).text
    assert "Price $3.50 Tip $0.35 To pay $3.85" in paper


WRONG = [{"tip": "36"}, {"tip": "-35"}, {"tip": ""}, {"tip": "3.50"}, {"ask": "99"}, {"ask": "x"}]


@pytest.mark.parametrize("sent", WRONG, ids=str)
def test_what_was_not_offered_changes_nothing(asked, display, books, sent):
    before = books()
    assert choose(display, **sent).headers["Location"] == "/display"
    assert (display.phase, books()) == ("tip", before)


def test_a_screen_of_another_till_and_one_of_none_answer_nobodys_question(app, asked, books):
    with app.app_context():
        till = db.session.get_one(Till, asked.shop.till_ids[1])
        tokens = [displays.open_window(till).token, displays.start().token, "nonsense"]
    before = books()
    for token in tokens:
        browser = app.test_client()
        browser.set_cookie("pos_display", token, path="/display")
        sent = {"csrf_token": csrf_token(browser, "/login"), "ask": "1", "tip": "35"}
        assert browser.post("/display/tip", data=sent).headers["Location"] == "/display"
        assert browser.post("/display/tip", data={"ask": "1", "tip": "35"}).status_code == 400
    assert books() == before


def test_the_tills_buttons_go_on_without_a_tip_or_give_up(asked, display, books):
    assert asked.press("Cancel").status_code == 303
    assert books()["sale"] == [] and display.phase == "idle"
    assert asked.charge("3.50").status_code == 303
    assert asked.press("No tip").status_code == 303
    assert decode(asked.payment().qr_string).amount == usd("3.50")
    assert [(one.amount_minor, one.tip_minor) for one in books()["sale"]] == [(350, 0)]


def test_when_time_is_over_either_screens_next_look_makes_the_qr(asked, display, clock):
    page = asked.panel().attrs["hx-get"]
    clock.advance(19)
    assert asked.browser.get(page).status_code == 204
    clock.advance(1)
    assert asked.browser.get(page).status_code == 200
    assert display.phase == "waiting"


def test_a_look_of_the_customers_screen_ends_the_time_too(asked, display, clock):
    page = display.show().attrs["hx-get"]
    clock.advance(20)
    assert display.poll(page).status_code == 200
    assert decode(asked.payment().qr_string).amount == usd("3.50")


def test_cash_takes_no_tip_and_waits_until_the_customer_is_asked_no_more(asked, display, books):
    page = "/till/cash/take?amount=5.00&currency=USD"
    answer = press(asked.browser, page, "Take cash", usd="5", khr="")
    assert answer.status_code == 422 and "asked for a tip" in read(answer).alert
    assert asked.press("Cancel").status_code == 303
    assert press(asked.browser, page, "Take cash", usd="5", khr="").status_code == 303
    assert [(one.amount_minor, one.tip_minor) for one in books()["sale"]] == [(500, 0)]


def test_a_poll_asks_the_database_no_more_than_before(asked, display, queries):
    for browser, page in (
        (asked.browser, asked.panel().attrs["hx-get"]),
        (display.browser, display.show().attrs["hx-get"]),
    ):
        with queries() as told:
            assert browser.get(page).status_code == 204
        assert len(told) == 1


def test_a_manager_sets_it_and_a_cashier_does_not(till, manager, books):
    answer = press(manager, "/tips", "Set the tips", asks="yes")
    assert answer.status_code == 303
    assert read(manager.get("/tips")).form("Set the tips").fields["asks"] == "yes"
    assert [one.asks_tips for one in books()["store"]] == [True]
    assert till.browser.get("/tips").status_code == 403
    assert "Tips set" in read(manager.get("/audit")).text


def sell(till, display, tip):
    assert till.charge("3.50").status_code == 303
    choose(display, tip=tip)
    till.pay()
    till.work(after=60)
    display.show()


def test_x_z_day_and_export_tell_the_tips_apart(asking, display, manager):
    for tip in ("35", "50", "0"):
        sell(asking, display, tip)
    told = "Tips, within what was paid Currency Count Amount USD 2 $0.85"
    assert told in read(asking.browser.get("/shifts/1/x")).text
    assert "KHQR Bakong USD 3 $11.35" in read(asking.browser.get("/shifts/1/x")).text
    report = press(asking.browser, "/shifts/1/close", "Close shift").headers["Location"]
    for paper in ("", "?paper=80mm"):
        told = "Tips, within what was paid Currency Sales Amount USD 2 $0.85"
        assert told in read(asking.browser.get(report + paper)).text
    day = read(manager.get("/days?on=2026-11-22")).text
    assert "Tips, within what was paid 2 in USD $0.85" in day
    table = manager.get("/exports/sales.csv?first=2026-11-22&last=2026-11-22").text
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    told = [(one["Price USD"], one["Tip USD"], one["To pay USD"]) for one in rows]
    assert told == [("3.50", "0.35", "3.85"), ("3.50", "0.50", "4.00"), ("3.50", "", "3.50")]


def test_a_till_closes_while_its_customer_is_asked_and_sells_nothing(asked, display, books):
    answer = press(asked.browser, "/shifts/1/close", "Close shift")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/shifts/1/report")
    assert books()["sale"] == []
    assert [one.status for one in books()["tip_ask"]] == ["dropped"]
    assert display.show().attrs["data-phase"] != "tip"
