"""Two machines of a chain, as far as one machine can play them.

Each has its own folder with its own copy of the secrets, its own port, its web app of two
processes as `deploy/gunicorn.conf.py` says, and its own worker. They share PostgreSQL, and nothing
else. What one machine cannot show: a cable that is pulled, and clocks that differ.
"""

import os
import shutil
import signal
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from pos.launch import commands
from pos.launch.asking import READY_SECONDS, is_shop_open
from pos.launch.children import Child, Children
from pos.launch.instance import Instance
from tests.eyes import look_into
from tests.launch.conftest import free_ports

ROOT = Path(__file__).parents[2]

SETTINGS = {
    "POS_QR_SECONDS": "10",
    "POS_GATEWAY_SECONDS": "8",
    "POS_CHECK_NOW_SECONDS": "0.5",
    "POS_HTTPS_ONLY": "true",
    "POS_PROXIES": "1",
    "POS_TRUSTED_HOSTS": "localhost",
}
"""Other than a shop's: QRs end within the rehearsal."""

WEB = [
    *(sys.executable, "-m", "gunicorn"),
    *("--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "wsgi:app"),
]
"""The line of `deploy/systemd/khqr-web.service`."""


class Host:
    """One machine with its web app and its worker, each started and ended by itself."""

    def __init__(self, name: str, folder: Path, books: str, children: Children) -> None:
        self.name, self.instance, self._children = name, Instance(folder), children
        (port,) = free_ports(1)
        self.at = f"127.0.0.1:{port}"
        self.url = f"http://{self.at}"
        self.instance.prepare()
        theirs = {one: text for one, text in os.environ.items() if one[:4] != "POS_"}
        ours = {"POS_DATABASE_URL": books, "POS_PORT": port, "PYTHONPATH": str(ROOT)}
        self.environ: Mapping[str, str] = {**self.instance.settings(theirs), **SETTINGS, **ours}
        self.web: Child | None = None
        self.worker: Child | None = None

    def start_web(self) -> None:
        """Start the web app, and wait until it serves."""
        self.web = self._children.start(f"web-{self.name}", WEB, self.environ)
        self._children.wait_ready(self.web, lambda: is_shop_open(self.url), READY_SECONDS)

    def start_worker(self) -> None:
        """Start the worker."""
        command = commands.worker()
        self.worker = self._children.start(f"worker-{self.name}", command, self.environ)

    def start(self) -> None:
        """Start both."""
        self.start_web()
        self.start_worker()

    def kill(self) -> None:
        """Let the machine lose its power."""
        for child in (self.web, self.worker):
            self._give_up(child, signal.SIGKILL)

    def kill_worker(self) -> None:
        """Kill the worker outright."""
        self._give_up(self.worker, signal.SIGKILL)

    def ask_to_end(self, *which: Child | None) -> None:
        """Do what `systemctl stop` does first: tell the main process of each to end."""
        for child in which or (self.web, self.worker):
            self._give_up(child, signal.SIGTERM)

    def _give_up(self, child: Child | None, number: signal.Signals) -> None:
        """Send a signal to a program that is to end, which nobody watches any more."""
        assert child is not None, "it was never started"
        self._children.running.remove(child)
        if number is signal.SIGTERM:
            child.process.send_signal(number)
        else:
            child.tell(number)
            child.process.wait(10)


class TwoHosts:
    """Both machines on one database."""

    def __init__(self, folder: Path, books: str, children: Children) -> None:
        self.books = books
        self.a = Host("a", folder / "a", books, children)
        (folder / "b").mkdir()
        for secret in ("secret_key", "vault_key"):
            shutil.copy(folder / "a" / secret, folder / "b" / secret)
        self.b = Host("b", folder / "b", books, children)

    @property
    def both(self) -> tuple[Host, Host]:
        """The one and the other."""
        return self.a, self.b

    def holder(self) -> tuple[str, int, bool]:
        """Return who holds the lease, under which number, and whether it still lasts."""
        lease = "SELECT holder, fence, ends_at FROM lease"
        with closing(look_into(self.books)) as eye:
            row = eye.execute(lease).fetchone()
            now = eye.execute("SELECT extract(epoch FROM now()) * 1000 AS now").fetchone()["now"]
        if row is None:
            return "", 0, False
        return str(row["holder"]), int(row["fence"]), int(row["ends_at"]) > int(now)

    def acting(self) -> Host | None:
        """Return the machine whose worker acts now; None between two of them."""
        name, _, lasts = self.holder()
        running = (one for one in self.both if one.worker is not None)
        acting = (one for one in running if f":{one.worker.process.pid}:" in name)  # type: ignore[union-attr]
        return next(acting, None) if lasts else None

    def read_logs(self, folder: Path) -> list[str]:
        """Return what broke inside one of the shop's own programs."""
        found = []
        for log in sorted(folder.glob("w*.log")):
            text = log.read_text(errors="replace")
            if "Traceback" in text:
                found.append(f"{log.name}: {text[text.index('Traceback') :][:2_000]}")
        return found
