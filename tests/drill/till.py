"""A till of a drill: one cashier, who does what is asked and says what was seen."""

import threading
import time
from random import Random

from httpx import Response

from pos.money import Currency, Money
from tests import factories
from tests.soak.browser import Browser
from tests.soak.drawer import Drawer
from tests.soak.pages import Panel, TillPage, error_of, read_till, report_of
from tests.soak.witness import Witness

PAUSE_SECONDS = 0.3


class Till:
    """One open till. What is answered to it goes to the witness, as in a soak."""

    def __init__(self, url: str, name: str, till_id: int, witness: Witness) -> None:
        self.browser, self._witness = Browser(url, witness), witness
        self._drawer = Drawer(self.browser, witness, Random(name))
        self._random = Random(f"{name} sums")
        self.browser.post("/login", {"username": name, "password": factories.PASSWORD})
        self.browser.post("/shifts/open", {"till_id": str(till_id), **self._drawer.fill()})
        self.shift_id = self.page().shift_id

    def page(self) -> TillPage:
        """Return the till as it is now."""
        return read_till(self.browser.get("/till").text)

    def money(self) -> Money:
        """Return a sum that was not asked for just now."""
        return Money(self._random.randint(100, 4_000), Currency.USD)

    def form(self, page: TillPage) -> dict[str, str]:
        """Return the keypad's form over a new sum."""
        money = self.money()
        typed = {"amount": money.plain, "currency": "USD", "sure": f"USD {money.plain}"}
        return {**typed, "key": page.key, "shift": page.shift, "csrf_token": page.csrf}

    def charge(self) -> Panel:
        """Charge a new sum by QR; RuntimeError where it was refused."""
        page = self.page()
        form = self.form(page)
        answer = self.browser.post("/till/charge", form, page.csrf)
        return self.charged(form, answer)

    def charged(self, form: dict[str, str], answer: Response) -> Panel:
        """Note what the till says to a form, and return its panel with the QR."""
        if answer.status_code != 200:
            raise RuntimeError(f"refused: {answer.status_code} {error_of(answer.text)}")
        panel = self.wait("waiting", 20) and self.page().panel
        if not panel or not panel.qr:
            raise RuntimeError("no QR came")
        self._witness.saw_answer(form["key"], self.shift_id, panel.sale_number)
        return panel

    def sell_for_cash(self) -> float:
        """Sell for cash; return how many seconds that took."""
        page, began = self.page(), time.monotonic()
        self._drawer.sell(page, self.money())
        return time.monotonic() - began

    def wait(self, phase: str, seconds: float) -> float | None:
        """Wait until the till shows a phase; return after how long, None where it never does."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            page = self.page()
            if page.panel.phase == phase:
                if phase == "paid":
                    number = page.panel.sale_number
                    self._witness.saw_green(page.shift_id, number, time.time())
                return time.monotonic() - began
            time.sleep(PAUSE_SECONDS)
        return None

    def check(self, tran_id: str) -> None:
        """Press *Check now*."""
        self.browser.post(f"/till/payments/{tran_id}/check", {}, self.page().csrf)

    def close(self) -> None:
        """Close the shift, with its drawer counted, and let the browser go."""
        page = self.page()
        self.browser.post(f"/shifts/{page.shift_id}/close", {}, page.csrf)
        self._drawer.count(page.shift_id)
        sheet = self.browser.get(f"/shifts/{page.shift_id}/report").text
        self._witness.saw_report(page.shift_id, report_of(sheet))
        self.browser.close()


class Rush(threading.Thread):
    """Sells for cash without a pause until it is told to stop; `sold` is how often it did."""

    def __init__(self, till: Till) -> None:
        super().__init__(daemon=True)
        self._till, self._ends = till, threading.Event()
        self.sold, self.problem = 0, ""
        self.start()

    def run(self) -> None:
        """Sell, sale after sale."""
        try:
            while not self._ends.is_set():
                self._till.sell_for_cash()
                self.sold += 1
        except Exception as problem:
            self.problem = f"{type(problem).__name__}: {problem}"

    def stop(self) -> int:
        """End it after the sale at hand; return how many were sold. RuntimeError where it broke."""
        self._ends.set()
        self.join(60)
        if self.problem or self.is_alive():
            raise RuntimeError(self.problem or "a sale never came to its end")
        return self.sold
