"""Is the program alive, and is the shop ready to take money? For monitors, without login."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

from flask import Blueprint, Flask, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from pos.extensions import settings
from pos.reports.watching import readiness
from pos.reports.watching.readiness import Check, State
from pos.web import gate

bp = Blueprint("health", __name__)

PATIENCE_SECONDS = 2.0
"""How long the books may take to answer; a monitor waits five to ten seconds for us."""

AT_ONCE = 4
"""Looks at the books under way; where so many hang, one more would only hang too."""

STOPS = ("database", "migrations", "worker")
"""Nothing is sold by QR without these. Where another one fails, cash is taken and tills tell."""

MAY_EXCLUDE = frozenset({"worker"})
"""What a load balancer may leave out: it would take all web apps away for want of a worker."""

_MANY = ("gateways", "tokens")
"""Checks of which there may be several."""

_looking = threading.Semaphore(AT_ONCE)


@bp.get("/healthz")
def alive() -> ResponseReturnValue:
    """Answer 200 while this process serves."""
    return "ok", {"Content-Type": "text/plain"}


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Answer 200 when the shop can sell, else 503; and in either case how each thing stands."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    read = within(app, readiness.of_books)
    if read is None or gate.why_shut(app) is gate.DAMAGED:
        read = (Check("database", State.FAILED),)
    checks = (*read, *readiness.of_disk(settings()))
    left_out = MAY_EXCLUDE.intersection(request.args.getlist("exclude"))
    stops = any(it.state is State.FAILED and it.name in STOPS for it in checks
                if it.name not in left_out)  # fmt: skip
    worst = State.OK if all(one.state is State.OK for one in checks) else State.WARN
    told = {"status": State.FAILED if stops else worst, **_told(checks)}
    return jsonify(told), 503 if stops else 200


def within(
    app: Flask, read: Callable[[], tuple[Check, ...]], seconds: float = PATIENCE_SECONDS
) -> tuple[Check, ...] | None:
    """Read the books in so many seconds; None where they cannot be read, or only later.

    In a thread of its own: a database on another machine may be silent for minutes.
    """
    if not _looking.acquire(blocking=False):
        return None
    found: list[tuple[Check, ...]] = []
    thread = threading.Thread(target=_read, args=(app, read, found), name="ready", daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else None


def _read(
    app: Flask, read: Callable[[], tuple[Check, ...]], found: list[tuple[Check, ...]]
) -> None:
    try:
        with app.app_context():
            found.append(read())
    except SQLAlchemyError:
        return
    finally:
        _looking.release()


def _told(checks: Iterable[Check]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for one in checks:
        line = {"status": one.state, **one.facts}
        if one.name in _MANY:
            told.setdefault(one.name, []).append(line)
        else:
            told[one.name] = line
    return told
