"""The practice bank's app for the server that `commands.bank_server` starts."""

import os

from flask import Flask

from pos.launch.instance import open_instance
from pos.sandbox import create_sandbox


def create_bank() -> Flask:
    """Return the practice bank whose books lie in the instance folder."""
    return create_sandbox(ledger_path=open_instance(os.environ).ledger)
