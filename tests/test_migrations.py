import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from pos import create_app
from pos.extensions import db
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
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
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
