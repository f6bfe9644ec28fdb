"""The morning of an empty installation: its shop, its people and its till, in the browser."""

import re

from playwright.sync_api import expect

from tests.factories import ACCOUNT_ID, EMAIL, PASSWORD, PIN

CASHIERS_PIN = "481592"
OWNER = {
    "Name of the merchant": "Mekong Coffee",
    "Store": "Riverside",
    "Account": "mekong_owner@abaa",
    "Name": "Sary",
    "User name": "sary",
    "New password": PASSWORD,
    "New password again": PASSWORD,
}


def command(live, *words):
    told = live.app.test_cli_runner().invoke(args=words)
    assert told.exit_code == 0, told.output
    return told.output


def open_shop(live, office):
    """The operator reads the code off the console; its owner opens the shop with it."""
    office.go("/welcome")
    office.fill({"Code on the server": command(live, "first-run").split()[-1], **OWNER})
    office.press("Open the shop")
    expect(office.page).to_have_url(re.compile("/shifts/open"))
    bank = ("--url", live.bank.url, "--practice", "--email", EMAIL, "--quota", "0")
    account = ("--account", ACCOUNT_ID, "--token", live.bank.token())
    command(live, "add-account", *account, *bank)
    command(live, "use-account", ACCOUNT_ID)


def add_person(office, name, role):
    """The owner adds somebody; returns the password of their first login, shown this once."""
    office.go("/people/new")
    office.fill({"Name": name, "User name": name.lower()})
    office.choose(role)
    office.press("Add a person")
    return office.fact("First password")


def add_till(office, name):
    office.go("/settings/tills")
    form = office.main.locator("form").filter(has_text="Another till")
    office.fill({"Name": name}, form)
    office.press("Add a till")
    expect(office.main.locator("h2", has_text=name)).to_be_visible()


def begin(office, name, password, pin):
    """A new person comes in for the first time, and chooses a password and a PIN."""
    office.go("/login?password=1")
    office.fill({"User name": name, "Password": password})
    office.press("Log in")
    new = {"New password": PASSWORD, "New password again": PASSWORD}
    office.fill({"Current password": password, **new})
    office.press("Change password")
    office.go("/password/pin")
    office.fill({"Current password": PASSWORD, "New PIN": pin, "New PIN again": pin})
    office.press("Set PIN")


def log_out(office):
    office.page.get_by_role("button", name="Log out").click()


def enroll(office, passwords):
    """The manager makes the counter's tablet a till; the cashier comes in there by PIN."""
    begin(office, "maly", passwords["Maly"], PIN)
    office.go("/devices")
    office.fill({"Name of the device": "Tablet at Till 2"})
    office.press("Make it a till")
    office.says("Tablet at Till 2")
    log_out(office)
    begin(office, "dara", passwords["Dara"], CASHIERS_PIN)
    log_out(office)
    office.choose("Dara")
    office.fill({"PIN": CASHIERS_PIN})
    office.press("Come in")
