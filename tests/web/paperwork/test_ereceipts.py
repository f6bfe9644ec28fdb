import re

import pytest
from sqlalchemy import func, select

from pos.extensions import db
from pos.models import GatewayTransaction, Receipt, ReceiptLink
from pos.web.brake import Brake
from pos.web.paperwork import ereceipts
from tests.factories import set_rate
from tests.refunding import give_back
from tests.web.pages import press, read, scan
from tests.web.stories import STORIES

HOME = "https://pay.mekong.example"
LINK = re.compile(rf"{re.escape(HOME)}(/r/[\w-]{{27}})")
KHMER_PHONE = {"Accept-Language": "km-KH,km;q=0.9,en;q=0.5"}


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"public_url": HOME})


@pytest.fixture
def shown(till, display):
    """A sale over $3.50 that is paid, and the QR of its receipt on the customer's screen."""
    till.charge()
    till.pay()
    till.work(after=3)
    till.clock.advance(8)
    return display


@pytest.fixture
def phone(app):
    """The payer's own: a browser that knows nothing of the shop."""
    return app.test_client()


@pytest.fixture
def path(shown):
    """Where the QR on the customer's screen leads to."""
    found = LINK.fullmatch(scan(shown.show()))
    assert found
    return found[1]


def links(app):
    with app.app_context():
        return db.session.scalar(select(func.count(ReceiptLink.id)))


def test_a_result_stays_for_eight_seconds_and_its_receipt_for_fifteen(shown, till):
    assert shown.phase == "receipt"
    till.clock.advance(14.9)
    assert shown.phase == "receipt"
    till.clock.advance(0.1)
    assert (shown.phase, list(shown.show().all("svg", class_="qr"))) == ("idle", [])


def test_the_way_to_a_receipt_looks_like_nothing_to_pay(shown):
    screen = shown.show()
    assert list(screen.all(class_="khqr")) == list(screen.all(class_="khqr-head")) == []
    assert "KHQR" not in screen.text
    assert screen.one(class_="offer-name").text == "បង្កាន់ដៃ Receipt"


def test_a_new_charge_takes_the_screen_at_once(shown, till):
    till.charge("1.25")
    assert shown.phase == "waiting"
    assert scan(shown.show()) == till.payment().qr_string


def test_all_screens_of_a_till_and_all_looks_show_one_link(shown, till, app, path):
    address = scan(shown.show())
    assert (scan(shown.show()), links(app)) == (address, 1)


def test_cash_has_its_receipt_on_the_screen_too(till, display):
    with till.app.app_context():
        set_rate(till.shop)
    page = "/till/cash/take?amount=2.00&currency=USD"
    assert press(till.browser, page, "Take cash", usd="5").status_code == 303
    assert display.phase == "cash"
    till.clock.advance(8)
    assert (display.phase, bool(LINK.fullmatch(scan(display.show())))) == ("receipt", True)
    assert "$2.00" in display.show().text


NOT_PAID = ["expired", "cancelled", "mismatch", "marked", "denied", "late"]


@pytest.mark.parametrize("story", NOT_PAID)
def test_what_no_bank_has_confirmed_offers_no_receipt(till, display, story, app):
    STORIES[story](till)
    for _ in range(80):
        till.clock.advance(1)
        assert display.phase != "receipt"
    assert links(app) == 0


def test_the_receipt_says_what_the_paper_says(phone, path, till):
    page = read(phone.get(path))
    assert page.one("h1").text == "Receipt 1"
    for told in ("Mekong Coffee", "Riverside", "$3.50", "Till 1", "Dara", "Sun 22 Nov 2026"):
        assert told in page.text, told
    assert till.payment().tran_id in page.text


def test_it_opens_in_the_language_of_the_phone_and_can_be_switched(phone, path):
    page = read(phone.get(path, headers=KHMER_PHONE))
    assert (page.one("html").attrs["lang"], page.one("h1").text) == ("km", "បង្កាន់ដៃលេខ 1")
    (switch,) = (link.attrs["href"] for link in page.all("a"))
    assert read(phone.get(switch, headers=KHMER_PHONE)).one("h1").text == "Receipt 1"
    assert read(phone.get(path)).one("html").attrs["lang"] == "en"


def test_nobody_else_learns_of_it(phone, path):
    answer = phone.get(path)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert answer.headers.getlist("Set-Cookie") == []
    assert list(read(answer).all("form")) == list(read(answer).all("script")) == []


