"""A shop at work through the proxy while one machine dies and the other is stopped.

The people are those of the soak: cashiers who charge, take cash, cancel and close their shifts,
and customers who pay early, late or wrong. The verdict is the soak's, too: the bank's ledger
against the books, and what every screen showed.
"""

import threading
import time
from random import Random

from tests import factories
from tests.rehearse.hosts import SETTINGS, TwoHosts
from tests.soak.cashier import Cashier, Floor, Turns
from tests.soak.customers import Customers
from tests.soak.sides import Sides
from tests.soak.witness import Witness

SETTLE_SECONDS, HOME_SECONDS = 120, 60
NO_ANSWER = "answers of a proxy that had none"


class ChainWitness(Witness):
    """Knows what was done to the machines when: a proxy without an answer is seldom excused."""

    def __init__(self) -> None:
        super().__init__()
        self.phase = "both machines serve"
        self.may_fail = False
        """Whether a machine was killed just now, with what it was being asked."""

    def count(self, what: str, times: int = 1) -> None:
        """Count something that happened; complain of a lost answer that nothing excuses."""
        super().count(what, times)
        if what == NO_ANSWER and not self.may_fail:
            self.complain(f"502 or 504 while {self.phase}")

    def pass_to(self, phase: str, *, may_fail: bool = False) -> None:
        """Note what is done to the machines from now on."""
        self.phase, self.may_fail = phase, may_fail


class Load:
    """Cashiers and customers of so many tills, from their first to their last deed."""

    def __init__(self, url: str, bank_url: str, people: dict[str, int], rate: float) -> None:
        self.witness, life = ChainWitness(), int(SETTINGS["POS_QR_SECONDS"])
        self._customers = Customers(bank_url, self.witness, Random("customers"), life)
        self._ready = threading.Barrier(len(people) + 1, timeout=HOME_SECONDS)
        self._stop, self._close = threading.Event(), threading.Event()
        turns = Turns(rate)
        parts = (url, self.witness, self._customers, turns, self._ready, self._stop, self._close)
        floor = Floor(*parts)
        self._cashiers = [
            Cashier(floor, till_id, name, factories.PASSWORD, "rehearsal")
            for name, till_id in people.items()
        ]

    def start(self) -> None:
        """Open every till."""
        for one in (self._customers, *self._cashiers):
            one.start()
        self._ready.wait()

    def end(self, hosts: TwoHosts, sides: Sides) -> None:
        """Sell no more; wait until the books know what the bank knows; close all shifts."""
        self._customers.late_until = 0
        self._stop.set()
        end = time.monotonic() + SETTLE_SECONDS
        while not self._customers.is_idle() or sides.undecided() or sides.unbooked():
            if time.monotonic() > end:
                self.witness.complain("I1 the books never settled")
                break
            time.sleep(0.5)
        self._close.set()
        for one in self._cashiers:
            one.join(HOME_SECONDS)
            if one.is_alive():
                self.witness.complain(f"{one.name} never went home")
        self._customers.end()
