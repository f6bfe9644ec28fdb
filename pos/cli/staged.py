"""An app over books that lie beside the shop's own: just enough of it for deeds and migrations."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from pos import database
from pos.config import Settings
from pos.extensions import db, migrate
from pos.paths import HOME


@contextmanager
def app_over(settings: Settings, url: str) -> Iterator[None]:
    """Work, in the body, on the books at this address, with the shop's other settings."""
    chosen = settings.model_copy(update={"database_url": url})
    app = Flask("pos", root_path=str(HOME), instance_path=str(settings.instance.resolve()))
    app.config.update(database.engine_options(url))
    app.extensions["pos_settings"] = chosen
    db.init_app(app)
    migrate.init_app(app, db, directory=str(HOME / "migrations"), render_as_batch=True)
    with app.app_context():
        database.prepare(db.engines)
        try:
            yield
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