def test_the_books_hold_nothing_that_opens_a_receipt(path, books):
    token = path.removeprefix("/r/")
    assert token not in repr(books())


def test_a_receipt_is_numbered_when_it_is_first_read_and_once(phone, path, app):
    def numbers():
        with app.app_context():
            return list(db.session.scalars(select(Receipt.number)))

    assert numbers() == []
    assert [phone.get(path).status_code for _ in range(2)] == [200, 200]
    assert numbers() == [1]


def all_but_number(answer):
    """The headers of an answer; its number differs from every other's."""
    return {name: text for name, text in answer.headers.items() if name != "X-Request-ID"}


def test_a_wrong_link_and_an_ended_one_are_answered_alike(phone, path, till):
    till.clock.advance(days=30, seconds=-9)
    assert phone.get(path).status_code == 200
    till.clock.advance(seconds=9)
    ended = phone.get(path)
    for wrong in (path[:-1] + "_", "/r/x", "/r/" + "A" * 900, "/r/%ff", "/r/ក"):
        answer = phone.get(wrong)
        assert (answer.status_code, answer.text) == (404, ended.text), wrong
        assert all_but_number(answer) == all_but_number(ended), wrong
    assert ended.headers["Cache-Control"] == "private, no-store"


def test_looking_for_links_changes_nothing(phone, path, books):
    before = books()
    phone.get("/r/" + "B" * 27)
    phone.head(path[:-2])
    for method in ("POST", "PUT", "DELETE"):
        assert phone.open(path, method=method).status_code in (400, 405)
    assert books() == before


def test_money_given_back_since_stands_on_it(phone, path, till):
    with till.app.app_context():
        money = db.session.scalars(select(GatewayTransaction)).one()
        give_back(money.id, till.shop, "1", reference="FT-0001")
    back = read(phone.get(path)).one(class_="ereceipt-back").text
    assert "Given back" in back
    assert "In all $1.00 Left of what was paid $2.50" in back


def test_whoever_guesses_is_slowed_down(phone, path, monkeypatch):
    monkeypatch.setattr(ereceipts, "brake", Brake(0.001, 3))
    told = [phone.get("/r/" + "C" * 27).status_code for _ in range(4)]
    assert told == [404, 404, 404, 429]


def test_the_till_shows_the_link_again_and_so_does_its_screen(shown, till, path):
    till.clock.advance(60)
    assert shown.phase == "idle"
    answer = press(till.browser, "/receipts", "Receipt QR of sale 1")
    assert answer.headers["Location"] == "/receipts/1/qr"
    page = read(till.browser.get("/receipts/1/qr"))
    assert scan(page.one(class_="offer-slip")) == scan(shown.show()) == HOME + path
    till.clock.advance(15)
    assert shown.phase == "idle"


def test_a_receipt_asked_for_never_covers_a_qr_to_pay(shown, till):
    till.charge("1.25")
    press(till.browser, "/receipts", "Receipt QR of sale 1")
    assert shown.phase == "waiting"


def test_a_sale_that_is_not_paid_has_no_link(waiting, app):
    page = read(waiting.browser.get("/password"))
    token = page.form("Log out").fields["csrf_token"]
    answer = waiting.browser.post("/receipts/1/qr", data={"csrf_token": token})
    assert (answer.status_code, links(app)) == (422, 0)
    assert waiting.browser.get("/receipts/1/qr").headers["Location"] == "/receipts"


def test_without_a_public_address_nothing_of_it_is_offered(till, display, app):
    app.extensions["pos_settings"] = app.extensions["pos_settings"].model_copy(
        update={"public_url": ""}
    )
    till.charge()
    till.pay()
    till.work(after=3)
    assert "Receipt QR" not in till.panel().text
    till.clock.advance(8)
    assert (display.phase, links(app)) == ("idle", 0)


def test_a_result_is_locked_for_its_first_five_seconds(waiting):
    assert "data-locked-ms" not in waiting.panel().attrs
    waiting.pay()
    waiting.work(after=3)
    assert waiting.panel().attrs["data-locked-ms"] == "5000"
    waiting.clock.advance(4.5)
    assert waiting.panel().attrs["data-locked-ms"] == "500"
    waiting.clock.advance(0.5)
    assert "data-locked-ms" not in waiting.panel().attrs
