import io
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from pos.extensions import db
from pos.models import User
from pos.permissions import Scope
from pos.services.api import tokens

EXAMPLES = Path(__file__).parents[2] / "examples"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def token_file(live, tmp_path):
    """A file with the refresh token of a program that may read and charge."""
    with live.app.app_context():
        owner = db.session.get_one(User, live.shop.manager.id)
        text = tokens.create(owner, "example", {Scope.READ, Scope.CHARGE}, by="test")[1]
    file = tmp_path / "token.txt"
    file.write_text(text)
    return file


@pytest.fixture
def start():
    """Start a program; whatever still runs is ended after the test."""
    running = []

    def begin(*command):
        program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        running.append(program)
        return program

    yield begin
    for program in running:
        program.terminate()
        program.wait(10)
        program.stdout.close()


@pytest.mark.parametrize("command", [("sh", "pay.sh"), (sys.executable, "pay.py")])
def test_a_program_makes_a_qr_and_waits_until_it_is_paid(live, token_file, start, command):
    spent = token_file.read_text()
    run, file = command
    program = start(run, EXAMPLES / file, live.url, token_file, "2.50", "USD")
    word, qr = program.stdout.readline().split(maxsplit=1)
    assert word == "qr"
    live.bank.pay(qr.strip())
    assert program.stdout.readline() == "completed\n"
    assert program.wait(10) == 0
    assert token_file.read_text().strip() not in ("", spent)


def read_qr(picture):
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return found.text


@pytest.fixture
def site(live, token_file, start):
    """The address of the example site."""
    server = start(sys.executable, EXAMPLES / "site/server.py", live.url, token_file, "0")
    return server.stdout.readline().strip()


def test_a_page_shows_the_qr_and_turns_when_it_is_paid(live, site, visitors, token_file):
    page = visitors.page()
    page.goto(site)
    page.get_by_role("button", name="Pay with a QR").click()
    qr = page.locator(".qr")
    expect(qr).to_be_visible()
    live.bank.pay(read_qr(qr.screenshot()))
    expect(page.get_by_role("status")).to_have_text("Paid. Thank you!")
    expect(qr).to_be_hidden()
    assert token_file.read_text().strip() not in page.content()


def test_on_a_phone_the_button_leads_to_the_bank_and_back_waits_the_end(live, site, visitors):
    page = visitors.page(PHONE)
    page.goto(site)
    page.get_by_role("button", name="I am on my phone").click()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Open my bank's app").click()
    bank_page = opened.value
    bank_page.wait_for_load_state()
    assert bank_page.url.startswith(live.bank.url)
    bank_page.get_by_role("button", name="Pay", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Paid. Thank you!")
