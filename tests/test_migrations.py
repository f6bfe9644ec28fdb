import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import Engine, MetaData, Table, create_engine, event, inspect, select, text
from sqlalchemy.exc import IntegrityError

from pos import create_app
from pos.extensions import db
from pos.models import Till, ZReport
from pos.reports.auditing import chain
from tests.conftest import close, make_settings

ROOT = Path(__file__).parents[1]

KILLED_HALF_WAY = """
import os
from flask_migrate import upgrade
from sqlalchemy import Engine, event
from pos import create_app

made = []

@event.listens_for(Engine, "after_cursor_execute")
def count(_connection, _cursor, statement, *_):
    made.append(statement) if "CREATE TABLE" in statement else None
    if len(made) == 8:
        os._exit(9)

with create_app().app_context():
    upgrade()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database has nothing in it yet."""
    if request.param == "sqlite":
        yield from app_at(f"sqlite:///{tmp_path / 'pos.db'}", tmp_path)
        return
    with request.getfixturevalue("postgres").fresh_database() as url:
        run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        yield from app_at(url, tmp_path)


def app_at(url: str, folder: Path) -> Iterator[Flask]:
    app = create_app(make_settings(folder, database_url=url))
    with app.app_context():
        yield app
    close(app)


def run(url: str, *statements: str) -> None:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))
    finally:
        engine.dispose()


def tables(url: str) -> set[str]:
    engine = create_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def url_of(app: Flask) -> str:
    url: str = app.config["SQLALCHEMY_DATABASE_URI"]
    return url


def test_an_empty_database_gets_every_table_of_the_models(empty):
    assert tables(url_of(empty)) == set()
    upgrade()
    assert tables(url_of(empty)) == {*db.metadata.tables, "alembic_version"}


def test_no_migration_is_missing_for_the_models(empty):
    upgrade()
    check()


def test_a_difference_from_the_models_is_found(empty):
    upgrade()
    run(url_of(empty), "ALTER TABLE till ADD COLUMN stray INTEGER")
    with pytest.raises(SystemExit):
        check()


def test_the_way_back_to_nothing_works_and_forth_again(empty):
    upgrade()
    downgrade(revision="base")
    assert tables(url_of(empty)) == {"alembic_version"}
    upgrade()
    check()


def fill(connection, table_name, **values):
    """Add a row of a table as it is now; what is not named and may not be empty is zero or text."""
    table = Table(table_name, MetaData(), autoload_with=connection)
    for column in table.columns:
        if not column.nullable and column.name not in values:
            kind = column.type.python_type
            values[column.name] = date(2026, 11, 22) if kind is date else kind()
    connection.execute(table.insert().values(values))


class Filling:
    """Puts a row into each table at the step that makes it, so that every later step meets it."""

    def __init__(self):
        self.filled = {"alembic_version"}

    def __call__(self, connection, _cursor, statement, *_):
        if "alembic_version SET" not in statement and "INTO alembic_version" not in statement:
            return
        for name in set(inspect(connection).get_table_names()) - self.filled:
            self.filled.add(name)
            if connection.scalar(text(f'SELECT count(*) FROM "{name}"')) == 0:
                self.add_row(connection, name)

    def add_row(self, connection, name):
        """One row with 1 in each figure: so each that points at another points at one."""
        table, values = Table(name, MetaData(), autoload_with=connection), {}
        for column in table.columns:
            kind = column.type.python_type
            if not column.nullable:
                # A part of an amount is less than the whole.
                usual = {date: date(2026, 11, 22), str: "{}", bool: True, bytes: b""}
                is_whole = column.name == "before_minor"
                values[column.name] = 2 if is_whole else usual.get(kind, 1)
        connection.execute(table.insert().values(values))


def test_every_step_keeps_the_rows_of_the_steps_before(empty):
    filling = Filling()
    event.listen(Engine, "after_cursor_execute", filling)
    event.listen(Engine, "begin", without_references)
    try:
        upgrade()
    finally:
        event.remove(Engine, "after_cursor_execute", filling)
        event.remove(Engine, "begin", without_references)
    check()
    kept = {name: rows_of(url_of(empty), name) for name in db.metadata.tables}
    # 0004 takes the lease from whoever has it; they take it again.
    assert {name for name, count in kept.items() if count != 1} == {"lease"}
    assert filling.filled == {*kept, "alembic_version"}


def without_references(connection):
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")


def rows_of(url, name):
    engine = create_engine(url)
    with engine.connect() as connection:
        count = connection.scalar(text(f'SELECT count(*) FROM "{name}"'))
    engine.dispose()
    return count


BEFORE = ((1, 1), (2, 1), (1, 3), (1, 2))
"""Reports as they lay in a database, by till and number."""


def add_reports(url):
    engine = create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        for till in (1, 2):
            fill(connection, "till", id=till, name=str(till))
        for place, (till, number) in enumerate(BEFORE, 1):
            told = {"shift_id": place, "written_at": 1_790_000_000_123 + number, "body": "កាហ្វេ"}
            fill(connection, "z_report", id=place, till_id=till, number=number, **told)
    engine.dispose()


def test_reports_of_before_get_their_hashes_and_cannot_be_changed_any_more(empty):
    upgrade(revision="0009")
    add_reports(url_of(empty))
    upgrade()
    rows = db.session.scalars(select(ZReport).order_by(ZReport.till_id, ZReport.number)).all()
    assert [(one.till_id, one.link, one.number) for one in rows] == [
        *((1, 1, 1), (1, 2, 2), (1, 3, 3), (2, 1, 1)),
    ]
    assert [one.hash for one in rows] == [chain.hash_of(one) for one in rows]
    assert [one.previous_hash for one in rows] == [
        *(chain.FIRST, rows[0].hash, rows[1].hash, chain.FIRST),
    ]
    ends = [(till.last_link, till.last_hash) for till in db.session.scalars(select(Till))]
    assert ends == [(3, rows[2].hash), (1, rows[3].hash)]
    with pytest.raises(IntegrityError, match="z_report is written once"):
        run(url_of(empty), "DELETE FROM z_report")


def test_a_migration_killed_half_way_leaves_nothing_on_sqlite(tmp_path):
    url = f"sqlite:///{tmp_path / 'pos.db'}"
    settings = make_settings(tmp_path, database_url=url)
    keys = {
        "POS_SECRET_KEY": settings.secret_key.get_secret_value(),
        "POS_VAULT_KEY": settings.vault_key.get_secret_value(),
        "POS_DATABASE_URL": url,
    }
    command = [sys.executable, "-W", "ignore", "-c", KILLED_HALF_WAY]
    killed = subprocess.run(command, cwd=ROOT, env={**os.environ, **keys}, timeout=60)
    assert killed.returncode == 9
    assert tables(url) <= {"alembic_version"}
    with create_app(settings).app_context():
        upgrade()
    assert set(db.metadata.tables) <= tables(url)
