"""The rehearsal from its first program to its verdict."""

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pos.launch import commands
from pos.launch.children import Children
from pos.launch.place import Address
from tests.launch.conftest import free_ports
from tests.rehearse import acts, doors
from tests.rehearse.acts import Stage
from tests.rehearse.hosts import TwoHosts
from tests.rehearse.load import Load
from tests.rehearse.proxies import Proxy
from tests.soak.sides import Sides
from tests.soak.verdict import judge

TILLS, RATE, PAYWAY_PERCENT = 8, 0.8, 25
DOWN_SECONDS = 8.0

TAKEN_BACK_SECONDS = 7.0
"""After so long the proxy sends questions to a machine again that it had left out for 5 s."""

ACTS: tuple[tuple[str, Callable[[Stage], Iterable[str]]], ...] = (
    ("tries at a login are counted over both machines", acts.limits_are_shared),
    ("a login holds at both, and its end too", acts.a_login_is_known_everywhere),
    ("a sale charged at the one is green at the other", acts.a_sale_goes_from_one_to_the_other),
    ("a web app that ends answers first", acts.what_is_being_asked_is_answered),
    ("a worker that ends gives the lease back", acts.a_worker_that_ends_gives_the_lease_back),
    ("a worker that is killed is replaced", acts.a_dead_worker_is_replaced),
)


@dataclass
class Chain:
    """Everything that runs: the bank, both machines, the proxy."""

    folder: Path
    hosts: TwoHosts
    proxy: Proxy
    bank_url: str
    people: dict[str, int]


def tell(kind: str, seconds: float, folder: Path, books: str, children: Children) -> list[str]:
    """Live the whole story; say what held, and return what did not."""
    chain = _open(kind, folder, books, children)
    # The first till is one of Bakong's.
    first = min(chain.people, key=lambda name: chain.people[name])
    alone = first, chain.people.pop(first)
    load = Load(chain.proxy.url, chain.bank_url, chain.people, RATE)
    stage = Stage(chain.hosts, chain.bank_url, alone, load.witness)
    wrong = _act(f"{kind} does at its door what it should", doors.wrong(chain.proxy))
    for name, deed in ACTS:
        wrong += _act(name, deed(stage))
    wrong += _act("nobody saw anything wrong so far", stage.witness.wrong)
    stage.bank.close()
    for figure in stage.figures:
        _say(f"      {figure}")
    wrong += _act(
        "a shop at work outlives a machine, and loses nothing", _work(chain, load, seconds)
    )
    broke = chain.hosts.read_logs(folder / "logs")
    return wrong + _act("no program broke inside", broke)


def _open(kind: str, folder: Path, books: str, children: Children) -> Chain:
    hosts = TwoHosts(folder, books, children)
    proxy = Proxy(kind, folder / "proxy", [one.at for one in hosts.both])
    proxy.check()
    (port,) = free_ports(1)
    bank = Address("127.0.0.1", int(port), "SANDBOX_PORT")
    children.start("bank", commands.bank_server(bank), hosts.a.environ)
    # PayWay posts to the shop by the proxy's address, and takes no certificate of our own: so it
    # posts to the first machine.
    told = [bank.url, hosts.a.url, str(TILLS + 1), str(PAYWAY_PERCENT)]
    prepare = [sys.executable, "-m", "tests.soak.prepare", *told]
    children.wait_done(children.start("set-up", prepare, hosts.a.environ))
    for host in hosts.both:
        host.start()
    proxy.start(children)
    children.wait_ready(hosts.a.worker, lambda: hosts.acting() is not None, 30)  # type: ignore[arg-type]
    people = json.loads((hosts.a.instance.folder / "people.json").read_text())
    return Chain(folder, hosts, proxy, bank.url, people)


def _work(chain: Chain, load: Load, seconds: float) -> Iterable[str]:
    """Sell for so long; meanwhile machine a loses its power, and b is told to end."""
    a, b = chain.hosts.both
    load.start()
    time.sleep(seconds / 5)
    load.witness.pass_to("machine a has lost its power", may_fail=True)
    a.kill()
    time.sleep(DOWN_SECONDS)
    load.witness.pass_to("machine a comes back")
    a.start()
    time.sleep(max(TAKEN_BACK_SECONDS, seconds / 5))
    load.witness.pass_to("machine b is being stopped")
    b.ask_to_end()
    time.sleep(DOWN_SECONDS)
    load.witness.pass_to("machine b comes back")
    b.start()
    time.sleep(seconds / 5)
    load.witness.pass_to("the shops close")
    with Sides.opened(chain.hosts.books, a.instance.ledger) as sides:
        load.end(chain.hosts, sides)
        verdict = judge(sides, load.witness)
    for name, figure in verdict.rows:
        _say(f"      {name:44}{figure:>14}")
    return verdict.wrong


def _act(name: str, wrong: Iterable[str]) -> list[str]:
    found = list(wrong)
    _say(f"{'BROKE' if found else 'held '} {name}")
    for one in found:
        _say(f"      {one}")
    return found


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
