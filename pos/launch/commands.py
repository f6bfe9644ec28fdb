"""The command line of each part, as a person could type it."""

import os
import sys
from pathlib import Path

from pos.launch.place import Address, Place

_TMPFS = Path("/dev/shm")

END_SECONDS = 2
"""How long a server finishes the requests it has when it is told to end."""


def web_server(address: Address) -> list[str]:
    """Return the command that serves the shop's app.

    Keep-alive is longer than any pause between two polls: a new connection for each costs a third.
    """
    return _gunicorn(address, "pos:serve()", workers=2, threads=16, config="python:pos.serving")


def bank_server(address: Address) -> list[str]:
    """Return the command that serves the practice bank.

    One process: its faults and its list of calls are kept in memory.
    """
    return _gunicorn(address, "pos.launch.bank:create_bank()", workers=1, threads=16)


def worker() -> list[str]:
    """Return the command that runs the timed jobs."""
    return [sys.executable, "-m", "flask", "--app", "pos", "worker"]


def prepare(place: Place) -> list[str]:
    """Return the command that brings the database up to date, with a demo shop at the bank."""
    return [sys.executable, "-m", "pos.launch.prepare", place.bank.url, place.shop.url]


def _gunicorn(address: Address, app: str, *, workers: int, threads: int, **more: str) -> list[str]:
    options: dict[str, object] = {
        "bind": address.bind,
        "workers": workers,
        "threads": threads,
        "worker-class": "gthread",
        "keep-alive": 75,
        "graceful-timeout": END_SECONDS,
        **more,
    }
    if os.access(_TMPFS, os.W_OK):
        # Its heartbeat file on a real disk can stall a worker.
        options["worker-tmp-dir"] = str(_TMPFS)
    return [
        *(sys.executable, "-m", "gunicorn", "--no-control-socket"),
        *(f"--{name}={value}" for name, value in options.items()),
        app,
    ]
