import pytest

from tests.factories import log_in, set_rate, usd
from tests.web.pages import press, read


@pytest.fixture
def cash(till):
    """A till with a rate: $1 is taken for 4,000 riel and given for 4,100."""
    with till.app.app_context():
        set_rate(till.shop)
    return till


def go(till, amount="3.50", currency="USD"):
    """Press Cash on the keypad; return where it leads."""
    form = read(till.browser.get("/till")).form("Charge").fields
    sent = {**form, "amount": amount, "currency": currency}
    return till.browser.post("/till/cash", data=sent)


def take(till, page, button="Take cash", **typed):
    return press(till.browser, page, button, **typed)


def test_cash_takes_two_presses_and_tells_the_change(cash, books):
    before = books()
    page = go(cash).headers["Location"]
    assert page == "/till/cash/take?amount=3.50&currency=USD"
    assert "$3 and ៛2,000 exact" in read(cash.browser.get(page)).text
    assert books() == before
    answer = take(cash, page, usd="5")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/till")
    panel = cash.panel()
    assert (panel.attrs["data-phase"], panel.attrs["data-tone"]) == ("cash", "paid")
    assert "Change $1 and ៛2,000" in panel.text and "Sale 1 $3.50 Cash" in panel.text


def test_going_back_writes_nothing_and_keeps_the_amount(cash, books):
    before = books()
    page = read(cash.browser.get(go(cash).headers["Location"]))
    back = page.one("a", id="back").attrs["href"]
    assert read(cash.browser.get(back)).form("Charge").fields["amount"] == "3.50"
    assert books() == before


def test_the_same_form_sent_twice_takes_cash_once(cash, books):
    page = go(cash).headers["Location"]
    form = read(cash.browser.get(page)).form("Take cash")
    sent = {**form.fields, "usd": "5"}
    for _ in range(2):
        assert cash.browser.post("/till/cash/take", data=sent).status_code == 303
    assert (len(books()["sale"]), len(books()["tender"])) == (1, 1)


REFUSED = [
    ({"usd": "", "khr": ""}, "Type what the customer gave."),
    ({"usd": "3"}, "$0.50 is missing."),
    ({"usd": "3.50"}, "Dollar cash is whole dollars. Type the rest in riel."),
    ({"usd": "3", "khr": "2050"}, "Riel cash comes in hundreds."),
    ({"usd": "-5"}, "The amount must be a plain number, such as 3.50."),
    ({"usd": "៥"}, "The amount must be a plain number, such as 3.50."),
    ({"usd": "500"}, "That is far more than is due. Look at the amount given again."),
    ({"usd": "9" * 19}, "The amount must be a plain number, such as 3.50."),
]


@pytest.mark.parametrize(("typed", "reason"), REFUSED)
def test_notes_that_do_not_pay_are_refused_in_words(cash, books, typed, reason):
    page, before = go(cash).headers["Location"], books()
    answer = take(cash, page, **typed)
    assert (answer.status_code, read(answer).alert) == (422, reason)
    fields = read(answer).form("Take cash").fields
    assert fields["usd"] == typed.get("usd", "") and books() == before


@pytest.mark.parametrize("typed", ["abc", "-1", "", "0", "100001"])
def test_an_amount_that_is_none_stays_at_the_keypad(cash, books, typed):
    before = books()
    assert go(cash, typed).status_code == 422
    away = cash.browser.get(f"/till/cash/take?amount={typed}&currency=USD")
    assert (away.headers["Location"], books()) == ("/till", before)


def test_without_a_rate_cash_pays_in_its_own_currency_only(till):
    page = go(till, "3").headers["Location"]
    assert "No exchange rate is set" in till.browser.get(page).text
    assert "No exchange rate" in read(take(till, page, khr="12300")).alert
    assert take(till, page, usd="5").status_code == 303


def test_an_old_rate_is_warned_of(cash, app, shop):
    cash.clock.advance(days=7, seconds=1)
    browser = log_in(app.test_client(), shop.cashier)
    page = browser.get("/till/cash/take?amount=3.50&currency=USD").text
    assert "The exchange rate is 7 days old." in page


def fragment(till, **asked):
    query = {"amount": "3.50", "currency": "USD", "usd": "", "khr": "", **asked}
    return read(till.browser.get("/till/cash/change", query_string=query)).one(id="change")


