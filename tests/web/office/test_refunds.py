import pytest

from pos.database import READS
from pos.extensions import db
from pos.models import Payment, Refund
from tests import factories
from tests.factories import PIN, charge, open_shift, usd
from tests.payway import ask
from tests.payway import open_shop as open_payway
from tests.refunding import REFUND_PATH, at_bank, give_keys, money_of
from tests.web.conftest import Counter
from tests.web.office.test_attention import badge
from tests.web.pages import press, read
from tests.web.stories import STORIES


def refunds_of(till):
    with till.app.app_context(), db.engines[READS].connect() as connection:
        return connection.execute(Refund.__table__.select()).all()


def where(till):
    return f"/refunds/payments/{till.payment().tran_id}"


def give(till, browser=None, **typed):
    form = {"amount": "1", "reason": "goods_back", "pin": PIN,
            "manager_id": str(till.shop.manager.id), **typed}  # fmt: skip
    return press(browser or till.browser, where(till), "Give it back", **form)


@pytest.fixture
def paid(till):
    """Three and a half dollars at a bank that cannot give back, and a manager with a PIN."""
    STORIES["paid"](till)
    with till.app.app_context():
        factories.give_pin(till.shop.manager)
    return till


@pytest.fixture
def payway(app, bank, clock):
    """The same at a bank that can."""
    shop = open_payway(app, bank)
    give_keys(app)
    with app.app_context():
        factories.give_pin(shop.manager)
        payment = charge(open_shift(shop), usd("3.50"))
        bank.pay(payment.qr_string)
        ask(payment)
    browser = factories.log_in(app.test_client(), shop.cashier)
    return Counter(app, shop, bank, clock, browser)


def test_nothing_was_given_back_and_the_list_says_so(till):
    text = read(till.browser.get("/refunds")).one("main").text
    assert "Nothing was given back yet" in text and "No payment is left" in text


def test_the_till_leads_to_a_refund_where_the_bank_can(payway):
    assert payway.panel().one(id="refund").text == "Refund"


def test_and_to_a_record_of_one_where_it_cannot(paid):
    assert paid.panel().one(id="refund").text == "Record a manual refund"
    text = read(paid.browser.get(where(paid))).one("main").text
    assert "cannot give money back" in text and "Reference of the transfer" in text


def test_a_refund_is_made_and_the_page_says_so(payway):
    answer = give(payway)
    page = read(payway.browser.get(answer.headers["Location"]))
    assert "$1.00 went back." in page.text and "Given back" in page.one("main").text
    assert "$2.50 left" in read(payway.browser.get("/refunds")).one("main").text
    (row,) = refunds_of(payway)
    assert (row.status, row.amount_minor, row.approved_by_id) == ("done", 100, 2)


def other_transfer(till):
    """A transfer of the shop's to the payer, over a cent less than the refund."""
    sent = {"from_account": factories.ACCOUNT_ID, "to_account": "customer@practice"}
    (booked,) = till.bank.pay(till.payment().qr_string, amount="0.99", currency="USD", **sent)
    return booked["hash"]


@pytest.fixture
def denied(paid):
    """A refund recorded with the hash of another transfer."""
    form = {"amount": "1", "reason": "goods_back", "reference": other_transfer(paid), "pin": PIN}
    press(paid.browser, where(paid), "Write it down", **form, **agreed(paid))
    return paid


def agreed(till):
    return {"manager_id": str(till.shop.manager.id)}


def take_note(till, manager, **typed):
    form = {"note": "Typed from another receipt", "pin": PIN, **agreed(till), **typed}
    return press(manager, "/refunds/1", "Take note", **form)


def test_a_denied_refund_stays_in_attention_until_a_manager_looked_into_it(denied, manager):
    assert badge(denied.browser) == badge(manager, "/attention") == "1"
    assert "the transfer is another one" in read(manager.get("/attention")).one("main").text
    assert take_note(denied, manager).status_code == 303
    page = read(manager.get("/refunds/1")).one("main").text
    assert "Maly, Sun 22 Nov 2026" in page and "Typed from another receipt" in page
    assert badge(manager, "/attention") == ""
    assert "Denied refund looked into" in read(manager.get("/audit")).one("tbody").text


@pytest.mark.parametrize("typed", [{"pin": "918273"}, {"note": "x"}, {"manager_id": "1"}])
def test_a_denied_refund_is_not_noted_without_a_pin_and_a_note(denied, manager, typed):
    assert take_note(denied, manager, **typed).status_code == 422
    assert badge(manager, "/attention") == "1"


def test_a_manual_refund_is_written_down(paid):
    form = {"amount": "3.50", "reason": "goods_back", "reference": "FT-0001", "pin": PIN,
            "manager_id": str(paid.shop.manager.id)}  # fmt: skip
    assert press(paid.browser, where(paid), "Write it down", **form).status_code == 303
    (row,) = refunds_of(paid)
    assert (row.kind, row.status, row.reference) == ("manual", "done", "FT-0001")
    assert "All of this money has gone back" in read(paid.browser.get(where(paid))).one("main").text


