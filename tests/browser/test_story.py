import re
import time

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from pos.extensions import db
from pos.models import Payment

ALONE = pytest.mark.alone("holds the screens to five seconds")

GREEN_WITHIN_MS = 5_000


def stored_qr(live):
    with live.app.app_context():
        return db.session.scalar(select(Payment.qr_string).order_by(Payment.id.desc()).limit(1))


def mark_page(page):
    """Leave a mark that a reload would wipe."""
    page.evaluate("window.keptSince = 'the charge'")


def is_unreloaded(page):
    return page.evaluate("window.keptSince") == "the charge"


@ALONE
def test_main_job_in_dollars(live, till, display, phone):
    till.charge("3", "5", "0")
    expect(till.status).to_have_text("Waiting for $3.50")
    qr = display.scan()
    assert qr == stored_qr(live)
    mark_page(till.page), mark_page(display.page)
    phone.pay(qr)
    display.sees("paid", GREEN_WITHIN_MS)
    till.sees("paid", GREEN_WITHIN_MS)
    assert is_unreloaded(till.page) and is_unreloaded(display.page)
    expect(till.status).to_have_text("Paid $3.50")


@ALONE
def test_main_job_in_riel(live, till, display, phone):
    till.charge("1", "5", "000", currency="KHR")
    expect(till.status).to_have_text("Waiting for ៛15,000")
    qr = display.scan()
    assert qr == stored_qr(live)
    phone.read(qr)
    expect(phone.page.locator("main")).to_contain_text("15,000")
    phone.page.get_by_role("button", name="Pay", exact=True).click()
    display.sees("paid", GREEN_WITHIN_MS)
    till.sees("paid", GREEN_WITHIN_MS)
    expect(display.screen).to_contain_text("15,000")


def test_both_screens_clear_by_themselves(till, display, phone):
    till.charge("3", "5", "0")
    phone.pay(display.scan())
    till.sees("paid")
    display.sees("idle", 12_000)
    till.sees("idle", 12_000)
    expect(till.panel).to_contain_text("Paid")


@ALONE
def test_report_of_the_shift_shows_the_payment(till, display, phone):
    till.charge("3", "5", "0")
    phone.pay(display.scan())
    till.sees("paid")
    till.close_shift()
    sheet = till.page.locator("main")
    expect(sheet).to_contain_text("Z REPORT")
    expect(sheet).to_contain_text("$3.50")
    expect(sheet).to_contain_text("customer@practice")
    till.page.get_by_role("link", name="80 mm").click()
    expect(till.page).to_have_url(re.compile("paper=80mm"))


@pytest.mark.settings(qr_seconds=12)
def test_expired_qr_leaves_both_screens(live, till, display):
    till.charge("3", "5", "0")
    expect(display.qr).to_be_visible()
    display.sees("checking", 16_000)
    expect(display.qr).to_have_count(0)
    till.sees("checking")
    till.sees("expired", 16_000)
    display.sees("expired")
    till.press("New QR")
    expect(display.qr).to_be_visible()
    assert display.scan() == stored_qr(live)


@ALONE
def test_cancelled_qr_leaves_both_screens(till, display):
    till.charge("3", "5", "0")
    expect(display.qr).to_be_visible()
    till.press("Cancel")
    display.sees("idle")
    expect(display.qr).to_have_count(0)
    till.sees("idle", 12_000)
    expect(till.panel).to_contain_text("Cancelled")


@ALONE
def test_cancel_is_refused_when_the_customer_has_paid(live, till, display):
    live.bank.misbehave(delay=1.5, calls=1)
    till.charge("3", "5", "0")
    live.bank.pay(display.scan())
    till.press("Cancel")
    till.sees("paid")
    display.sees("paid")


@ALONE
def test_wrong_amount_is_never_green(live, till, display):
    till.charge("3", "5", "0")
    live.bank.pay(display.scan(), amount="3.00")
    till.sees("mismatch")
    expect(till.panel).to_contain_text("Received $3.00 of $3.50")
    display.sees("ask")
    expect(display.screen).to_contain_text("Please ask the cashier")
    expect(display.qr).to_have_count(0)


@ALONE
def test_bank_down_is_amber_and_heals(live, till, display):
    till.charge("3", "5", "0")
    qr = display.scan()
    live.bank.misbehave(status=503)
    expect(till.panel).to_contain_text("Cannot reach the bank. Do not hand over goods yet.")
    live.bank.pay(qr)
    till.sees("waiting")
    live.bank.behave()
    till.sees("paid")
    display.sees("paid")


@pytest.mark.settings(qr_seconds=12)
def test_nothing_expires_while_the_bank_is_down(live, till, display):
    live.bank.misbehave(status=503)
    till.charge("3", "5", "0")
    qr = display.scan()
    till.sees("checking", 16_000)
    live.bank.pay(qr)
    time.sleep(12)
    till.sees("checking")
    expect(till.panel).to_contain_text("Do not hand over goods yet")
    live.bank.behave()
    till.sees("paid", 20_000)
