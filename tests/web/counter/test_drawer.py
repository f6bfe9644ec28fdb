import pytest

from pos.cash import Cash
from pos.services.bookkeeping import shifts
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from tests.factories import PIN, give_pin, new_key, set_rate, usd
from tests.web.pages import press, read


@pytest.fixture
def drawer(till, manager):
    """Till 1 with a rate, a manager's PIN, and one sale of $3.50 paid with $5 from a float."""
    with till.app.app_context():
        set_rate(till.shop)
        give_pin(till.shop.manager)
        shift = shifts.open_shift_of(till.shop.cashier.id)
        offer = Offer(given=Cash(500, 0))
        tenders.take_for_new_sale(shift.id, usd("3.50"), offer, new_key(), who="dara")
    return till


def move(till, word, button, **typed):
    return press(till.browser, f"/till/drawer/{word}", button, **typed)


def paid_in(till, **typed):
    typed = {"usd": "20", "khr": "40000", "reason": "change_brought", **typed}
    return move(till, "paid-in", "Paid in", **typed)


def test_cash_goes_in_and_out_with_a_reason_and_stands_on_the_page(drawer):
    assert paid_in(drawer).headers["Location"] == "/till/drawer"
    bought = {"usd": "5", "reason": "other", "note": "ice, two bags"}
    move(drawer, "paid-out", "Paid out", **bought)
    move(drawer, "no-sale", "Open the drawer", reason="looked")
    page = drawer.browser.get("/till/drawer").text
    assert "Paid in" in page and "Another reason: ice, two bags" in page
    assert "To look into the drawer" in page and "Expected" not in page


def test_an_address_that_is_no_deed_is_not_found(drawer):
    assert drawer.browser.get("/till/drawer/steal").status_code == 404
    assert drawer.browser.get("/till/drawer/refund/99").status_code == 404


BAD = [
    ({"usd": "5", "reason": ""}, "Choose a reason."),
    ({"usd": "5", "reason": "other", "note": ""}, "Write the reason down."),
    ({"usd": "", "reason": "supplies"}, "Type an amount first."),
    ({"usd": "-5", "reason": "supplies"}, "The amount must be a plain number, such as 3.50."),
    ({"usd": "2.50", "reason": "supplies"}, "Dollar cash is whole dollars. Type the rest in riel."),
    ({"usd": "6", "reason": "supplies"}, "There is not that much in the drawer."),
]


@pytest.mark.parametrize(("typed", "reason"), BAD)
def test_what_cannot_go_out_is_refused_in_words_and_nothing_is_saved(drawer, books, typed, reason):
    before = books()
    answer = move(drawer, "paid-out", "Paid out", **typed)
    assert (answer.status_code, read(answer).alert) == (422, reason)
    assert books() == before


def test_above_the_limit_a_manager_types_a_pin(drawer, books):
    refused = paid_in(drawer, usd="51")
    assert read(refused).alert == "Choose the manager who agrees."
    wrong = paid_in(drawer, usd="51", manager_id="2", pin="000000")
    assert read(wrong).alert == "The PIN is wrong." and "000000" not in wrong.text
    assert paid_in(drawer, usd="51", manager_id="2", pin=PIN).status_code == 303
    assert [row.approved_by_id for row in books()["cash_movement"]] == [2]


def test_the_same_form_moves_cash_once(drawer, books):
    form = read(drawer.browser.get("/till/drawer/paid-in")).form("Paid in").fields
    sent = {**form, "usd": "20", "reason": "change_brought"}
    for _ in range(2):
        assert drawer.browser.post("/till/drawer/paid-in", data=sent).status_code == 303
    assert len(books()["cash_movement"]) == 1


def test_a_cash_sale_is_refunded_with_a_manager(drawer, books):
    paid_in(drawer)
    link = next(a for a in read(drawer.browser.get("/till/drawer")).all("a") if a.text == "Refund")
    page = link.attrs["href"]
    typed = {"reason": "goods_back", "manager_id": "2"}
    refused = press(drawer.browser, page, "Give cash back", pin="123123", **typed)
    assert (refused.status_code, len(books()["cash_movement"])) == (422, 1)
    answer = press(drawer.browser, page, "Give cash back", pin=PIN, **typed)
    assert answer.headers["Location"] == "/till/drawer"
    assert "Give back $3 and ៛2,000." in drawer.browser.get("/till/drawer").text
    again = press(drawer.browser, page, "Give cash back", pin=PIN, amount="0.01", **typed)
    assert "At most $0.00" in read(again).alert


def test_a_manager_sets_the_rate_and_a_jump_takes_a_tick(drawer, manager, books):
    jump = press(manager, "/rates", "Set the rate", buy="4000", sell="4500")
    assert jump.status_code == 422 and len(books()["exchange_rate"]) == 1
    sent = {**read(jump).form("Set the rate").fields, "sure": "yes"}
    assert manager.post("/rates", data=sent).status_code == 303
    assert "៛4,500" in manager.get("/rates").text
    assert drawer.browser.get("/rates").status_code == 403


@pytest.mark.parametrize(
    ("buy", "sell"), [("", ""), ("abc", "4100"), ("4100", "4000"), ("-1", "1")]
)
def test_a_rate_that_is_none_is_refused(drawer, manager, books, buy, sell):
    assert press(manager, "/rates", "Set the rate", buy=buy, sell=sell).status_code == 422
    assert len(books()["exchange_rate"]) == 1
