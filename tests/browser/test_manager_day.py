"""A manager's day: an empty installation in the morning, counted and taken along at night."""

import re
import time
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from pos import create_app
from tests.browser.conftest import LiveShop
from tests.browser.office import OfficePage, pdf_text, table, total
from tests.browser.opening import add_person, add_till, enroll, open_shop
from tests.browser.screens import DisplayPage, TillPage
from tests.browser.test_paper import COUNT_PRINTS
from tests.conftest import make_settings
from tests.factories import ACCOUNT_ID, PASSWORD, PIN

PAYER = "customer@practice"


@pytest.fixture
def live(tmp_path, database, bank):
    """An installation with nothing in it, its worker at work."""
    app = create_app(make_settings(tmp_path, database_url=database, gateway_seconds=2))
    live = LiveShop(app, bank, None)
    yield live
    live.close()


def log_in(manager):
    manager.go("/login")
    manager.fill({"User name": "maly", "Password": PASSWORD})
    manager.press("Log in")
    expect(manager.page).not_to_have_url(re.compile("/login"))


def sell(live, till, phone):
    """$2.25 that is cancelled and paid all the same, $3.50 by KHQR, and $5 in cash."""
    till.page.get_by_role("radio", name="Till 2").check()
    till.open_shift()
    till.charge("2", "2", "5")
    late = DisplayPage(till.page, live.url).scan()
    till.press("Cancel")
    till.sees("idle", 12_000)
    phone.pay(late)
    till.charge("3", "5", "0")
    phone.pay(DisplayPage(till.page, live.url).scan())
    till.sees("paid")
    till.press("5", "00", "Cash")
    till.page.get_by_label("Dollars given").fill("5")
    till.press("Take cash")
    expect(till.panel).to_contain_text("No change")


def agree(office):
    office.main.get_by_label("Manager", exact=True).select_option(label="Maly")
    office.fill({"PIN": PIN})


def decide_about_the_late_money(office):
    """The customer has the goods after all: the manager keeps the money."""
    decide = office.page.locator("#decide")
    expect(decide).to_be_visible(timeout=30_000)
    decide.click()
    office.says("$2.25", "Paid after the sale was cancelled", "The bank:")
    office.follow("Decide about sale")
    office.choose("Keep it")
    office.main.get_by_label("Why?").select_option(label="The customer has the goods")
    agree(office)
    office.press("Write it down")
    expect(office.page.locator("#attention-count")).to_be_hidden()


def give_a_dollar_back(live, office):
    """A transfer in the bank's app, recorded by the cashier; the bank bears it out."""
    sent = {"from_account": ACCOUNT_ID, "to_account": PAYER, "amount": "1.00", "currency": "USD"}
    (booked,) = live.bank.pay(live.bank.http.get("/sandbox/ledger").json()[-1]["qr"], **sent)
    office.go("/refunds")
    row = office.main.locator("li").filter(has_text="$3.50")
    row.get_by_role("link", name="Record a manual refund").click()
    office.main.get_by_role("textbox", name="Amount").fill("1.00")
    office.fill({"Reference of the transfer": booked["hash"]})
    office.choose("The customer brought the goods back")
    agree(office)
    office.press("Write it down")
    office.says("$1.00", "Proven by the bank")


def dispute_and_decide(cashier, manager):
    """The customer asks for what is back already: opened at the till, ended in the office."""
    cashier.page.get_by_role("link", name=re.compile(r"^\d{6}")).click()
    cashier.follow("A customer disputes")
    cashier.choose("The goods")
    cashier.fill({"What the customer says": "They gave one coffee back and saw no money"})
    cashier.press("Open the dispute")
    manager.go("/disputes")
    manager.main.locator("tbody a").first.click()
    manager.choose("Refunded")
    manager.fill({"Why?": "One dollar went back, as the bank shows"})
    agree(manager)
    manager.press("End it")
    manager.says("agreed: Maly")


def read_the_figures(manager):
    """What was sold, and what may be worth a look."""
    manager.go("/figures")
    dollars = "section[data-currency=usd]"
    expect(manager.page.locator(f"{dollars} .figures-big")).to_have_text("$8.50")
    facts = {name: manager.fact(name, dollars) for name in ("Paid sales", "Given back")}
    assert facts == {"Paid sales": "2", "Given back": "$1.00"}
    assert manager.fact("To decide") == "0"
    manager.go("/signs")
    row = manager.main.locator("tr").filter(has_text="Cancelled").first
    assert row.get_by_role("link").all_inner_texts() == ["1"]


def close(till):
    """Count twenty and five dollars and the riel: as it should be."""
    till.page.goto(f"{till.url}/till")
    till.page.get_by_role("link", name="Close shift").click()
    till.press("Stop selling and count")
    for note in ("USD-20", "USD-5", "KHR-100000"):
        till.page.locator(f'[name="{note}"]').fill("1")
    till.press("Send the count")


Z_FIGURES = ("Z REPORT", "$3.50", "$5.00", "$2.25", "$1.00", "$25.00")


def read_the_report(cashier, manager):
    """On the screen, on a print, and in the PDF that the worker makes for the archive."""
    cashier.says(*Z_FIGURES)
    manager.go("/shifts")
    manager.follow("Z 1")
    link = manager.main.get_by_role("link", name="PDF A4")
    while_it_is_made = time.monotonic() + 15
    while not link.is_visible() and time.monotonic() < while_it_is_made:
        manager.page.wait_for_timeout(300)
        manager.page.reload()
    said = pdf_text(manager.take(link.get_attribute("href")))
    assert [figure for figure in Z_FIGURES if figure not in said] == []
    manager.page.add_init_script(COUNT_PRINTS)
    manager.press("Print A4")
    manager.page.wait_for_function("window.printed === 1")
    manager.says(*Z_FIGURES)
    assert manager.page.pdf().startswith(b"%PDF-")
    manager.page.wait_for_url("**/report")


def take_the_tables_along(manager):
    manager.go("/exports")
    links = manager.main.get_by_role("link", name="CSV").all()
    files = {}
    for address in (link.get_attribute("href") for link in links):
        files[re.search(r"/(\w+)\.csv", address)[1]] = table(manager.take(address))
    in_z = [row for row in files["payments"] if row["In the Z total"] == "yes"]
    assert total(in_z, "Received USD") == Decimal("3.50")
    assert total(files["payments"], "Received USD") == Decimal("5.75")
    assert total(files["tenders"], "Pays USD") == Decimal("5.00")
    assert total(files["refunds"], "Amount USD") == Decimal("1.00")
    assert [row["Status"] for row in files["disputes"]] == ["Refunded"]
    assert {"Person added", "Till added", "Device added"} <= {row["What"] for row in files["audit"]}


def test_a_managers_day_from_the_first_code_to_the_last_table(live, visitors, phone):
    owner = OfficePage(visitors.page(), live.url)
    open_shop(live, owner)
    roles = {"Maly": "Manager", "Dara": "Cashier"}
    passwords = {name: add_person(owner, name, role) for name, role in roles.items()}
    add_till(owner, "Till 2")
    tablet = OfficePage(visitors.page(), live.url)
    enroll(tablet, passwords)
    manager = OfficePage(visitors.page(), live.url)
    log_in(manager)
    till = TillPage(tablet.page, live.url)
    sell(live, till, phone)
    decide_about_the_late_money(tablet)
    give_a_dollar_back(live, tablet)
    dispute_and_decide(tablet, manager)
    read_the_figures(manager)
    close(till)
    read_the_report(tablet, manager)
    take_the_tables_along(manager)
