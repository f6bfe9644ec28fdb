"""The customers: each does with a QR what it was drawn to do, at its own time."""

import heapq
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from pos.money import Money
from tests.soak.witness import Witness

Wishes = dict[str, Any]
Visit = list[tuple[float, Wishes]]
"""Seconds after the QR was seen, and how it is then paid."""

STRANGER = "somebody_else@prac"
OTHER_CURRENCY = {"USD": "KHR", "KHR": "USD"}


@dataclass(order=True)
class Deed:
    """Something a customer will do; `at` is monotonic."""

    at: float
    number: int
    do: Callable[[], None] = field(compare=False)


class Customers(threading.Thread):
    """All customers of a soak, in one thread: the bank's control door is quick."""

    def __init__(self, bank_url: str, witness: Witness, random: Random, life: int) -> None:
        super().__init__(name="customers", daemon=True)
        self._http = httpx.Client(base_url=bank_url, timeout=20, verify=False, trust_env=False)
        self._witness, self._random, self._life = witness, random, life
        self._deeds: list[Deed] = []
        self._change = threading.Condition()
        self._number, self._busy, self._ended = 0, False, False
        self.late_until = float("inf")
        """After this instant (monotonic) nobody pays long after a QR's end any more."""

    def meet(self, qr: str, money: Money, come_back: Callable[[], None]) -> None:
        """Let a customer see a QR. `come_back` is called when they say at the till: I paid."""
        with self._change:
            name, visit = self._draw(money)
            complains = self._random.random() < 0.5
        self._witness.count(f"customers: {name}")
        for after, wishes in visit:
            self.pay(qr, wishes, after, come_back if complains and after > self._life else None)

    def pay(
        self, qr: str, wishes: Wishes, after: float, come_back: Callable[[], None] | None = None
    ) -> None:
        """Pay a QR in so many seconds."""
        self._plan(after, lambda: self._pay(qr, wishes, come_back))

    def is_idle(self) -> bool:
        """Return whether nobody wants to do anything any more."""
        with self._change:
            return not self._deeds and not self._busy

    def end(self) -> None:
        """Send everybody home."""
        with self._change:
            self._ended = True
            self._change.notify()
        self.join()
        self._http.close()

    def run(self) -> None:
        """Do each deed when its time has come."""
        while (deed := self._next()) is not None:
            try:
                deed.do()
            except Exception as problem:
                self._witness.complain(f"a customer could not pay: {problem!r}")
            self._busy = False

    def _next(self) -> Deed | None:
        with self._change:
            while not self._ended:
                left = self._deeds[0].at - time.monotonic() if self._deeds else None
                if left is not None and left <= 0:
                    self._busy = True
                    return heapq.heappop(self._deeds)
                self._change.wait(left)
        return None

    def _plan(self, after: float, do: Callable[[], None]) -> None:
        with self._change:
            self._number += 1
            heapq.heappush(self._deeds, Deed(time.monotonic() + after, self._number, do))
            self._change.notify()

    def _pay(self, qr: str, wishes: Wishes, come_back: Callable[[], None] | None) -> None:
        self._http.post("/sandbox/pay", json={"qr": qr, **wishes}).raise_for_status()
        if come_back is not None:
            self._plan(1.0, come_back)

    def _draw(self, money: Money) -> tuple[str, Visit]:
        """Return what this customer will do, and what that is called."""
        soon, end = self._random.uniform(0.3, 2.5), self._life
        less, more = (str(Money(money.minor + by, money.currency).decimal) for by in (-1, 1))
        visits: dict[str, tuple[float, Visit]] = {
            "pay at once": (58, [(soon, {})]),
            "pay at the last moment": (8, [(self._random.uniform(end - 2, end + 2), {})]),
            "pay late": (8, [(end + 10 + self._random.uniform(1, 4), {})]),
            "do not pay": (8, []),
            "pay twice at once": (3, [(soon, {"times": 2})]),
            "pay twice": (3, [(soon, {}), (soon + 5, {})]),
            "fail, then pay": (3, [(soon, {"fail": True}), (soon + 3, {})]),
            "fail": (2, [(soon, {"fail": True})]),
            "pay too little": (2, [(soon, {"amount": less})]),
            "pay too much": (2, [(soon, {"amount": more})]),
            "pay in the other currency": (
                1.5,
                [(soon, {"currency": OTHER_CURRENCY[money.currency]})],
            ),
            "pay somebody else": (1.5, [(soon, {"to_account": STRANGER})]),
        }
        if time.monotonic() > self.late_until:
            del visits["pay late"]
        names = list(visits)
        name = self._random.choices(names, [visits[one][0] for one in names])[0]
        return name, visits[name][1]
