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
GATEWAY_TROUBLE = ("answered 502", "answered 504")


class ChainWitness(Witness):
    """Knows when a machine was killed: then the proxy may say that it got no answer."""

    def __init__(self) -> None:
        super().__init__()
        self.may_fail = False

    def complain(self, text: str) -> None:
        """Note what must not be; count what a dead machine excuses."""
        if self.may_fail and text.endswith(GATEWAY_TROUBLE):
            self.count("answers lost with the machine that died")
            return
        super().complain(text)


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
