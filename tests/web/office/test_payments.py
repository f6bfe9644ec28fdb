import pytest

from pos.models import Role
from tests import factories
from tests.factories import create_user, log_in
from tests.web.pages import read, scan
from tests.web.stories import STORIES


@pytest.fixture
def boss(till, app):
    """The manager's browser, beside the cashier's."""
    return log_in(app.test_client(), till.shop.manager)


def main(browser, address):
    answer = browser.get(address)
    assert answer.status_code == 200, answer.status_code
    return read(answer).one("main")


def rows(browser, address="/payments"):
    return [row.text for row in main(browser, address).all("tr")][1:]


def detail(till):
    return f"/payments/{till.payment().tran_id}"


def test_without_payments_the_list_says_so(boss):
    assert "No payments yet." in main(boss, "/payments").text


def test_the_list_tells_of_each_payment_and_leads_to_it(till, boss):
    STORIES["paid"](till)
    page = main(boss, "/payments")
    (row,) = rows(boss)
    assert "$3.50" in row and "Till 1" in row and "Dara" in row and "Paid" in row
    assert detail(till) in {link.attrs["href"] for link in page.all("a")}


def test_filters_stay_in_the_address_and_can_be_cleared(till, boss):
    STORIES["paid"](till)
    address = "/payments?text=3.50&state=paid&till=1&first=2026-11-01"
    page = main(boss, address)
    assert "Found: 1" in page.text and page.one(id="text").attrs["value"] == "3.50"
    chosen = [one.attrs["value"] for one in page.all("option") if "selected" in one.attrs]
    assert chosen == ["paid", "1"]
    assert page.one(id="first").attrs["value"] == "2026-11-01"
    assert "Clear" in page.text and "No payment fits." in main(boss, f"{address}&currency=KHR").text


def test_what_fits_nothing_says_so_and_where_it_was_looked(till, boss):
    STORIES["paid"](till)
    text = main(boss, "/payments?text=nobody").text
    assert "No payment fits." in text and "31 days at a time" in text
    assert "The 31 days before" in text


@pytest.mark.parametrize(
    "query",
    [
        *("state=x", "till=99", "cashier=99", "gateway=x", "currency=EUR", "remark=x"),
        *("first=soon", "first=2026-11-02&last=2026-11-01", "before=x", "before=1"),
        *("before=9999999999999999-1", "before=999999999999999-1", "before=1-x"),
    ],
)
def test_what_cannot_be_asked_is_said(boss, query):
    answer = boss.get(f"/payments?{query}")
    assert answer.status_code == 422 and read(answer).alert


@pytest.mark.parametrize(
    "text", ["<b>x</b>", "%", "'", "\x00", "9" * 400, "១២៣", "a" * 64, "$", "-1"]
)
def test_any_text_can_be_searched_for(till, boss, text):
    STORIES["paid"](till)
    answer = boss.get("/payments", query_string={"text": text})
    assert answer.status_code == 200 and "<b>x" not in answer.text


def test_a_cashier_sees_the_last_five_of_the_own_shift_and_no_search(till):
    for _ in range(6):
        till.charge()
        till.pay()
        till.work(after=3)
    page = main(till.browser, "/payments?text=nothing")
    assert len(list(page.all("tr"))) == 6 and "Search" not in page.text
    first = till.payment().tran_id
    assert till.browser.get(f"/payments/{first}").status_code == 200
    with till.app.app_context():
        oldest = factories.db.session.get_one(factories.Payment, 1).tran_id
    assert till.browser.get(f"/payments/{oldest}").status_code == 404


def test_a_colleague_sees_none_of_it(waiting, app):
    with app.app_context():
        sokha = create_user(waiting.shop.store_id, "sokha")
    browser = log_in(app.test_client(), sokha)
    assert rows(browser) == [] and browser.get(detail(waiting)).status_code == 404


@pytest.mark.parametrize("story", [name for name in STORIES if name != "idle"])
def test_every_state_of_a_payment_has_its_page(till, boss, story):
    STORIES[story](till)
    page = main(boss, detail(till))
    assert "$3.50" in page.text and "Amount typed, sale 1" in page.text


def test_a_waiting_qr_is_drawn_and_read_out(waiting, boss):
    page = main(boss, detail(waiting))
    assert scan(page) == waiting.payment().qr_string
    assert "Merchant Mekong Coffee" in page.text and "54 Amount 3.5" in page.text


@pytest.mark.parametrize("story", ["paid", "expired", "cancelled", "failed", "late", "checking"])
def test_a_qr_that_is_over_is_never_drawn(till, boss, story):
    STORIES[story](till)
    page = main(boss, detail(till))
    assert list(page.all("svg", class_="qr")) == [] and "Not for payment" in page.text
    assert till.payment().qr_string in page.text


def test_the_timeline_tells_events_and_answers_in_their_order(till, boss):
    STORIES["late"](till)
    steps = [step.text for step in main(boss, detail(till)).all("li")]
    told = ["Amount typed", "QR shown", "time was up", "no payment", "Expired", "asked: paid",
            "Money came that needs a person"]  # fmt: skip
    found = iter(steps)
    assert all(any(word in step for step in found) for word in told), steps
    assert "dara, Cashier" in " ".join(steps) and "What was heard" in " ".join(steps)


def test_the_same_answer_many_times_is_one_line(till, boss):
    till.charge()
    for _ in range(5):
        till.work(after=3)
    assert "(5 times)" in main(boss, detail(till)).text


def test_no_key_stands_on_the_page(till, boss):
    till.bank.misbehave(status=401)
    STORIES["late"](till)
    with till.app.app_context():
        sealed = factories.db.session.get_one(factories.Payment, 1).account.token_sealed
    text = boss.get(detail(till)).text
    assert sealed not in text and "Bearer" not in text and "eyJ" not in text


def test_buttons_lead_to_what_may_be_done(till, boss, app):
    STORIES["mismatch"](till)
    assert "Decide about it" in main(boss, detail(till)).text
    with app.app_context():
        reader = create_user(till.shop.store_id, "vanna", Role.AUDITOR)
    STORIES["paid"](till)
    text = main(boss, detail(till)).text
    assert "Record a manual refund" in text and "Issue a receipt" in text
    text = main(log_in(app.test_client(), reader), detail(till)).text
    assert "Record a manual refund" not in text and "Issue a receipt" not in text


def test_another_stores_payment_does_not_exist(waiting, app, bank):
    with app.app_context():
        other = factories.create_other_shop(bank.url, bank.token())
    browser = log_in(app.test_client(), other.manager)
    assert browser.get(detail(waiting)).status_code == 404 and rows(browser) == []
