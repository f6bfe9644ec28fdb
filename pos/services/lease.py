"""The lease on the timed jobs: one process runs them, another takes over when it falls silent.

It only saves double work. What makes double work harmless is that every claim and every move
of a payment is a conditional UPDATE.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import rows_changed, writing
from pos.extensions import db
from pos.models import Lease

WORKER = "worker"
LASTS = timedelta(seconds=10)


def hold(holder: str, name: str = WORKER) -> bool:
    """Take or renew the lease and tick its heartbeat; return whether `holder` has it now."""
    now = clock.now()
    mine = {"holder": holder, "ticked_at": now, "ends_at": now + LASTS}
    # A tick from the future: the clock was set back. Waiting for that time would take hours.
    free = or_(Lease.holder == holder, Lease.ends_at <= now, Lease.ticked_at > now + LASTS)
    with writing(db.session):
        claim = update(Lease).where(Lease.name == name, free).values(**mine)
        if rows_changed(db.session, claim) == 1:
            return True
        if db.session.get(Lease, name) is not None:
            return False
    return _first(name, mine)


def _first(name: str, mine: dict[str, Any]) -> bool:
    try:
        with writing(db.session):
            db.session.add(Lease(name=name, **mine))
    except IntegrityError:
        return False
    return True


def release(holder: str, name: str = WORKER) -> None:
    """Give the lease back, so that another process need not wait for its end."""
    with writing(db.session):
        db.session.execute(
            update(Lease)
            .where(Lease.name == name, Lease.holder == holder)
            .values(ends_at=clock.now())
        )
