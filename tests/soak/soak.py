"""One soak from its first process to its verdict."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pos.launch.children import Children, Stop
from tests import factories
from tests.databases import Postgres
from tests.soak.cashier import Cashier, Floor, Turns
from tests.soak.customers import Customers
from tests.soak.shop import SETTINGS, SoakShop
from tests.soak.sides import Sides
from tests.soak.trouble import Trouble
from tests.soak.verdict import Verdict, judge
from tests.soak.witness import Witness

TILLS_FOR_A_RATE = 14
"""Tills for each sale a second: a customer stands at one for five to twelve seconds."""

DATABASES = ("sqlite", "postgresql")

READY_SECONDS, SETTLE_SECONDS = 60, 180
LATE_TAIL_SECONDS = 10
"""So long before the sales end the last customer comes who will pay late."""


@dataclass(frozen=True)
class Plan:
    """How long sales are made, from which seed, how many a second.

    In a hurry every customer whose money is not in the books at the end comes back to the
    till, so that nobody waits for the worker's next look. `database` is what the shop keeps its
    books in, sqlite or postgresql. So many tills in a hundred are paid by PayWay.
    """

    seconds: float = 600
    seed: int = 1
    rate: float = 2.0
    is_hurried: bool = False
    database: str = "sqlite"
    payway_percent: int = 25


def soak(plan: Plan, folder: Path, stop: Stop, witness: Witness) -> Verdict:
    """Run a soak in this folder, a new one, and return what came of it."""
    (folder / "logs").mkdir(parents=True)
    with _books(plan.database) as books:
        with Children(folder / "logs", stop) as children:
            tills = round(plan.rate * TILLS_FOR_A_RATE)
            shop = SoakShop(folder, tills, plan.payway_percent, children, witness, books)
            _live(plan, shop, stop, witness)
            shop.bank.close()
        shop.read_logs()
        with Sides.opened(shop.books, shop.instance.ledger) as sides:
            return judge(sides, witness)


@contextmanager
def _books(database: str) -> Iterator[str]:
    """Give the address of a new PostgreSQL database, or "" for a file in the soak's own folder."""
    if database == "sqlite":
        yield ""
        return
    server = Postgres()
    try:
        yield server.template_url
    finally:
        server.stop()


def _live(plan: Plan, shop: SoakShop, stop: Stop, witness: Witness) -> None:
    life = int(SETTINGS["POS_QR_SECONDS"])
    customers = Customers(shop.bank_url, witness, Random(f"{plan.seed} customers"), life)
    ready = threading.Barrier(len(shop.people) + 1, timeout=READY_SECONDS)
    close = threading.Event()
    floor = Floor(shop.url, witness, customers, Turns(plan.rate), ready, threading.Event(), close)
    cashiers = [
        Cashier(floor, till_id, name, factories.PASSWORD, str(plan.seed))
        for name, till_id in shop.people.items()
    ]
    for one in (customers, *cashiers):
        one.start()
    _wait_ready(ready, witness)
    began = time.monotonic()
    customers.late_until = began + plan.seconds - LATE_TAIL_SECONDS
    Trouble(shop, witness, Random(f"{plan.seed} trouble"), plan.seconds).run(stop)
    floor.stop.set()
    witness.longest("seconds of sales", time.monotonic() - began)
    _settle(plan, shop, stop, customers, cashiers, witness)
    close.set()
    for one in cashiers:
        one.join(READY_SECONDS)
        if one.is_alive():
            witness.complain(f"{one.name} never went home")
    customers.end()


def _wait_ready(ready: threading.Barrier, witness: Witness) -> None:
    """Wait until every till is open; RuntimeError, with what was seen, where one is not."""
    try:
        ready.wait()
    except threading.BrokenBarrierError:
        raise RuntimeError(f"not every till could be opened: {witness.wrong}") from None


def _settle(
    plan: Plan,
    shop: SoakShop,
    stop: Stop,
    customers: Customers,
    cashiers: list[Cashier],
    witness: Witness,
) -> None:
    """Wait until every customer has gone and the shop's books know all that the bank tells."""
    began, inboxes = time.monotonic(), {one.till_id: one.inbox for one in cashiers}
    with Sides.opened(shop.books, shop.instance.ledger) as sides:
        while not customers.is_idle() or sides.undecided() or sides.unbooked():
            if time.monotonic() - began > SETTLE_SECONDS:
                left = f"{len(sides.undecided())} undecided, {len(sides.unbooked())} unbooked"
                witness.complain(f"I1 the books never settled: {left}")
                return
            if plan.is_hurried:
                for tran_id, till_id in sides.unbooked():
                    inboxes[till_id].put(tran_id)
            for _ in range(20):
                stop.pause()
    witness.longest("seconds until all was settled", time.monotonic() - began)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pos-soak-") as name:
        yield Path(name) / "instance"
