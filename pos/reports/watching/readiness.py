"""Is the shop ready to take money? In states and numbers alone: anybody may ask.

What stops selling has failed; a gateway that is down does not, for cash is still taken and the
till says so itself.
"""

import shutil
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import or_, select, text

from pos import clock, schema
from pos.config import Settings
from pos.damage import log_bytes
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayAccount, GatewayCircuit, Lease, Store, Till
from pos.reports.counter.glance import WORKER_SILENT_AFTER
from pos.reports.counter.glance_rows import WORKER

TOKEN_ENDS_SOON = timedelta(days=7)

WAL_WARN, WAL_ALARM = 64, 1024
"""Megabytes that SQLite's log may have: beyond some hold it up that should have ended long ago."""

ORDERED = (Trouble.QUOTA, Trouble.BUSY)
"""Pauses of which the end is known: the gateway lives, and wants to be let alone."""

MEGABYTE = 1024 * 1024


class State(StrEnum):
    """How one thing stands, from best to worst."""

    OK = "ok"
    WARN = "warn"
    FAILED = "failed"


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, with numbers and words that are no secret."""

    name: str
    state: State
    facts: dict[str, str | int] = field(default_factory=dict)


_VERSION = text("SELECT version_num FROM alembic_version")
_TICKED = select(Lease.ticked_at).where(Lease.name == WORKER)
IN_USE = or_(
    GatewayAccount.id.in_(select(Store.account_id)),
    GatewayAccount.id.in_(select(Till.own_account_id).where(Till.retired_at.is_(None))),
)
_ACCOUNTS = (
    select(
        GatewayAccount.id,
        GatewayAccount.gateway,
        GatewayAccount.token_expires_at,
        GatewayCircuit.failures,
        GatewayCircuit.paused_until,
        GatewayCircuit.paused_for,
    )
    .outerjoin(GatewayCircuit, GatewayCircuit.account_id == GatewayAccount.id)
    .where(IN_USE)
    .order_by(GatewayAccount.id)
)


def of_books() -> tuple[Check, ...]:
    """Return what the books say, in three queries on indexes; their own errors go through."""
    found = [migrations(), worker()]
    for row in db.session.execute(_ACCOUNTS):
        known: dict[str, str | int] = {"gateway": row.gateway, "number": row.id}
        is_paused = row.paused_until is not None and row.paused_until > clock.now()
        found.append(_gateway(known, row.failures or 0, row.paused_for if is_paused else ""))
        if row.token_expires_at is not None:
            found.append(_token(known, row.token_expires_at - clock.now()))
    return (Check("database", State.OK), *found)


def migrations() -> Check:
    """Are the tables those that this program knows? With others the shop is shut."""
    fits = db.session.scalar(_VERSION) == schema.wanted()
    return Check("migrations", State.OK if fits else State.FAILED)


def worker() -> Check:
    """Does somebody do the timed jobs? `seconds` is since the last sign of it."""
    ticked_at = db.session.scalar(_TICKED)
    if ticked_at is None:
        return Check("worker", State.FAILED)
    silent = clock.now() - ticked_at
    state = State.OK if silent <= WORKER_SILENT_AFTER else State.FAILED
    return Check("worker", state, {"seconds": max(0, round(silent.total_seconds()))})


def _gateway(known: dict[str, str | int], failures: int, paused_for: str) -> Check:
    if paused_for:
        state = State.WARN if paused_for in ORDERED else State.FAILED
        return Check("gateways", state, {**known, "trouble": paused_for})
    return Check("gateways", State.WARN if failures else State.OK, known)


def _token(known: dict[str, str | int], left: timedelta) -> Check:
    state = State.WARN if left < TOKEN_ENDS_SOON else State.OK
    state = State.FAILED if left <= timedelta(0) else state
    return Check("tokens", state, {**known, "days": max(0, left.days)})


def of_disk(settings: Settings) -> tuple[Check, ...]:
    """Return how much room the shop's own folder has, and how long SQLite's log is."""
    free, least = disk_free(settings) // MEGABYTE, settings.alert_disk_mb
    state = State.FAILED if free * 5 < least else State.WARN if free < least else State.OK
    found = [Check("disk", state, {"free_mb": free})]
    size = wal_bytes()
    if size is not None:
        long = size // MEGABYTE
        state = State.FAILED if long >= WAL_ALARM else State.WARN if long >= WAL_WARN else State.OK
        found.append(Check("wal", state, {"mb": long}))
    return tuple(found)


def disk_free(settings: Settings) -> int:
    """Return the bytes that are free where the shop's own folder lies."""
    return shutil.disk_usage(settings.instance).free


def wal_bytes() -> int | None:
    """Return the length of SQLite's log; None for another database."""
    return log_bytes(db.engine) if db.engine.dialect.name == "sqlite" else None
