"""A cashier at a till: charges, watches the screen, cancels, asks, and closes the shift."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from random import Random

from pos.money import Currency, Money
from tests.soak.browser import Browser
from tests.soak.customers import Customers
from tests.soak.drawer import Drawer, Part
from tests.soak.pages import Panel, TillPage, csrf_of, error_of, read_panel, read_till, report_of
from tests.soak.witness import Witness

POLL_SECONDS = 1.0
UNVERIFIED_SECONDS = 3.0
"""How long a cashier looks on when a QR's time is up, or the day's, before turning away."""

CHANCES = {"cancel": 8, "new-qr": 6, "check": 12, "nothing": 74}
NEW_SHIFT = 0.04
RESEND = 0.06
CASH, SPLIT, MOVE = 0.25, 0.1, 0.1
PAID = "already paid"
OPEN = ("waiting", "failed")
OVER = ("expired", "cancelled", "mismatch", "late", "create_failed", "idle")


class Turns:
    """Gives out the sales of all tills, so many a second; each waits for its own instant."""

    def __init__(self, rate: float) -> None:
        self._pause, self._next, self._lock = 1 / rate, time.monotonic(), threading.Lock()

    def take(self, stop: threading.Event) -> bool:
        """Wait for the next sale's turn; return False when there will be none."""
        with self._lock:
            # Turns that nobody could take are gone: a rush afterwards would be no steady load.
            mine = max(self._next, time.monotonic() - self._pause)
            self._next = mine + self._pause
        return not stop.wait(max(0.0, mine - time.monotonic()))


@dataclass(frozen=True)
class Floor:
    """What all cashiers share. `stop` ends the sales, `close` the shifts."""

    url: str
    witness: Witness
    customers: Customers
    turns: Turns
    ready: threading.Barrier
    stop: threading.Event
    close: threading.Event


