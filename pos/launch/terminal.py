"""What the person at the terminal is told: little, and in plain words."""

import os
import sys
from typing import TextIO

from pos.launch.instance import Instance, Logins
from pos.launch.place import Address, Place


def say(text: str) -> None:
    """Print a line; a terminal that is gone is no reason to fail."""
    _write(sys.stdout, text)


def complain(text: str) -> None:
    """Print a line about a problem."""
    _write(sys.stderr, text)


def shop_is_open(place: Place, instance: Instance, logins: Logins) -> str:
    """Return the lines shown once everything answers."""
    shop, bank = place.shop.url, place.bank.url
    addresses = {
        "Till": f"{shop}/till",
        "Display": f"{shop}/display   (open it on a second screen)",
        "Practice phone": f"{bank}/phone",
    }
    people = {login["role"].capitalize(): _login(login) for login in logins}
    places = {"Data": str(instance.folder), "Logs": str(instance.logs)}
    blocks = [_table(block) for block in (addresses, people, places) if block]
    title = "KHQR POS is open."
    if logins:
        title += " The demo shop is for practice: no real money."
    return "\n\n".join(["", title, *blocks, "Ctrl-C ends everything."]) + "\n"


def bank_is_open(bank: Address, instance: Instance) -> str:
    """Return the lines shown when the practice bank runs alone."""
    rows = {"Practice phone": f"{bank.url}/phone", "Bakong API": f"{bank.url}/v1"}
    rows |= {"Books": str(instance.ledger), "Logs": str(instance.logs)}
    title = "The practice bank is open. No real money."
    return "\n\n".join(["", title, _table(rows), "Ctrl-C ends it."]) + "\n"


def warning(address: Address) -> str:
    """Return the line that says who can listen in; empty when only this machine can reach it."""
    if address.is_private:
        return ""
    return f"Warning: {address.host} is open to the network, over plain HTTP: others can read it."


def _login(login: dict[str, str]) -> str:
    return f"{login['username']}   password {login['password']}"


def _table(rows: dict[str, str]) -> str:
    return "\n".join(f"  {name:<16}{value}" for name, value in rows.items())


def _write(stream: TextIO, text: str) -> None:
    try:
        stream.write(f"{text}\n")
        stream.flush()
    except OSError:
        # The interpreter would fail once more when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
