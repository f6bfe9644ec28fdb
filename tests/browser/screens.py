"""The screens as people use them: by label, button and what they read."""

import io
import re

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.factories import Person


class TillPage:
    """The cashier's screen."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def log_in(self, person: Person) -> None:
        self.page.goto(f"{self.url}/")
        self.page.get_by_label("User name").fill(person.username)
        self.page.get_by_label("Password").fill(person.password)
        self.press("Log in")

    def open_shift(self, dollars: str = "20", riel: str = "100000") -> None:
        self.page.get_by_label("Float in dollars").fill(dollars)
        self.page.get_by_label("Float in riel").fill(riel)
        self.press("Open shift")
        expect(self.status).to_have_text("Ready")
        self.page.wait_for_load_state("load")  # the keys are heard from now on

    def pair(self, code: str) -> None:
        self.page.get_by_role("link", name="Customer screen").click()
        self.page.get_by_label("Code on the screen").fill(code)
        self.press("Next")
        self.press("Pair")
        self.page.get_by_role("link", name="Till", exact=True).click()

    def press(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("button", name=name, exact=True).click()

    def choose(self, currency: str) -> None:
        self.page.get_by_role("radio", name=currency).check(force=True)

    def charge(self, *keys: str, currency: str = "USD") -> None:
        self.choose(currency)
        self.press(*keys, "Charge")

    def close_shift(self) -> None:
        """Stop selling and count the float of `open_shift`: KHQR leaves the drawer alone."""
        self.page.get_by_role("link", name="Close shift").click()
        self.press("Stop selling and count")
        self.page.locator('[name="USD-20"]').fill("1")
        self.page.locator('[name="KHR-100000"]').fill("1")
        self.press("Send the count")

    def sees(self, phase: str, timeout: float = 8_000) -> None:
        expect(self.panel).to_have_attribute("data-phase", phase, timeout=timeout)

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    @property
    def panel(self) -> Locator:
        return self.page.locator("#payment")

    @property
    def amount(self) -> Locator:
        return self.page.get_by_label("Amount")


class DisplayPage:
    """The customer's screen."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def open(self) -> None:
        self.page.goto(f"{self.url}/display")

    def code(self) -> str:
        found = re.search(r"\b\d{6}\b", self.page.locator("#screen").inner_text())
        assert found, "the screen shows no pairing code"
        return found[0]

    def sees(self, phase: str, timeout: float = 8_000) -> None:
        expect(self.screen).to_have_attribute("data-phase", phase, timeout=timeout)

    def scan(self) -> str:
        """Return what a phone's camera reads off the screen, from a picture of it."""
        expect(self.qr).to_be_visible()
        picture = Image.open(io.BytesIO(self.page.screenshot()))
        codes = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
        assert len(codes) == 1, f"{len(codes)} codes on the screen"
        return codes[0].text

    @property
    def screen(self) -> Locator:
        return self.page.locator("#screen")

    @property
    def qr(self) -> Locator:
        return self.page.locator("svg.qr")


class PhonePage:
    """The practice bank's app on a customer's phone."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def read(self, qr: str) -> None:
        self.page.goto(f"{self.url}/phone")
        self.page.get_by_label("QR text").fill(qr)
        self.page.get_by_role("button", name="Continue").click()

    def pay(self, qr: str) -> None:
        self.read(qr)
        self.page.get_by_role("button", name="Pay", exact=True).click()
        expect(self.page.get_by_role("heading", name="Paid")).to_be_visible()