class Cashier(threading.Thread):
    """One person with one browser at one till, in a thread of its own."""

    def __init__(self, floor: Floor, till_id: int, name: str, password: str, seed: str) -> None:
        super().__init__(name=name, daemon=True)
        self.till_id, self._password = till_id, password
        self._floor, self._witness, self._random = floor, floor.witness, Random(f"{seed} {name}")
        self._browser = Browser(floor.url, floor.witness)
        self._drawer = Drawer(self._browser, floor.witness, self._random)
        self._sold = 0
        self.inbox: SimpleQueue[str] = SimpleQueue()
        """Payments of this till whose customers say: I paid."""
        self._shifts: list[int] = []

    def run(self) -> None:
        """Work until the sales end; then only answer customers, until the shifts close."""
        try:
            form = {"username": self.name, "password": self._password}
            self._browser.post("/login", form)
            self._open_shift()
            self._floor.ready.wait()
            while self._floor.turns.take(self._floor.stop):
                self._serve()
            self._tidy_up()
            while not self._floor.close.wait(0.2):
                self._answer_customers()
            self._close_shift()
            self._look_again()
        except Exception as problem:
            self._witness.complain(f"{self.name} broke off: {problem!r}")
            self._floor.ready.abort()
        finally:
            self._browser.close()

    def _serve(self) -> None:
        """One sale, from the amount to whatever end it takes."""
        self._answer_customers()
        page = read_till(self._browser.get("/till").text)
        if page.panel.phase in OPEN:
            self._press("cancel", page.panel.tran_id, page.csrf)
            page = read_till(self._browser.get("/till").text)
        self._sell(page, self._amount())
        if self._random.random() < MOVE or self._sold == 1:
            self._drawer.move()
        if self._random.random() < NEW_SHIFT:
            self._tidy_up()
            self._close_shift()
            self._open_shift()

    def _sell(self, page: TillPage, money: Money) -> None:
        """Take cash, or a part of it, or charge; each third of the tills begins otherwise."""
        chance, begins_with = self._random.random(), self.till_id % 3 if not self._sold else 2
        self._sold += 1
        if chance < CASH or begins_with == 0:
            self._drawer.sell(page, money)
            return
        splits = chance > 1 - SPLIT or begins_with == 1
        part = self._drawer.take_part(page, money) if splits else None
        if part is not None:
            self._attend(part.till, part.rest)
            self._end_part(part)
            return
        charged = self._charge(page, money)
        if charged is not None:
            self._attend(charged, money)

    def _end_part(self, part: Part) -> None:
        """See a sale that cash was taken for to its end: paid by its QR, or its cash given back."""
        tran_id = part.till.panel.tran_id
        for _ in range(60):
            page = read_till(self._browser.get("/till").text)
            tran_id = page.panel.tran_id or tran_id
            if page.panel.phase == "paid":
                return
            if page.panel.phase != "creating":
                path = f"/till/payments/{tran_id}/give-back"
                answer = self._browser.post(path, {}, page.csrf)
                if self._drawer.give_back(part, answer.text) or PAID in answer.text:
                    return
            time.sleep(POLL_SECONDS)
        self._witness.complain(f"the cash part of {tran_id} came to no end")

    def _amount(self) -> Money:
        if self._random.random() < 0.3:
            return Money(self._random.randint(5, 400) * 100, Currency.KHR)
        # Often the same, so that money could be taken for another sale's.
        minor = self._random.choice((350, 101, self._random.randint(25, 4_000)))
        return Money(minor, Currency.USD)

    def _charge(self, page: TillPage, money: Money) -> TillPage | None:
        """Send the keypad's form, sometimes twice; return the till it leads to."""
        amount = {"amount": money.plain, "currency": str(money.currency)}
        # Asked whether it is another sale of the same amount, a cashier here says yes.
        amount["sure"] = f"{money.currency} {money.plain}"
        form = {**amount, "key": page.key, "shift": page.shift}
        answer = self._browser.post("/till/charge", form, page.csrf)
        if self._random.random() < RESEND:
            self._witness.count("forms sent twice")
            answer = self._browser.post("/till/charge", form, page.csrf)
        if answer.status_code != 200:
            self._witness.count(f"refused: {error_of(answer.text)}")
            return None
        charged = read_till(answer.text)
        self._witness.count("sales charged")
        self._witness.saw_answer(page.key, page.shift_id, charged.panel.sale_number)
        return charged

    def _attend(self, page: TillPage, money: Money) -> None:
        """Look at the screen as it looks at the server, and press what comes to mind."""
        panel, seen = page.panel, ""
        deed = self._random.choices(list(CHANCES), list(CHANCES.values()))[0]
        press_at = time.monotonic() + self._random.uniform(0.5, 6)
        leave_at = float("inf")
        while True:
            if panel.qr and panel.tran_id != seen:
                seen = panel.tran_id
                self._floor.customers.meet(panel.qr, money, self._come_back(seen))
            if panel.phase == "paid":
                self._witness.saw_green(page.shift_id, panel.sale_number, time.time())
                return
            if panel.phase in OVER or time.monotonic() > leave_at:
                return
            is_over = self._floor.stop.is_set() or panel.phase in ("checking", "cancelling")
            if is_over and leave_at == float("inf"):
                leave_at = time.monotonic() + UNVERIFIED_SECONDS
            time.sleep(POLL_SECONDS)
            if time.monotonic() > press_at and panel.phase in OPEN:
                self._act(deed, panel, page.csrf)
                deed = "nothing"
            self._answer_customers()
            panel = self._poll(panel)

    def _come_back(self, tran_id: str) -> Callable[[], None]:
        return lambda: self.inbox.put(tran_id)

    def _poll(self, panel: Panel) -> Panel:
        answer = self._browser.get(panel.poll, is_poll=True)
        return panel if answer.status_code == 204 else read_panel(answer.text)

    def _act(self, deed: str, panel: Panel, csrf: str) -> None:
        if deed == "nothing":
            return
        self._press(deed, panel.tran_id, csrf)
        if deed != "check" and panel.qr and self._random.random() < 0.5:
            # The customer had scanned it already, and pays all the same.
            after = self._random.uniform(0.2, 6)
            self._witness.count(f"customers: pay after {deed}")
            self._floor.customers.pay(panel.qr, {}, after, self._come_back(panel.tran_id))

    def _press(self, deed: str, tran_id: str, csrf: str) -> None:
        self._browser.post(f"/till/payments/{tran_id}/{deed}", {}, csrf)
        self._witness.count(f"pressed {deed}")

    def _answer_customers(self) -> None:
        """Ask the bank about what customers say they have paid, one for each look around."""
        try:
            tran_id = self.inbox.get_nowait()
        except Empty:
            return
        self._press("check", tran_id, csrf_of(self._browser.get("/till").text))

    def _tidy_up(self) -> None:
        """Take a QR that still waits off the screen: no shift closes before."""
        for _ in range(60):
            page = read_till(self._browser.get("/till").text)
            if page.panel.phase in OPEN:
                self._press("cancel", page.panel.tran_id, page.csrf)
            elif page.panel.phase != "creating":
                return
            time.sleep(POLL_SECONDS)

    def _open_shift(self) -> None:
        self._browser.post("/shifts/open", {"till_id": str(self.till_id), **self._drawer.fill()})

    def _close_shift(self) -> None:
        page = read_till(self._browser.get("/till").text)
        path = f"/shifts/{page.shift_id}/close"
        answer = self._browser.post(path, {}, page.csrf)
        if answer.status_code != 200:
            self._witness.complain(
                f"shift {page.shift_id} could not be closed: {error_of(answer.text)}"
            )
            return
        self._drawer.count(page.shift_id)
        sheet = self._browser.get(f"/shifts/{page.shift_id}/report").text
        self._witness.saw_report(page.shift_id, report_of(sheet))
        self._shifts.append(page.shift_id)

    def _look_again(self) -> None:
        """See that every report still says what it said when it was new."""
        for shift_id in self._shifts:
            sheet = self._browser.get(f"/shifts/{shift_id}/report").text
            self._witness.saw_report(shift_id, report_of(sheet))
