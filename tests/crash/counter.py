"""A cashier, their customers and those who close their shifts, through the pages of the shop.

Whatever gets no answer is sent again, the same form with the same key, as a browser does when
its line breaks. What was answered is written down: that must be in the books for ever.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Self

import httpx

from pos.khqr import decode
from tests.conftest import Bank
from tests.factories import Person
from tests.web.pages import Element, read, scan

PATIENCE_SECONDS = 40
SALES_OF_A_SHIFT = 2
CLOSERS = 8


@dataclass
class Told:
    """What the shop said to its people."""

    charged: set[str] = field(default_factory=set)
    paid: set[str] = field(default_factory=set)
    reports: dict[int, int] = field(default_factory=dict)


class Browser:
    """One browser of one person, who never takes silence for an answer."""

    def __init__(self, url: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=5)

    def send(self, method: str, path: str, **form: str) -> httpx.Response:
        """Send until an answer comes; whatever it is, it is no crash page."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.http.request(method, path, data=form or None)
            except httpx.TransportError:
                assert time.monotonic() < end, f"nobody answers {path}"
                time.sleep(0.05)
            else:
                assert answer.status_code < 500, f"{path}: {answer.status_code}"
                return answer

    def page(self, path: str) -> Element:
        """Return a page, wherever it leads."""
        answer = self.send("GET", path)
        while answer.is_redirect:
            answer = self.send("GET", answer.headers["Location"])
        return read(answer.text)

    def post(self, path: str, form: Element, **typed: str) -> httpx.Response:
        """Post a form as it was drawn, with what was typed into it."""
        return self.send("POST", path, **{**form.fields, **typed})

    def log_in(self, person: Person) -> Self:
        """Come in."""
        form = self.page("/login").form("Log in")
        answer = self.post("/login", form, username=person.username, password=person.password)
        assert answer.status_code == 303, answer.text
        return self

    def another_window(self) -> "Browser":
        """Return a window of the same login, with a line of its own."""
        window = Browser(str(self.http.base_url))
        window.http.cookies = self.http.cookies
        return window


class Counter(threading.Thread):
    """One till at work until it is told to end; `problem` is what went wrong, if anything."""

    def __init__(self, url: str, bank: Bank, till_id: int, cashier: Person, closer: Person) -> None:
        super().__init__()
        self.told, self.problem = Told(), ""
        self._bank, self._till_id = bank, till_id
        self._mine = Browser(url).log_in(cashier)
        first = Browser(url).log_in(closer)
        self._closers = [first, *[first.another_window() for _ in range(CLOSERS - 1)]]
        self._ends = threading.Event()

    def end(self) -> None:
        """Let the till finish its shift."""
        self._ends.set()
        self.join(2 * PATIENCE_SECONDS)
        for browser in (self._mine, *self._closers):
            browser.http.close()

    def run(self) -> None:
        """Work, shift after shift."""
        try:
            while not self._ends.is_set():
                self._work_a_shift()
        except Exception as problem:
            self.problem = f"{type(problem).__name__}: {problem}"

    def _work_a_shift(self) -> None:
        page = self._mine.page("/shifts/open")
        if not list(page.all("form", action="/till/charge")):
            (form,) = page.all("form", action="/shifts/open")
            self._mine.post("/shifts/open", form, till_id=str(self._till_id))
        for _ in range(SALES_OF_A_SHIFT):
            self._sell()
        self._close()

    def _sell(self) -> None:
        (form,) = self._mine.page("/till").all("form", action="/till/charge")
        answer = self._mine.post(
            "/till/charge", form, amount="3.50", currency="USD", sure="USD 3.50"
        )
        assert answer.status_code == 303, answer.text
        self.told.charged.add(form.fields["key"])
        panel = self._mine.page("/till").one(id="payment")
        qr = scan(panel)
        self._bank.pay(qr)
        tran_id = decode(qr).bill_number
        self._wait_until_paid(panel, tran_id)
        self.told.paid.add(tran_id)

    def _wait_until_paid(self, panel: Element, tran_id: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        check = f"/till/payments/{tran_id}/check"
        while not _is_paid(panel):
            assert time.monotonic() < end, f"{panel.attrs['data-phase']} for too long"
            for form in panel.all("form", action=check):
                self._mine.post(check, form)
            panel = self._mine.page("/till").one(id="payment")

    def _close(self) -> None:
        link = self._mine.page("/till").one("a", class_="charge-close").attrs["href"]
        shift_id = int(re.findall(r"\d+", link)[0])
        with ThreadPoolExecutor(CLOSERS) as pool:
            numbers = set(pool.map(lambda browser: _close(browser, link), self._closers))
        (self.told.reports[shift_id],) = numbers


def _is_paid(panel: Element) -> bool:
    """Whether the till says "paid", or has said it and lists it first."""
    phase, badges = panel.attrs["data-phase"], [*panel.all(class_="badge")]
    return phase == "paid" or (phase == "idle" and badges[0].attrs["data-tone"] == "paid")


def _close(browser: Browser, link: str) -> int:
    """Close a shift, unless somebody else was quicker; return the number of its report."""
    for form in browser.page(link).all("form", action=link):
        browser.post(link, form)
    report = browser.page(link.replace("/close", "/report"))
    return int(report.one(class_="report-number").text)
