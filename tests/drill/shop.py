"""The real shop of a drill: practice bank, web app and worker, as `make run` starts them.

The bank keeps its ledger in a folder of its own: it is another house, whose power stays on.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import httpx

from pos.launch import commands
from pos.launch.asking import is_shop_open
from pos.launch.children import Child, Children
from pos.launch.instance import Instance
from pos.launch.place import Address
from tests.launch.conftest import free_ports

ROOT = Path(__file__).parents[2]
READY_SECONDS = 60.0
"""Longer than any start may take, even where many others work."""

PREPARE = "tests.soak.prepare"


class DrillShop:
    """One shop; `children` ends it. `more` are settings and libraries for its own programs."""

    def __init__(
        self, folder: Path, children: Children, tills: int, books: str = "", **more: str
    ) -> None:
        self._children = children
        self.instance, self.house = Instance(folder / "shop"), Instance(folder / "bank")
        self.books = books or f"sqlite:///{self.instance.folder / 'pos.db'}"
        shop_port, bank_port = map(int, free_ports(2))
        self._web_at = Address("127.0.0.1", shop_port, "POS_PORT")
        self._bank_at = Address("127.0.0.1", bank_port, "SANDBOX_PORT")
        self.url, self.bank_url = self._web_at.url, self._bank_at.url
        self.bank = httpx.Client(base_url=self.bank_url, timeout=20, trust_env=False)
        self._more = more
        self.running: dict[str, Child] = {}
        self._prepare(tills)

    def _environ(self, instance: Instance) -> dict[str, str]:
        theirs = {name: text for name, text in os.environ.items() if name[:4] != "POS_"}
        ours = {"POS_PORT": self.url.rpartition(":")[2], "PYTHONPATH": str(ROOT)}
        return {**instance.settings(theirs), **ours}

    def _ours(self) -> dict[str, str]:
        settings = {"POS_DATABASE_URL": self.books, "POS_CHECK_NOW_SECONDS": "0.5"}
        return {**self._environ(self.instance), **settings, **self._more}

    def _prepare(self, tills: int) -> None:
        self.instance.prepare()
        self.house.prepare()
        bank = commands.bank_server(self._bank_at)
        self._children.start("bank", bank, self._environ(self.house))
        command = [sys.executable, "-m", PREPARE, self.bank_url, self.url, str(tills), "0"]
        self._children.wait_done(self._children.start("set-up", command, self._ours()))
        people: dict[str, int] = json.loads((self.instance.folder / "people.json").read_text())
        self.people = people

    def open(self, app: str = "pos") -> None:
        """Start web app and worker, and wait until tills can sell."""
        self.start("worker", app)
        self.start("web", app)

    def start(self, name: str, app: str = "pos") -> None:
        """Start one of the two; the web app is waited for."""
        command = commands.worker() if name == "worker" else commands.web_server(self._web_at)
        command = [app + part.removeprefix("pos") if _names_app(part) else part for part in command]
        child = self._children.start(name, command, self._ours())
        self.running[name] = child
        if name == "web":
            self._children.wait_ready(child, lambda: is_shop_open(self.url), READY_SECONDS)

    def kill(self, *names: str) -> None:
        """Kill these with all their processes."""
        for name in names:
            self._end(name, signal.SIGKILL)

    def end(self, name: str) -> None:
        """Tell one to end, as a deploy does, and wait until it has."""
        self._end(name, signal.SIGTERM)

    def _end(self, name: str, number: signal.Signals) -> None:
        child = self.running.pop(name)
        self._children.running.remove(child)
        child.tell(number)
        child.process.wait(30)
        child.tell(signal.SIGKILL)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to all processes of one."""
        self.running[name].tell(number)

    def pids(self, name: str) -> list[int]:
        """Return the processes of one, its first before those that it started."""
        leader = self.running[name].process.pid
        found = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]
        return sorted(pid for pid in found if _group_of(pid) == leader)

    def wait_ready(self, seconds: float) -> float | None:
        """Return after how long `/readyz` says that the shop is ready; None where it never does."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return time.monotonic() - began
            time.sleep(0.2)
        return None

    def misbehave(self, **switches: object) -> None:
        """Turn the bank's faults on."""
        self.bank.post("/sandbox/faults", json=switches).raise_for_status()

    def behave(self) -> None:
        """Let the bank be as it should."""
        self.bank.delete("/sandbox/faults").raise_for_status()

    def pay(self, qr: str) -> None:
        """Let a customer pay a QR."""
        self.bank.post("/sandbox/pay", json={"qr": qr}).raise_for_status()

    def close(self) -> None:
        """Let the bank's line go."""
        self.bank.close()


def _names_app(part: str) -> bool:
    return part == "pos" or part.startswith("pos:")


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def put_back(kept: Path, folder: Path) -> None:
    """Make a folder's database what was kept of it, as a disk has it after a power cut."""
    for old in folder.glob("pos.db*"):
        old.unlink()
    for file in kept.glob("pos.db*"):
        if not file.name.endswith(".new"):
            shutil.copy(file, folder / file.name)
