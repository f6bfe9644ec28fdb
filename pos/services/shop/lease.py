"""The lease on the timed jobs: one process runs them, another takes over when it falls silent.

A holder that was only paused does not know that it was replaced. So the lease has a fence
number, which grows with each new holder, and what a job writes is written only while its own
number is the newest: the number is read in the very transaction that writes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any, cast

from sqlalchemy import BindParameter, Select, Table, bindparam, case, or_, select, update
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import GUARD, writing
from pos.errors import LeaseLost
from pos.extensions import db
from pos.models import Lease

WORKER = "worker"
LASTS = timedelta(seconds=10)

# The bare table: an UPDATE by the model is made ready anew each time it is done.
_LEASES = cast("Table", Lease.__table__)
_L = _LEASES.c
_ME: BindParameter[Any] = bindparam("me")
_NOW: BindParameter[Any] = bindparam("now")
_SOON: BindParameter[Any] = bindparam("soon")
_HOLD = (
    update(_LEASES)
    .where(
        _L.name == bindparam("wanted"),
        # A tick from the future: the clock was set back. Waiting for that time would take hours.
        or_(_L.holder == _ME, _L.ends_at <= _NOW, _L.ticked_at > _SOON),
    )
    .values(holder=_ME, ticked_at=_NOW, ends_at=_SOON)
    .values(fence=_L.fence + case((_L.holder == _ME, 0), else_=1))
    .returning(_L.fence)
)


def hold(holder: str, name: str = WORKER) -> int | None:
    """Take or renew the lease and tick its heartbeat; return the fence number to work under.

    None where another has it.
    """
    now = clock.now()
    mine = {"holder": holder, "ticked_at": now, "ends_at": now + LASTS}
    told = {"me": holder, "wanted": name, "now": now, "soon": now + LASTS}
    with writing(db.session):
        held = db.session.execute(_HOLD, told)
        mine_now = held.scalar_one_or_none()
        if mine_now is not None:
            return cast("int", mine_now)
        if db.session.get(Lease, name) is not None:
            return None
    return _first(name, mine)


def _fence(name: str) -> Select[int]:
    return select(Lease.fence).where(Lease.name == name)


def _first(name: str, mine: dict[str, Any]) -> int | None:
    try:
        with writing(db.session):
            db.session.add(Lease(name=name, fence=1, **mine))
    except IntegrityError:
        return None
    return 1


def release(holder: str, name: str = WORKER) -> None:
    """Give the lease back, so that another process need not wait for its end."""
    with writing(db.session):
        db.session.execute(
            update(Lease)
            .where(Lease.name == name, Lease.holder == holder)
            .values(ends_at=clock.now())
        )


@contextmanager
def fenced(fence: int, name: str = WORKER) -> Iterator[None]:
    """Write, in the body, only while no other holder has come after this fence number.

    LeaseLost, and nothing is written, once one has.
    """
    with _guarded_by(partial(_refuse_stale, fence, name)):
        yield


@contextmanager
def unfenced() -> Iterator[None]:
    """Write, in the body, whoever holds the lease: what a bank has said is true all the same."""
    with _guarded_by(None):
        yield


@contextmanager
def _guarded_by(guard: Callable[[], None] | None) -> Iterator[None]:
    info = db.session.info
    before, info[GUARD] = info.get(GUARD), guard
    try:
        yield
    finally:
        info[GUARD] = before


def _refuse_stale(fence: int, name: str) -> None:
    # Held until the commit: who takes the lease over waits for what is being written.
    newest = db.session.scalar(_fence(name).with_for_update(read=True))
    if newest != fence:
        raise LeaseLost(f"holder {fence} of the lease was replaced by {newest}")
