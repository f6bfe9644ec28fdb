"""Is the program alive, and is the shop ready to take money? For monitors, without login."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Lease
from pos.reports.counter.glance import WORKER_SILENT_AFTER
from pos.reports.counter.glance_rows import WORKER

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Answer 200 while this process serves."""
    return "ok", {"Content-Type": "text/plain"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Answer 200 when the database answers and the worker ticks, else 503 and what is amiss."""
    ticked_at = db.session.scalar(select(Lease.ticked_at).where(Lease.name == WORKER))
    ticking = ticked_at is not None and clock.now() - ticked_at <= WORKER_SILENT_AFTER
    return jsonify(database="ok", worker="ok" if ticking else "silent"), 200 if ticking else 503
