import sqlite3
from contextlib import closing

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from pos.services.backups import restoring
from tests.backing import machine
from tests.test_migrations import fill, run, tables


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def old(request, tmp_path):
    """A machine whose books are of an older program, with a till in them."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'pos.db'}"
        yield from aged(url, tmp_path)
        return
    with request.getfixturevalue("postgres").fresh_database() as url:
        run(url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        yield from aged(url, tmp_path)


def aged(url, folder):
    for one in machine(url, folder):
        with one.app.app_context():
            upgrade(revision="0041")
        engine = create_engine(url)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            fill(connection, "merchant", id=1)
            fill(connection, "gateway_account", id=1, merchant_id=1, gateway="bakong")
            fill(connection, "store", id=1, merchant_id=1, account_id=1, name="Riverside")
            fill(connection, "till", id=1, store_id=1, name="Till 1", sound_at="till")
        engine.dispose()
        yield one


@pytest.fixture
def file_shop(tmp_path):
    yield from aged(f"sqlite:///{tmp_path / 'pos.db'}", tmp_path)


def backups(machine):
    folder = machine.folder / "backups"
    return list(folder.iterdir()) if folder.is_dir() else []


def url_of(machine):
    return machine.app.extensions["pos_settings"].database


def test_an_upgrade_backs_up_first_and_the_backup_is_the_way_back(old):
    done = old.command("upgrade")
    (file,) = backups(old)
    assert (done.exit_code, "-0041." in file.name) == (0, True), done.output
    assert f"The way back: {file}" in done.output
    assert f"Tables: from 0041 to {restoring.newest()}." in done.output
    assert "lost_numbers" in tables(url_of(old))
    assert "up to date" in old.command("upgrade").output and backups(old) == [file]
    told = old.restored(file, "--replace")
    assert f"Bringing revision 0041 up to {restoring.newest()}." in told


def test_nothing_is_changed_where_no_backup_can_be_taken_unless_told(file_shop):
    (file_shop.folder / "backups").write_text("in the way")
    done = file_shop.command("upgrade")
    assert done.exit_code == 1
    assert "Nothing was changed, for no backup could be taken" in done.output
    assert "lost_numbers" not in tables(url_of(file_shop))
    assert file_shop.command("upgrade", "--no-backup").exit_code == 0
    assert "lost_numbers" in tables(url_of(file_shop))


def test_tables_of_a_newer_program_are_left_alone(file_shop):
    run(url_of(file_shop), "UPDATE alembic_version SET version_num = '9999'")
    done = file_shop.command("upgrade")
    assert done.exit_code == 1
    assert "are of revision 9999, which this program does not know" in done.output
    assert backups(file_shop) == []


def test_a_shop_that_still_runs_is_not_upgraded(file_shop):
    with closing(sqlite3.connect(file_shop.folder / "pos.db")) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("SELECT count(*) FROM till").fetchone()
        done = file_shop.command("upgrade")
    assert "The shop still runs" in done.output
    assert "lost_numbers" not in tables(url_of(file_shop))


def test_empty_books_are_made_without_a_backup(tmp_path):
    for new in machine(f"sqlite:///{tmp_path / 'pos.db'}", tmp_path):
        assert f"Tables: from nothing to {restoring.newest()}." in new.command("upgrade").output
        assert backups(new) == []
