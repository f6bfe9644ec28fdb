import pytest

from tests import factories
from tests.factories import PIN
from tests.web.pages import pair, press, read
from tests.web.stories import STORIES

MARK = {"reason": "receipt_seen", "evidence": "receipt 1a2b3c4d", "pin": PIN}


def receipt(till, **wishes):
    (transfer,) = till.bank.pay(till.payment().qr_string, **wishes)
    return transfer["hash"][:8]


def ask(till, code):
    return press(till.browser, "/till/claim", "Ask the bank", receipt=code)


@pytest.mark.parametrize("phase", ["waiting", "checking", "cancelling", "expired"])
def test_the_claim_box_is_offered_while_money_may_have_come(till, phase):
    STORIES[phase](till)
    link = till.panel().one("a", id="claim")
    assert till.payment().tran_id in link.attrs["href"]
    assert till.browser.get(link.attrs["href"]).status_code == 200


@pytest.mark.parametrize("phase", ["idle", "paid", "mismatch", "create_failed"])
def test_it_is_not_offered_where_nothing_waits(till, phase):
    STORIES[phase](till)
    assert list(till.panel().all("a", id="claim")) == []


def test_a_receipt_that_the_bank_knows_turns_the_till_green(waiting):
    answer = ask(waiting, receipt(waiting))
    assert (answer.status_code, answer.headers["Location"]) == (303, "/till")
    page = read(waiting.browser.get("/till"))
    assert page.one(class_="flash-text").text.endswith("The sale is paid.")
    assert page.one(id="payment").attrs["data-phase"] == "paid"


def test_a_receipt_that_the_bank_does_not_know_is_told_with_the_time(waiting):
    answer = ask(waiting, "0badc0de")
    assert answer.status_code == 422
    assert read(answer).alert.startswith("At 09:00:00 the bank had no transfer of $3.50")
    assert waiting.payment().status == "awaiting"


@pytest.mark.parametrize("typed", ["", "<script>", "1234567", "ចំណាយ១២៣"])
def test_a_code_that_is_none_is_told_and_nothing_is_asked(waiting, typed):
    before = waiting.questions()
    assert ask(waiting, typed).status_code == 422
    assert waiting.questions() == before


def test_extra_fields_of_the_form_change_nothing(waiting):
    form = read(waiting.browser.get("/till/claim")).form("Ask the bank").fields
    more = {**form, "receipt": "0badc0de", "amount": "0.01", "status": "paid", "currency": "KHR"}
    waiting.browser.post("/till/claim", data=more)
    asked = next(call for call in waiting.bank.calls() if "short_hash" in call["path"])
    assert "3.5" in str(asked)
    assert waiting.payment().status == "awaiting"


@pytest.fixture
def down(waiting):
    """Till 1 with a waiting QR, and a bank that fails; the manager has a PIN."""
    with waiting.app.app_context():
        factories.give_pin(waiting.shop.manager)
    waiting.bank.misbehave(status=503)
    waiting.work(after=3)
    waiting.clock.advance(5)
    return waiting


def mark(till, **typed):
    page = f"/till/payments/{till.payment().tran_id}/mark"
    manager = {"manager_id": str(till.shop.manager.id)}
    return press(till.browser, page, "Mark as paid", **{**MARK, **manager, **typed})


def test_a_mark_is_offered_only_while_the_bank_cannot_be_asked(waiting):
    address = f"/till/payments/{waiting.payment().tran_id}/mark"
    assert list(waiting.panel().all("a", id="mark")) == []
    assert waiting.browser.get(address).headers["Location"] == "/till"
    waiting.bank.misbehave(status=503)
    waiting.work(after=3)
    assert waiting.panel().one("a", id="mark").attrs["href"] == address


def test_a_marked_sale_is_told_apart_from_a_paid_one_on_every_screen(down, screen):
    pair(down.browser, screen.code)
    assert mark(down).status_code == 303
    assert down.panel().attrs["data-phase"] == "marked"
    assert "Marked by hand" in down.panel().text
    assert screen.phase == "idle"


def test_a_bank_that_answers_again_is_believed_instead_of_a_mark(down):
    down.bank.behave()
    down.pay()
    assert mark(down).status_code == 303
    assert "The bank answers again" in down.browser.get("/till").text
    assert (down.payment().status, down.payment().remark) == ("paid", None)


def test_a_bank_that_answers_not_paid_again_leaves_it_unpaid(down):
    down.bank.behave()
    mark(down)
    assert down.payment().status == "awaiting"


@pytest.mark.parametrize("typed", [{"pin": "918273"}, {"evidence": " "}, {"reason": "none"},
                                   {"manager_id": "1"}, {"manager_id": ""}])  # fmt: skip
def test_without_pin_reason_and_evidence_nothing_is_marked(down, typed, books):
    before = books(but=("pin_try",))
    answer = mark(down, **typed)
    assert answer.status_code == 422
    assert read(answer).alert
    assert books(but=("pin_try",)) == before


def test_the_report_lists_a_mark_apart_and_in_no_total(down):
    mark(down)
    answer = press(down.browser, "/shifts/1/close", "Close shift")
    report = read(down.browser.get(answer.headers["Location"])).one("article").text
    assert "Marked by hand In no total above or below. 1 in USD, $3.50" in report
    assert "Nothing was paid in this shift." in report
