"""How the database is opened: a side that reads, and a side that writes.

A session reads on a connection that holds no transaction and cannot write. Inside `writing()`
the same session works on the other side, in one transaction that ends in one commit. So no
transaction can be open by accident while a gateway is asked, a read never takes SQLite's
write lock, and a write never loses it half-way: SQLite gives a transaction that has read
first no second chance ("database is locked", at once, whatever the timeout).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Union, cast

from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    MetaData,
    Update,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from pos.errors import ConfigError
from pos.mishaps import Mishap, is_surely_undone, mishap_of

BUSY_SECONDS = 5
READS = "reads"

GUARD = "guard"
"""Where a session keeps what is called first in each of its write transactions; it may raise."""

_SAVED = "saved"

Engines = Mapping[str | None, Engine]
AnySession = Union["scoped_session[Any]", Session]

_BLIND = {"synchronize_session": False}
"""Reckoning an UPDATE once more for all that the session has read costs more than itself."""

_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What every table derives from; constraints get names, so that SQLite can alter them."""

    metadata = MetaData(naming_convention=_NAMES)


class ShopSession(Session):
    """A session that reads, except inside `writing()`."""

    def __init__(self, db: Any, **options: Any) -> None:
        super().__init__(**options)
        # A session lives in one context of one app, whose engines are always the same.
        self._engines: Engines = db.engines

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine:
        """Return the engine of the side in use."""
        return self._engines[None if self.info.get("writing") else READS]


@contextmanager
def writing(session: AnySession) -> Iterator[None]:
    """Do the body in one transaction, committed at its end; an error undoes all of it.

    Inside another `writing()` it joins that one. What the session read before is read again.
    """
    if session.info.get("writing"):
        yield
        return
    session.rollback()
    session.info["writing"] = True
    try:
        if session.info.get(GUARD) is not None:
            session.info[GUARD]()
        yield
        _commit(session)
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False


def _commit(session: AnySession) -> None:
    """Commit, and note that something was saved; also where nobody knows whether it was."""
    session.flush()
    before = session.info.get(_SAVED, False)
    session.info[_SAVED] = True
    try:
        session.commit()
    except BaseException as problem:
        session.info[_SAVED] = before or not is_surely_undone(problem)
        raise


def may_have_saved(session: AnySession) -> bool:
    """Return whether this session has saved anything, or may have: a lost answer to a commit."""
    return bool(session.info.get(_SAVED))


def is_writing(session: AnySession) -> bool:
    """Return whether a write transaction is open: then nothing slow may be done."""
    return bool(session.info.get("writing"))


def rows_changed(session: AnySession, statement: Update, **values: Any) -> int:
    """Do a conditional UPDATE and return how many rows it changed: 1 means this caller won.

    `values` are those of its `bindparam`s. What the session read of these rows before stays as it
    was read: refresh what is used further in the same transaction.
    """
    done = session.execute(statement, values, execution_options=_BLIND)
    return cast("CursorResult[Any]", done).rowcount


def add_if_new(session: AnySession, row: Base) -> bool:
    """Add a row in a commit of its own; return False where another was quicker."""
    try:
        with writing(session):
            session.add(row)
    except IntegrityError:
        return False
    return True


def engine_options(url: str) -> dict[str, Any]:
    """Return the Flask-SQLAlchemy settings for both sides of the database at this address.

    ConfigError for an address that is neither SQLite nor PostgreSQL.
    """
    backend = make_url(url).get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise ConfigError("POS_DATABASE_URL: only sqlite and postgresql are known")
    # A failed INSERT would put payers and amounts into the log.
    both = {"hide_parameters": True}
    reads: dict[str, Any] = {"url": url, "isolation_level": "AUTOCOMMIT", **both}
    if backend == "postgresql":
        own = str(make_url(url).query.get("options", ""))
        reads["connect_args"] = {"options": f"{own} -c default_transaction_read_only=on".strip()}
        reads["pool_pre_ping"] = True
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": backend == "postgresql", **both},
        "SQLALCHEMY_BINDS": {READS: reads},
    }


def prepare(engines: Engines) -> None:
    """Make fresh engines behave: SQLite's pragmas and its eager write lock."""
    write, read = engines[None], engines[READS]
    if write.dialect.name != "sqlite":
        return
    event.listen(write, "connect", _open_sqlite)
    event.listen(write, "begin", _begin_immediate)
    event.listen(read, "connect", _open_sqlite_read_only)


def _open_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    # We say BEGIN ourselves; the driver's own is deferred.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        # NORMAL may forget, after a power cut, a sale that the cashier saw as paid.
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _open_sqlite_read_only(connection: Any, entry: ConnectionPoolEntry) -> None:
    _open_sqlite(connection, entry)
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def refuse_unsafe(engines: Engines) -> None:
    """Raise ConfigError where the database may forget what it acknowledged, or takes no writes.

    A file so damaged that SQLite's own words about it cannot be read is damaged, too.
    """
    try:
        with engines[None].connect() as connection:
            _refuse_unsafe(connection)
    except UnicodeDecodeError:
        raise ConfigError(_NO_START[Mishap.DAMAGED]) from None
    except DBAPIError as problem:
        told = _NO_START.get(mishap_of(problem))
        if told is None:
            raise
        raise ConfigError(told) from None
    # A server that forks after this must not share the connection.
    engines[None].dispose()


_NO_START: dict[Mishap | None, str] = {
    Mishap.READ_ONLY: "The database cannot be written: look at its folder's owner and its disk.",
    Mishap.DAMAGED: "The database is damaged. Put the last copy back, as docs/operations.md says.",
}


def _refuse_unsafe(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # The same number once more, and taken back: nothing that can only be read lets it be set.
        stamp = connection.exec_driver_sql("PRAGMA user_version").scalar()
        connection.exec_driver_sql(f"PRAGMA user_version = {stamp}")
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        for name, value in wanted.items():
            if connection.exec_driver_sql(f"PRAGMA {name}").scalar() != value:
                raise ConfigError(f"SQLite does not keep {name} = {value} on this disk")
    elif connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "off":
        raise ConfigError("PostgreSQL runs with synchronous_commit = off")
    elif connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "on":
        raise ConfigError(_NO_START[Mishap.READ_ONLY])


def migration_engine(url: str) -> Engine:
    """Return an engine for a migration: a step is done whole or not at all, on SQLite too.

    Foreign keys are not enforced meanwhile: SQLite alters a table by making it anew.
    """
    engine = create_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _leave_begin_to_us)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _leave_begin_to_us(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    # SQLite may have been built to forget, after a power cut, what was migrated.
    connection.execute("PRAGMA synchronous = FULL")
