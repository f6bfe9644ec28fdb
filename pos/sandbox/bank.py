"""The parts of one practice bank, and how a request finds them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from flask import current_app

from pos.sandbox.calls import Calls
from pos.sandbox.faults import Faults
from pos.sandbox.ledger import Ledger
from pos.sandbox.links import Links
from pos.sandbox.payway.desk import Desk
from pos.sandbox.tokens import Tokens

EXTENSION = "practice_bank"
"""Under this name `app.extensions` holds the `Bank`."""


class Mode(StrEnum):
    """Which of the central bank's two hosts this one plays."""

    PRODUCTION = "production"
    SIT = "SIT"


@dataclass(frozen=True, slots=True)
class Bank:
    """One practice bank. `public_url` is how phones reach it, where that differs from the Host."""

    ledger: Ledger
    tokens: Tokens
    links: Links
    faults: Faults
    calls: Calls
    payway: Desk
    public_url: str | None


def this_bank() -> Bank:
    """Return the bank that the running request is for."""
    return cast(Bank, current_app.extensions[EXTENSION])