def test_the_change_is_told_as_it_is_typed(cash, books):
    before = books()
    assert fragment(cash, usd="5").text == "Change $1 and ៛2,000"
    assert fragment(cash, usd="5", all_riel="yes").text == "Change ៛6,000"
    assert fragment(cash, usd="3").text == "Missing $0.50 Take $3, QR for $0.50"
    assert fragment(cash, usd="x").attrs["data-tone"] == "problem"
    assert fragment(cash).attrs["data-tone"] == "none"
    assert books() == before


def test_no_token_is_sent_with_what_is_asked_while_typing(cash):
    page = read(cash.browser.get("/till/cash/take?amount=1&currency=USD"))
    params = page.one(id="change").attrs["hx-params"].split(",")
    assert set(params) == {"amount", "currency", "payment", "usd", "khr", "all_riel"}


def split(till):
    page = go(till, "10").headers["Location"]
    form = read(till.browser.get(page)).form("Take cash").fields
    sent = {**form, "usd": "4", "rest": "qr"}
    assert till.browser.post("/till/cash/take", data=sent).status_code == 303


def test_a_part_in_cash_shows_a_qr_over_the_rest(cash):
    split(cash)
    assert cash.payment().amount_minor == usd("6").minor
    assert "$4.00 was taken in cash. The QR is over the rest." in cash.panel().text
    cash.pay()
    cash.work(after=3)
    assert cash.panel().attrs["data-phase"] == "paid"


def test_a_part_goes_back_with_one_press(cash, books):
    split(cash)
    assert list(read(cash.browser.get("/till")).all("button", id="cancel")) == []
    cash.press("Give the cash back")
    assert "Give back $4. The sale is cancelled." in cash.browser.get("/till").text
    assert [sale.status for sale in books()["sale"]] == ["voided"]


def test_a_part_that_the_till_has_forgotten_is_found_at_the_drawer(cash, books):
    split(cash)
    cash.work(after=300)
    cash.work(after=1_000)
    assert "Paid in part" in cash.browser.get("/till/drawer").text
    press(cash.browser, "/till/drawer", "Give the cash back")
    assert "Paid in part" not in cash.browser.get("/till/drawer").text
    assert [sale.status for sale in books()["sale"]] == ["voided"]


def test_cash_instead_of_a_qr_pays_the_sale_and_withdraws_the_qr(cash, books):
    cash.charge()
    link = read(cash.browser.get("/till")).one(id="cash-instead").attrs["href"]
    assert "did the customer pay the QR?" in cash.browser.get(link).text
    assert take(cash, link, usd="3", khr="2000").status_code == 303
    assert cash.panel().attrs["data-phase"] == "cash"
    assert [sale.status for sale in books()["sale"]] == ["paid"]
    assert cash.payment().status == "cancel_requested"


def test_a_sale_that_was_paid_meanwhile_takes_no_cash(cash, books):
    cash.charge()
    link = read(cash.browser.get("/till")).one(id="cash-instead").attrs["href"]
    form = read(cash.browser.get(link)).form("Take cash").fields
    cash.pay()
    cash.work(after=3)
    answer = cash.browser.post("/till/cash/take", data={**form, "usd": "5"})
    assert (answer.headers["Location"], books()["tender"]) == ("/till", [])
    assert "This sale is already paid." in cash.browser.get("/till").text


def test_a_next_charge_takes_the_change_off_the_screen(cash):
    take(cash, go(cash).headers["Location"], usd="5")
    cash.clock.advance(1)
    cash.charge("1")
    assert cash.panel().attrs["data-phase"] == "waiting"


def test_a_shift_changed_at_another_screen_sells_nothing_from_an_old_page(cash, manager, books):
    take(cash, go(cash).headers["Location"], usd="5")
    keypad = read(cash.browser.get("/till")).form("Charge").fields
    page = go(cash).headers["Location"]
    form = read(cash.browser.get(page)).form("Take cash").fields
    count = press(manager, "/shifts/1/close", "Stop selling and count").headers["Location"]
    press(manager, count, "Go on selling")
    sales = len(books()["sale"])
    charged = cash.browser.post("/till/charge", data={**keypad, "amount": "1"})
    taken = cash.browser.post("/till/cash/take", data={**form, "usd": "5"})
    assert "changed at another screen" in read(charged).alert
    assert (taken.headers["Location"], len(books()["sale"])) == ("/till", sales)


def test_a_form_without_its_shift_sells_nothing(cash, books):
    keypad = read(cash.browser.get("/till")).form("Charge").fields
    for shift in ("", "1", "1-x", "7-1", "1-" + "9" * 30):
        sent = {**keypad, "amount": "1", "shift": shift}
        assert cash.browser.post("/till/charge", data=sent).status_code == 422
    assert books()["sale"] == []
