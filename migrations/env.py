"""How a migration runs: on an engine of its own, with the app's tables as the target.

Logging is left alone; Alembic's usual set-up would switch ours off.
"""

from alembic import context
from flask import current_app
from sqlalchemy import BigInteger

from pos.database import migration_engine
from pos.extensions import db
from pos.models.types import UTCDateTime


def plain(kind: str, item: object, _autogen: object) -> str | bool:
    """Write our own column types as the plain ones they are stored in."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return f"sa.{BigInteger.__name__}()"
    return False


def run() -> None:
    engine = migration_engine(current_app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=True,
            render_item=plain,
            compare_type=True,
            compare_server_default=True,
            transactional_ddl=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
