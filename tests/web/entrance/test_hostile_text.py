import pytest
from markupsafe import escape
from sqlalchemy import update

from pos.database import writing
from pos.extensions import db
from pos.models import Merchant, Store, Till, User
from tests.web.hostile import NAMES, PAYLOADS, assert_inert
from tests.web.pages import press, read
from tests.web.stories import STORIES


def call_everything(app, payload):
    """Give every name in the shop this text; what goes into a QR is cut to its length."""
    with app.app_context(), writing(db.session):
        db.session.execute(update(User).values(display_name=payload))
        db.session.execute(update(Store).values(name=payload))
        db.session.execute(update(Merchant).values(name=payload[:25]))
        for till in db.session.query(Till):
            till.name = f"{payload} {till.id}"


@pytest.mark.parametrize("payload", NAMES)
@pytest.mark.sqlite
def test_a_hostile_name_is_only_text_on_every_page(till, display, manager, payload):
    call_everything(till.app, payload)
    till.charge()
    close = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    for page in ("/till", "/pairing", "/password", "/shifts", close):
        assert_inert(till.browser.get(page).text, payload)
    for page in ("/shifts", "/shifts/open", close):
        assert_inert(manager.get(page).text, payload)
    assert_inert(display.browser.get("/display").text, payload[:25].strip())
    till.press("Cancel")
    till.work(after=5)
    assert_inert(display.browser.get("/display/screen").text, payload)
    report = press(till.browser, close, "Close shift").headers["Location"]
    assert_inert(till.browser.get(report).text, payload)


@pytest.mark.parametrize("payload", [name[:128] for name in NAMES])
def test_what_the_bank_says_of_a_payer_is_only_text(till, payload):
    till.bank.misbehave(set={"fromAccountId": payload, "externalRef": payload})
    STORIES["paid"](till)
    heard = "".join(sign for sign in payload if sign.isprintable()).strip()
    assert_inert(till.browser.get("/till/payment").text, f", from {heard}")
    close = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    report = till.browser.get(press(till.browser, close, "Close shift").headers["Location"])
    assert_inert(report.text, heard)
    assert report.text.count(str(escape(heard))) == 2


def test_what_was_typed_comes_back_as_text(till, client, manager):
    for payload in PAYLOADS:
        typed = {"username": payload, "password": "x", "next": payload}
        for answer, shown in (
            (till.charge(payload), payload[:40]),
            (press(client, "/login", "Log in", **typed), payload),
            (client.get("/login", query_string={"next": payload}), payload),
            (press(manager, "/shifts/open", "Open shift", float_usd=payload), payload),
            (press(till.browser, "/pairing", "Next", code=payload), "six digits"),
        ):
            assert_inert(answer.text, shown)


def test_an_address_or_a_header_never_comes_back_on_a_page(till):
    evil = "<evil-element>"
    headers = {"Referer": evil, "User-Agent": evil, "X-Forwarded-For": evil, "HX-Prompt": evil}
    for page in (f"/{evil}", f"/till?x={evil}", f"/till/payment?seen={evil}", f"/till/{evil}"):
        answer = till.browser.get(page, headers={**headers, "HX-Current-URL": evil})
        assert "evil" not in answer.text.lower(), page


def test_a_host_that_somebody_else_wrote_down_is_not_believed(till):
    evil = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    for page in ("/", "/till", "/pairing", "/nothing", "/login"):
        answer = till.browser.get(page, headers=evil)
        assert "evil" not in answer.text + str(answer.headers), page
