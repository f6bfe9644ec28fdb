import pytest

from pos.extensions import db
from pos.models import User
from pos.services.people import users
from pos.services.shop import lease
from tests.web.pages import press, read, without_tokens
from tests.web.stories import STORIES

COOKIE = "pos_login"


def test_an_unchanged_panel_is_not_sent_again(waiting):
    for _ in range(3):
        answer = waiting.poll()
        assert (answer.status_code, answer.data) == (204, b"")


def test_the_panel_asks_for_itself_each_second_and_says_what_it_has_seen(waiting):
    panel = waiting.panel().attrs
    assert panel["hx-get"].startswith("/till/payment?seen=")
    assert (panel["hx-trigger"], panel["hx-swap"]) == ("every 1s", "outerHTML")
    assert panel["hx-target"] == "this"


@pytest.mark.parametrize("phase", [phase for phase in STORIES if phase != "idle"])
def test_each_phase_is_drawn_anew_and_by_the_poll_as_by_the_page(till, phase):
    before = till.panel().attrs["hx-get"]
    STORIES[phase](till)
    fragment = till.browser.get(before).text
    (root,) = (child for child in read(fragment).children if not isinstance(child, str))
    assert (root.tag, root.attrs["id"], root.attrs["data-phase"]) == ("section", "payment", phase)
    assert without_tokens(fragment).strip() in without_tokens(till.browser.get("/till").text)


def test_each_phase_is_told_to_a_screen_reader_in_a_sentence(till):
    assert read(till.browser.get("/till")).one(role="status").text == "Ready"
    till.charge()
    assert read(till.browser.get("/till")).one(role="status").text == "Waiting for $3.50"
    assert till.panel().attrs["data-announce"] == "Waiting for $3.50"


def test_an_unchanged_poll_asks_the_database_once(waiting, queries):
    address = waiting.panel().attrs["hx-get"]
    with queries() as asked:
        assert waiting.browser.get(address).status_code == 204
    assert len(asked) == 1, asked


def test_looking_at_the_till_asks_the_bank_nothing(waiting):
    calls = len(waiting.bank.calls())
    for _ in range(5):
        waiting.clock.advance(60)
        waiting.browser.get("/till")
        waiting.browser.get("/till/payment")
    assert len(waiting.bank.calls()) == calls


def test_polls_go_on_while_the_bank_is_down(waiting):
    waiting.bank.misbehave(drop=True)
    assert waiting.poll().status_code == 204


def test_a_shift_closed_elsewhere_sends_the_panel_to_the_opening_of_one(till, manager):
    address = till.panel().attrs["hx-get"]
    close = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    assert press(manager, close, "Close shift").status_code == 303
    answer = till.browser.get(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/shifts/open")
    assert answer.data == b""


def log_out_elsewhere(till):
    elsewhere = till.app.test_client()
    elsewhere.set_cookie(COOKIE, till.browser.get_cookie(COOKIE).value)
    assert press(elsewhere, "/password", "Log out").status_code == 303


def shut_out(till):
    with till.app.app_context():
        users.set_active(db.session.get_one(User, till.shop.cashier.id), False)


def wait_too_long(till):
    till.clock.advance(hours=12)


def lose_the_cookie(till):
    till.browser.delete_cookie(COOKIE)


def spoil_the_cookie(till):
    till.browser.set_cookie(COOKIE, till.browser.get_cookie(COOKIE).value[:-1] + "!")


ENDS = [log_out_elsewhere, shut_out, wait_too_long, lose_the_cookie, spoil_the_cookie]


@pytest.mark.parametrize("end", ENDS)
def test_a_login_that_is_over_sends_the_panel_to_the_login(till, end):
    address = till.panel().attrs["hx-get"]
    assert till.browser.get(address).status_code == 204
    end(till)
    answer = till.browser.get(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")
    assert answer.data == b""


def test_what_another_till_has_seen_is_not_unchanged_here(world):
    colleague, cashier = world.browsers["colleague"], world.browsers["cashier"]
    seen = read(colleague.get("/till")).one(id="payment").attrs["hx-get"]
    answer = cashier.get(seen)
    assert (answer.status_code, "$3.50" in read(answer).text.replace(" ", "")) == (200, True)


def test_the_till_says_who_works_where_since_when(till):
    page = read(till.browser.get("/till"))
    assert page.one(class_="charge-shift").text.startswith("Dara, shift open since 09:00")
    assert page.one(class_="header-names").text == "Riverside Till 1"


def test_without_a_shift_the_till_leads_to_the_opening_of_one(cashier):
    answer = cashier.get("/till")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/shifts/open")


def test_a_paid_sale_says_when_and_from_whom_and_clears_by_itself(till):
    STORIES["paid"](till)
    assert "09:00:00, from customer@practice" in till.panel().text
    till.clock.advance(7.9)
    assert till.panel().attrs["data-phase"] == "paid"
    till.clock.advance(0.1)
    assert till.panel().attrs["data-phase"] == "idle"


def test_the_last_five_payments_of_the_shift_are_listed_newest_first(till):
    for amount in ("1", "2", "3", "4", "5", "6"):
        till.charge(amount)
        till.press("Cancel")
        till.work()
    rows = [row.text for row in till.panel().all("li", class_="recent-row")]
    assert rows[0] == "09:00 Sale 6 $6.00 Cancelled"
    assert [row.split()[3] for row in rows] == ["$6.00", "$5.00", "$4.00", "$3.00", "$2.00"]


def test_the_till_says_when_the_checker_is_not_running(waiting):
    assert "The checker is not running: press Check now." in waiting.panel().text
    with waiting.app.app_context():
        lease.hold("a worker")
    assert "The checker is not running" not in waiting.panel().text
    address = waiting.panel().attrs["hx-get"]
    waiting.clock.advance(16)
    assert "The checker is not running" in waiting.browser.get(address).text


def test_a_new_shift_lists_no_payment_of_the_last_one(till):
    STORIES["paid"](till)
    close = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    press(till.browser, close, "Close shift")
    press(till.browser, "/shifts/open", "Open shift")
    assert "None yet in this shift." in till.panel().text