def test_without_the_managers_pin_nothing_is_sent(payway, books):
    before = books(but=("pin_try",))
    answer = give(payway, pin="918273")
    assert (answer.status_code, read(answer).alert) == (422, "The PIN is wrong.")
    assert "918273" not in answer.text and books(but=("pin_try",)) == before
    assert not any("refund" in call["path"] for call in payway.bank.calls())


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"amount": "3.51"}, "At most $3.50"),
        ({"amount": "0"}, "more than zero"),
        ({"amount": "-1"}, "plain number"),
        ({"amount": "1,5"}, "plain number"),
        ({"reason": ""}, "Choose a reason"),
        ({"reason": "other"}, "Write the reason down"),
        ({"manager_id": ""}, "Choose the manager"),
    ],
    ids=str,
)
def test_a_bad_form_is_told_and_drawn_again(payway, typed, says):
    answer = give(payway, **typed)
    assert answer.status_code == 422 and says in read(answer).alert
    assert refunds_of(payway) == []


def test_the_same_form_sent_twice_gives_back_once(payway):
    key = read(payway.browser.get(where(payway))).one("input", name="key").attrs["value"]
    first, second = give(payway, key=key), give(payway, key=key)
    assert first.headers["Location"] == second.headers["Location"] == "/refunds/1"
    assert len(refunds_of(payway)) == 1


def test_an_open_refund_is_told_everywhere_and_ends_when_the_bank_is_asked(payway):
    payway.bank.misbehave(cut=True, path=REFUND_PATH)
    answer = give(payway)
    payway.bank.behave()
    page = read(payway.browser.get(answer.headers["Location"]))
    assert "Do not refund it again" in page.text and "Not known yet" in page.one("main").text
    assert badge(payway.browser) == "1" == payway.panel().attrs["data-attention"]
    assert "See this refund" in payway.browser.get("/attention").text
    assert "no more can be given back" in payway.browser.get(where(payway)).text
    press(payway.browser, "/refunds/1", "Ask the bank now")
    assert refunds_of(payway)[0].status == "done" and badge(payway.browser) == ""


def test_what_went_back_at_the_bank_is_told_and_noted(payway):
    with payway.app.app_context():
        at_bank(payway.bank, money_of(payway.payment()), "1.50")
        ask_about(payway)
    assert badge(payway.browser) == "1"
    assert "Given back at the bank" in read(payway.browser.get(where(payway))).one("main").text
    form = {"note": "seen in the portal", "pin": PIN, "manager_id": str(payway.shop.manager.id)}
    assert press(payway.browser, "/refunds/1", "Take note", **form).status_code == 303
    assert refunds_of(payway)[0].status == "done" and badge(payway.browser) == ""


def ask_about(till):
    ask(db.session.get_one(Payment, till.payment().id))


def test_a_number_leads_to_its_payment_and_a_wrong_one_is_told(payway):
    found = payway.browser.get(f"/refunds?number={payway.payment().tran_id}")
    assert found.headers["Location"] == where(payway)
    missing = payway.browser.get("/refunds?number=<b>nothing</b>")
    assert missing.status_code == 404 and "no received payment" in read(missing).alert
    assert "<b>nothing" not in missing.text


def test_a_payment_without_money_has_nothing_to_give_back(waiting):
    assert waiting.browser.get(where(waiting)).status_code == 404


def test_the_till_tells_how_much_went_back_and_what_is_left(payway):
    give(payway, amount="1")
    panel = payway.panel()
    assert panel.one(id="gone-back").text.strip() == "$1.00 given back, $2.50 left."
    assert "Part refunded" in panel.text
    give(payway, amount="2.50")
    panel = payway.panel()
    assert "$3.50 given back, $0.00 left." in panel.text
    assert "Refunded" in panel.text and "Part refunded" not in panel.text


def test_before_any_refund_the_till_says_nothing_of_them(payway):
    assert "given back" not in payway.panel().text


def test_a_refund_that_may_have_gone_through_is_not_called_given_back(payway):
    payway.bank.misbehave(drop=True, path=REFUND_PATH)
    give(payway, amount="1")
    panel = payway.panel()
    assert "$1.00 being given back" in panel.one(id="gone-back").text
    assert "Refund not known" in panel.text


def test_the_page_that_closes_the_shift_tells_of_its_refunds(payway):
    def page():
        return read(payway.browser.get("/shifts/1/close")).one("main")

    assert "Given back" not in page().text
    give(payway, amount="1")
    give(payway, amount="0.50")
    row = " ".join(page().one(id="given-back").text.split())
    assert row.endswith("Refund USD 2 $1.50")
    payway.bank.misbehave(drop=True, path=REFUND_PATH)
    give(payway, amount="1")
    assert "Refunds that are open, in no total" in page().text
