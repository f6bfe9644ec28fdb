"""What two machines must do together, one deed at a time; each returns what went wrong."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx

from pos.services.shop.lease import LASTS
from tests import factories
from tests.rehearse.hosts import Host, TwoHosts
from tests.rehearse.screens import AtTheTill, Screen, wait
from tests.soak.pages import read_panel
from tests.soak.witness import Witness

GREEN_SECONDS = 10.0
"""From the customer's deed until a till at the other machine is green."""

HOLD_SECONDS = 3
"""How often a worker looks for the lease: `pos/worker/jobs.py`."""

BUSY_SECONDS = 5
"""So much later a machine may be at which others work too; what it took is printed."""

END_SECONDS = 10.0
"""What was being asked is answered, and the program gone, after so long at most."""

SLOW_SECONDS = 2.0


class Stage:
    """The two machines, the bank, and a cashier who has a till of their own."""

    def __init__(self, hosts: TwoHosts, bank_url: str, one: tuple[str, int], seen: Witness) -> None:
        self.hosts, self.witness = hosts, seen
        self.cashier, self.till_id = one
        self.bank = httpx.Client(base_url=bank_url, timeout=20, verify=False, trust_env=False)
        self.figures: list[str] = []
        """What was measured, in words."""


def limits_are_shared(stage: Stage) -> Iterator[str]:
    """Guess a name's password at both machines in turn: ten tries are ten, not twenty."""
    screen, told = Screen(stage.hosts.a, stage.witness), []
    for number in range(11):
        screen.at(stage.hosts.both[number % 2])
        told.append("Too many" in screen.log_in("nobody", f"guess {number}").text)
    screen.close()
    if told != [False] * 10 + [True]:
        yield f"eleven guesses at both machines were answered {told}"


def a_login_is_known_everywhere(stage: Stage) -> Iterator[str]:
    """Log in at the one machine; be known at the other; log out there; be gone here."""
    screen = Screen(stage.hosts.a, stage.witness)
    page = screen.log_in(stage.cashier, factories.PASSWORD)
    if page.url.path == "/login":
        yield "the cashier could not log in"
    screen.at(stage.hosts.b)
    if screen.get("/password").url.path != "/password":
        yield "the other machine does not know the login"
    cookies = screen.cookies()
    screen.post("/logout", {}, screen.token())
    screen.at(stage.hosts.a)
    screen.use(cookies)
    if screen.get("/password").url.path != "/login":
        yield "the first machine still knows a login that was ended at the other"
    screen.close()


def a_sale_goes_from_one_to_the_other(stage: Stage) -> Iterator[str]:
    """Charge at the one machine; the other's till turns green, whoever asked the bank."""
    with AtTheTill(stage.hosts.a, stage.cashier, stage.till_id, stage.witness) as till:
        charged = till.charge("3.50")
        till.screen.at(stage.hosts.b)
        stage.bank.post("/sandbox/pay", json={"qr": charged.panel.qr}).raise_for_status()
        poll = charged.panel.poll

        def is_green() -> bool:
            answer = till.screen.get(poll, is_poll=True)
            return answer.status_code == 200 and read_panel(answer.text).phase == "paid"

        took = wait(is_green, GREEN_SECONDS)
    acting = stage.hosts.acting()
    stage.figures.append(f"charged at a, green at b after {took or 0:.1f} s; asked by "
                         f"{acting.name if acting else 'nobody'}")  # fmt: skip
    if took is None:
        yield f"a sale charged at a was not green at b within {GREEN_SECONDS:g} s"


def a_dead_worker_is_replaced(stage: Stage) -> Iterator[str]:
    """Kill the worker that acts: the other takes over when the lease has run out."""
    yield from _replace(stage, kill=True, most=LASTS.total_seconds() + HOLD_SECONDS + BUSY_SECONDS)


def a_worker_that_ends_gives_the_lease_back(stage: Stage) -> Iterator[str]:
    """Tell the worker that acts to end: the other need not wait for the end of the lease."""
    yield from _replace(stage, kill=False, most=HOLD_SECONDS + BUSY_SECONDS)


def _replace(stage: Stage, kill: bool, most: float) -> Iterator[str]:
    acting = stage.hosts.acting()
    if acting is None or acting.worker is None:
        yield "no worker acts"
        return
    other = next(one for one in stage.hosts.both if one is not acting)
    fence, worker, began = stage.hosts.holder()[1], acting.worker, time.monotonic()
    if kill:
        acting.kill_worker()
    else:
        acting.ask_to_end(worker)
    worker.process.wait(END_SECONDS + 10)
    took = wait(lambda: stage.hosts.acting() is other, most)
    how = "killed" if kill else "told to end"
    stage.figures.append(f"worker {how}: the other acts after {time.monotonic() - began:.1f} s")
    if took is None:
        yield f"a worker was {how}, and the other did not act within {most:g} s"
    elif stage.hosts.holder()[1] <= fence:
        yield "the new holder has no greater fence number"
    acting.start_worker()


def what_is_being_asked_is_answered(stage: Stage) -> Iterator[str]:
    """Tell a web app to end while it waits for the bank: it answers first, and ends then."""
    with AtTheTill(stage.hosts.a, stage.cashier, stage.till_id, stage.witness) as till:
        tran_id = till.charge("2.25").panel.tran_id
        csrf = till.screen.token()
        stage.bank.post("/sandbox/faults", json={"delay": SLOW_SECONDS}).raise_for_status()
        with ThreadPoolExecutor(1) as pool:
            check = pool.submit(till.screen.send_once, f"/till/payments/{tran_id}/check", csrf)
            time.sleep(SLOW_SECONDS / 3)
            ended, status = _end_web(stage.hosts.a, check)
        stage.bank.post("/sandbox/faults", json={"delay": False}).raise_for_status()
        stage.figures.append(f"web app told to end: gone after {ended:.1f} s, answered {status}")
        if status != 303 or ended > END_SECONDS or ended < SLOW_SECONDS / 3:
            yield f"a web app told to end took {ended:.1f} s and answered {status}"
        stage.hosts.a.start_web()
        till.tidy_up()


def _end_web(host: Host, check: "Future[int | str]") -> tuple[float, int | str]:
    assert host.web is not None
    began, process = time.monotonic(), host.web.process
    host.ask_to_end(host.web)
    try:
        process.wait(END_SECONDS + 5)
    finally:
        ended = time.monotonic() - began
    return ended, check.result()
