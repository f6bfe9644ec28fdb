"""What a till shows that is paid by PayWay, or that has an account of its own."""

import pytest
from sqlalchemy import update

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount
from tests.web.doors import door, shop
from tests.web.pages import read

__all__ = ["door", "shop"]


def make_real(till):
    with till.app.app_context(), writing(db.session):
        db.session.execute(update(GatewayAccount).values(is_practice=False))


def test_the_claim_of_a_receipt_is_offered_only_where_the_bank_can_find_one(waiting):
    assert "Customer says paid" not in waiting.panel().text
    assert "Check now" in waiting.panel().text
    page = waiting.browser.get("/till/claim").text
    assert "No payment of this till waits for money." in page
    form = {"payment": waiting.payment().tran_id, "receipt": "1a2b3c4d"}
    token = read(waiting.browser.get("/till")).form("Charge").fields["csrf_token"]
    answer = waiting.browser.post("/till/claim", data={**form, "csrf_token": token})
    assert answer.status_code == 422 and "finds no payment by its receipt" in answer.text


def test_the_qr_leads_into_the_banks_app(waiting, display):
    practice = read(display.browser.get("/display")).one(class_="khqr-app").attrs["href"]
    assert practice.startswith(f"{waiting.bank.url}/phone?qr=")
    assert "payment-app" not in waiting.browser.get("/till").text
    make_real(waiting)
    for browser, name in ((display.browser, "khqr-app"), (waiting.browser, "payment-app")):
        page = read(browser.get("/display" if name == "khqr-app" else "/till"))
        link = page.one(class_=name).attrs["href"]
        assert link.startswith("abamobilebank://ababank.com?type=payway&qrcode=000201")


def test_a_qr_that_the_bank_refuses_is_told_with_the_banks_reason(till):
    till.bank.misbehave(payway_code="47")
    till.charge("100", "KHR")
    panel = till.panel()
    assert panel.attrs["data-phase"] == "create_failed"
    assert "Nothing was charged." in panel.text
    assert till.payment().trouble_says in panel.text and till.payment().trouble_says


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        ({"drop": True}, "The bank does not answer."),
        ({"body": "[]"}, "The bank's answer makes no sense."),
    ],
)
def test_a_qr_that_the_bank_does_not_send_is_told_in_our_words(till, switches, said):
    till.bank.misbehave(**switches)
    till.charge()
    assert said in till.panel().text


def test_trouble_is_told_with_the_banks_reason_until_it_is_over(waiting):
    waiting.bank.misbehave(payway_code="5")
    waiting.work(after=3)
    text = waiting.panel().text
    assert "The bank refuses our key. Tell the manager. PayWay does not take our key." in text
    seen = waiting.panel().attrs["hx-get"]
    waiting.bank.behave()
    waiting.work(after=60)
    assert waiting.browser.get(seen).status_code == 200
    assert "does not take our key" not in waiting.panel().text
    assert waiting.payment().trouble_says == ""
