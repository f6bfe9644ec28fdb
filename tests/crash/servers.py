"""The shop's servers as `make run` starts them, killed outright and started again."""

import os
import signal
import time
from pathlib import Path

import httpx

from pos.config import Settings
from pos.launch import commands
from pos.launch.children import Child, Children, Stop
from pos.launch.place import Address
from tests.launch.conftest import free_ports

READY_SECONDS = 30
"""Longer than any start may take, even where many others work."""


class Servers:
    """Web app and worker on one database, each the leader of its own group of processes."""

    def __init__(self, settings: Settings, logs: Path) -> None:
        (port,) = free_ports(1)
        self._address = Address("127.0.0.1", int(port), "POS_PORT")
        self._environ = environ_of(settings)
        self._children = Children(logs, Stop())
        self.url = self._address.url
        self.seconds: list[float] = []
        """How long each start took until the shop served."""

    def start(self) -> None:
        """Start both and wait until the shop is ready to take money."""
        began = time.monotonic()
        web = self._start("web app", commands.web_server(self._address))
        self._start("worker", commands.worker())
        self._children.wait_ready(web, self._serves, READY_SECONDS)
        self.seconds.append(time.monotonic() - began)

    def _start(self, name: str, command: list[str]) -> Child:
        return self._children.start(name, command, self._environ)

    def kill(self) -> None:
        """Kill every process of both at once."""
        for child in self._children.running:
            child.tell(signal.SIGKILL)
        for child in self._children.running:
            child.process.wait(10)
        self._children.running.clear()

    def _serves(self) -> bool:
        pages = [self.url + path for path in ("/healthz", "/readyz")]
        try:
            return all(httpx.get(page, timeout=2).status_code == 200 for page in pages)
        except httpx.TransportError:
            return False


def environ_of(settings: Settings) -> dict[str, str]:
    """Return what a process needs to know to work in the same books."""
    ours = {
        "POS_INSTANCE": str(settings.instance),
        "POS_DATABASE_URL": settings.database,
        "POS_SECRET_KEY": settings.secret_key.get_secret_value(),
        "POS_VAULT_KEY": settings.vault_key.get_secret_value(),
        "POS_CHECK_NOW_SECONDS": "0.1",
    }
    return {name: text for name, text in os.environ.items() if name[:4] != "POS_"} | ours
