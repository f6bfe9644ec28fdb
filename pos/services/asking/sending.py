"""The one place where a question to a gateway leaves: no transaction open, counted, heard."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pos import clock
from pos.database import is_writing
from pos.errors import BadInput, ConfigError
from pos.extensions import db
from pos.gateways.base import Answer, Gateway, Trouble
from pos.models import GatewayAccount
from pos.services.asking import budget, circuit
from pos.services.asking.quota import Purpose
from pos.services.banking import accounts
from pos.services.shop import lease

_NOTHING_SENT = frozenset({Trouble.UNREACHABLE, Trouble.UNPROVEN})


@dataclass(frozen=True)
class Heard:
    """What a gateway said, by lookup, to a question that started at `asked_at`."""

    answers: dict[str, Answer]
    asked_at: datetime
    took_ms: int


def send(
    account: GatewayAccount, count: int, deed: Callable[[Gateway], dict[str, Answer]]
) -> Heard:
    """Ask, with `count` questions that are paid for; once more with a fresh key if need be.

    BadInput or ConfigError, and the questions are given back, where the client does not ask.
    What is learnt of the gateway is kept, even by a worker that was replaced meanwhile.
    """
    with lease.unfenced():
        return _send(account, count, deed)


def _send(
    account: GatewayAccount, count: int, deed: Callable[[Gateway], dict[str, Answer]]
) -> Heard:
    account_id, is_metered = account.id, account.daily_quota > 0
    asked_at, started = clock.now(), time.monotonic()
    try:
        found = _ask(account, deed)
    except (BadInput, ConfigError):
        _give_back(account_id, count)
        raise
    if _first_trouble(found) is Trouble.UNAUTHORISED and accounts.renew_token(account_id):
        if budget.spend(account, count, Purpose.LAST_LOOK) is None:
            asked_at = clock.now()
            found = _ask(db.session.get_one(GatewayAccount, account_id), deed)
            if _first_trouble(found) is None:
                accounts.hear_renewed(account_id)
    took_ms = round((time.monotonic() - started) * 1000)
    _learn(account_id, count, found, is_metered)
    return Heard(found, asked_at, took_ms)


def _ask(
    account: GatewayAccount, deed: Callable[[Gateway], dict[str, Answer]]
) -> dict[str, Answer]:
    gateway = accounts.open_account(account)
    db.session.rollback()
    assert not is_writing(db.session), "no transaction may be open while a gateway is asked"
    return deed(gateway)


def _learn(account_id: int, count: int, found: dict[str, Answer], is_metered: bool) -> None:
    """Tell the circuit how it went, and the budget where nothing left the house."""
    troubled = [one for one in found.values() if one.trouble is not None]
    circuit.hear(account_id, (troubled or list(found.values()))[-1], is_metered=is_metered)
    if all(one.trouble in _NOTHING_SENT for one in found.values()):
        _give_back(account_id, count)


def _give_back(account_id: int, count: int) -> None:
    budget.give_back(db.session.get_one(GatewayAccount, account_id), count)


def _first_trouble(found: dict[str, Answer]) -> Trouble | None:
    return next((one.trouble for one in found.values() if one.trouble is not None), None)
