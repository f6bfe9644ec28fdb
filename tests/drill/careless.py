"""The shop's app on a SQLite that does not wait for the disk: what the shop itself refuses.

For the counter-proof of the power cut alone.
"""

from typing import Any

from flask import Flask
from sqlalchemy import event

import pos
from pos.extensions import db


def create_app() -> Flask:
    """Return the app, whose fresh connections forget to wait for the disk."""
    app = pos.create_app()
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
            event.listen(engine, "connect", _forget)
    return app


def _forget(connection: Any, _entry: Any) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")


def serve() -> Flask:
    """Return the app as a server asks for it."""
    return create_app()
