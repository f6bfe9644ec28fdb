"""The real shop in a scratch folder: practice bank, web app and two workers, each a process.

They are started by the launcher's own parts, with the commands that `make run` uses. Started
and ended from one thread only: on Linux a child is told to end with the thread that made it.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import httpx

from pos.launch import commands
from pos.launch.asking import READY_SECONDS, is_shop_open, new_token
from pos.launch.children import Child, Children
from pos.launch.instance import Instance
from pos.launch.place import Address
from tests import factories
from tests.eyes import look_into
from tests.launch.conftest import free_ports
from tests.soak.witness import Witness

_ENDS = re.compile(r"^[\w.]*(?:Error|Exception|Timeout|Full)\b.*", re.M)
"""The line of a traceback that says what it was."""

ROOT = Path(__file__).parents[2]

SETTINGS = {"POS_QR_SECONDS": "10", "POS_GATEWAY_SECONDS": "2", "POS_CHECK_NOW_SECONDS": "0.5"}
"""Other than a shop's: QRs end within the soak, and a bank that hangs costs little of it.

The grace after a QR's end and the watch for late money stay as they are.
"""


class SoakShop:
    """What a soak runs against; `children` ends it all."""

    def __init__(
        self,
        folder: Path,
        tills: int,
        payway_percent: int,
        children: Children,
        witness: Witness,
        books: str = "",
    ) -> None:
        self.instance, self._children, self._witness = Instance(folder), children, witness
        self.books = books or f"sqlite:///{folder / 'pos.db'}"
        """The address of the shop's own database."""
        shop_port, bank_port = map(int, free_ports(2))
        self._web_at = Address("127.0.0.1", shop_port, "POS_PORT")
        self._bank_at = Address("127.0.0.1", bank_port, "SANDBOX_PORT")
        self.url, self.bank_url = self._web_at.url, self._bank_at.url
        self._environ = self._settings(shop_port)
        self._open(tills, payway_percent)
        self.bank = httpx.Client(base_url=self.bank_url, timeout=20, verify=False, trust_env=False)
        people = json.loads((folder / "people.json").read_text())
        self.people: dict[str, int] = people

    def _settings(self, port: int) -> dict[str, str]:
        self.instance.prepare()
        theirs = {name: text for name, text in os.environ.items() if name[:4] != "POS_"}
        settings = self.instance.settings(theirs)
        ours = {"POS_PORT": str(port), "PYTHONPATH": str(ROOT), "POS_DATABASE_URL": self.books}
        return {**settings, **SETTINGS, **ours}

    def _open(self, tills: int, payway_percent: int) -> None:
        children = self._children
        children.start("bank", commands.bank_server(self._bank_at), self._environ)
        told = [self.bank_url, self.url, str(tills), str(payway_percent)]
        prepare = [sys.executable, "-m", "tests.soak.prepare", *told]
        children.wait_done(children.start("set-up", prepare, self._environ))
        self._workers = [self._start_worker(name) for name in ("worker-1", "worker-2")]
        self._web = self._start_web()
        acts = lambda: bool(self._lease_holder())  # noqa: E731
        children.wait_ready(self._workers[0], acts, READY_SECONDS)

    def _start_worker(self, name: str) -> Child:
        return self._children.start(name, commands.worker(), self._environ)

    def _start_web(self) -> Child:
        web = self._children.start("web", commands.web_server(self._web_at), self._environ)
        self._children.wait_ready(web, lambda: is_shop_open(self.url), READY_SECONDS)
        return web

    def kill_web(self) -> None:
        """Kill the web app with all its processes, and start it again at once."""
        began = time.monotonic()
        self._kill(self._web)
        self._web = self._start_web()
        self._witness.count("web app killed and started again")
        self._witness.longest("longest without the web app, seconds", time.monotonic() - began)

    def kill_acting_worker(self) -> None:
        """Kill the worker that holds the lease, and start it again at once."""
        holder = self._lease_holder()
        acting = [one for one in self._workers if f":{one.process.pid}:" in holder]
        if not acting:
            self._witness.count("acting worker not found, not killed")
            return
        self._kill(acting[0])
        self._workers.remove(acting[0])
        self._workers.append(self._start_worker(acting[0].name))
        self._witness.count("acting worker killed and started again")

    def paste_new_token(self) -> None:
        """Give the shop a fresh key of its bank, as an operator does."""
        token = new_token(self.bank_url, factories.EMAIL)
        command = [sys.executable, "-m", "flask", "--app", "pos", "set-token"]
        subprocess.run(
            [*command, factories.ACCOUNT_ID, "--token", token],
            env=self._environ,
            cwd=ROOT,
            check=True,
            capture_output=True,
            timeout=60,
        )
        self._witness.count("keys pasted by the operator")

    def read_logs(self) -> None:
        """Complain of each log of the shop's own parts in which something broke."""
        for log in sorted(self.instance.logs.glob("w*.log")):
            text = log.read_text(errors="replace")
            if "Traceback" in text:
                first, ends = text[text.index("Traceback") :][:2_000], _ENDS.findall(text)
                times = f"{text.count('Traceback')} tracebacks in {log.name}"
                self._witness.complain(f"{times}, {sorted(set(ends))}: {first}")

    def _kill(self, child: Child) -> None:
        self._children.running.remove(child)
        child.tell(signal.SIGKILL)
        child.process.wait()

    def _lease_holder(self) -> str:
        with closing(look_into(self.books)) as eye:
            row = eye.execute("SELECT holder FROM lease").fetchone()
        return str(row["holder"]) if row else ""
