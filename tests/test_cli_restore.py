import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from pos.errors import BackupFailed
from pos.extensions import db
from pos.models import ApiToken, AuditEntry, Display, Login, Sale, Terminal, User
from pos.permissions import Scope
from pos.services.api import tokens
from pos.services.backups import archive, taking
from pos.services.people import terminals, users
from pos.services.shop import displays
from tests.backing import OTHER_IDENTITY, SETTINGS, key_file, machine
from tests.books import Days
from tests.conftest import SECRET_KEY, VAULT_KEY, make_settings

pytestmark = pytest.mark.usefixtures("clock")

ROOT = Path(__file__).parents[1]

KILLED_AT_THE_LAST_STEP = """
import os, sys

def fuse(event, args):
    if event == "os.rename" and str(args[1]).endswith("/pos.db"):
        os._exit(9)

sys.addaudithook(fuse)
from flask.cli import main
main()
"""


@pytest.fixture
def settings(tmp_path, database):
    return make_settings(tmp_path, database_url=database, **SETTINGS)


@pytest.fixture
def elsewhere(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    yield from machine(f"sqlite:///{folder / 'pos.db'}", folder)


@pytest.fixture
def file(app, shop, clock):
    """A backup of a day with one sale."""
    with app.app_context():
        Days(shop, clock).do("cash")
        return taking.take().path


def refusal(done):
    assert done.exit_code == 1
    return done.output.splitlines()[-1]


def nothing_is_there(elsewhere):
    left = {one.name for one in elsewhere.folder.iterdir()} - {"key.txt", "pos.db"}
    with closing(sqlite3.connect(elsewhere.folder / "pos.db")) as books:
        tables = books.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return tables == (0,) and left == set()


@pytest.mark.parametrize("cut", [40, 400, 20_000, -1, -70_000])
def test_a_truncated_backup_is_refused_and_leaves_nothing(file, elsewhere, cut):
    file.write_bytes(file.read_bytes()[:cut])
    assert "damaged or not whole" in refusal(elsewhere.restore(file))
    assert nothing_is_there(elsewhere)


@pytest.mark.parametrize("place", [190, 5_000, -20])
def test_a_changed_backup_is_refused_and_leaves_nothing(file, elsewhere, place):
    body = bytearray(file.read_bytes())
    body[place] ^= 1
    file.write_bytes(bytes(body))
    assert "damaged or not whole" in refusal(elsewhere.restore(file))
    assert nothing_is_there(elsewhere)


def test_another_key_is_told_in_one_sentence(file, elsewhere):
    key_file(elsewhere.folder, OTHER_IDENTITY)
    assert refusal(elsewhere.restore(file)) == (
        "Error: This key does not open this backup: it is another's."
    )
    elsewhere.key.write_text("nothing")
    assert "There is no AGE-SECRET-KEY in" in refusal(elsewhere.restore(file))
    assert "name the file with its key" in refusal(elsewhere.command("restore", str(file)))


def test_a_plain_backup_that_was_changed_is_refused(file, elsewhere, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    manifest, books = archive.unseal(file, elsewhere.key.read_text().split()[-1], work)
    with closing(sqlite3.connect(books)) as opened, opened:
        opened.execute("UPDATE sale SET amount_minor = 1")
    plain = tmp_path / "plain.tar.gz"
    (work / "packed").unlink()
    archive.seal(books, manifest, work, plain, [])
    assert "damaged or not whole" in refusal(elsewhere.restore(plain))


def test_a_backup_of_a_newer_program_is_refused(app, file, elsewhere, tmp_path):
    with app.app_context():
        tamper_revision("9999")
        newer = taking.take(tmp_path / "newer").path
    assert "are of revision 9999, which this program does not know" in refusal(
        elsewhere.restore(newer)
    )


def dump(books):
    with closing(sqlite3.connect(books)) as opened:
        return list(opened.iterdump())


def tamper_revision(revision):
    with db.engines[None].begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = ?", (revision,))


def test_a_living_shop_is_not_overwritten_and_is_set_aside_when_told(file, elsewhere):
    elsewhere.restored(file)
    assert "Books are there already. Nothing was done." in refusal(elsewhere.restore(file))
    told = elsewhere.restored(file, "--replace")
    (aside,) = elsewhere.folder.glob("pos.db.before-*")
    assert f"What was there is kept: {aside}" in told
    with closing(sqlite3.connect(aside)) as books:
        assert books.execute("SELECT count(*) FROM sale").fetchone() == (1,)
    with elsewhere.app.app_context():
        assert db.session.query(Sale).count() == 1


def test_a_shop_that_still_runs_is_not_replaced(file, elsewhere):
    elsewhere.restored(file)
    with closing(sqlite3.connect(elsewhere.folder / "pos.db")) as running:
        running.execute("PRAGMA journal_mode = WAL")
        running.execute("SELECT count(*) FROM sale").fetchone()
        done = elsewhere.restore(file, "--replace")
    assert "The shop still runs: stop the web app and the worker first." in refusal(done)


def test_a_restore_killed_half_way_leaves_the_books_that_were_there(file, elsewhere):
    elsewhere.restored(file)
    books = elsewhere.folder / "pos.db"
    before = dump(books)
    words = ["restore", str(file), "--identity", str(elsewhere.key), "--replace"]
    keys = {"POS_SECRET_KEY": SECRET_KEY, "POS_VAULT_KEY": VAULT_KEY}
    places = {"POS_DATABASE_URL": f"sqlite:///{books}", "POS_INSTANCE": str(elsewhere.folder)}
    command, env = [sys.executable, "-c", KILLED_AT_THE_LAST_STEP], {**os.environ, **keys, **places}
    killed = subprocess.run([*command, *words], cwd=ROOT, env=env, input=b"\n" * 20, timeout=60)
    assert (killed.returncode, dump(books) == before) == (9, True)
    assert "What was there is kept" in elsewhere.restored(file, "--replace")


def test_every_login_screen_till_and_token_of_before_is_over(app, shop, elsewhere):
    with app.app_context():
        manager = db.session.get_one(User, shop.manager.id)
        token, screen = users.log_in(shop.cashier.username, shop.cashier.password), displays.start()
        terminals.enroll(manager, "Tablet")
        tokens.create(manager, "web shop", {Scope.READ}, by="test")
        taken = taking.take().path
    elsewhere.restored(taken)
    with elsewhere.app.app_context():
        assert users.of_token(token) is None
        assert db.session.scalars(select(Display)).all() == [] != [screen]
        assert db.session.scalars(select(Terminal.revoked_at)).one() is not None
        assert db.session.scalars(select(ApiToken.revoked_at)).one() is not None
        assert db.session.scalars(select(Login.ended_at)).one() is not None
        assert db.session.scalars(select(AuditEntry.deed)).all()[-1] == "books_restored"


def test_damaged_books_are_not_taken_for_a_backup(app, settings, shop):
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
        path = settings.instance / "pos.db"
        body = bytearray(path.read_bytes())
        body[len(body) // 2 : len(body) // 2 + 4096] = b"\xff" * 4096
        path.write_bytes(bytes(body))
        with pytest.raises(BackupFailed, match="The books are damaged"):
            taking.take()
        assert list((settings.instance / "backups").iterdir()) == []


def test_damaged_books_are_set_aside_for_a_backup(file, elsewhere):
    elsewhere.restored(file)
    path = elsewhere.folder / "pos.db"
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\xff" * 40_960 + body[45_056:])
    assert "What was there is kept" in elsewhere.restored(file, "--replace")
    with elsewhere.app.app_context():
        assert db.session.query(Sale).count() == 1


def test_a_till_that_is_not_there_is_named(file, elsewhere):
    done = elsewhere.restore(file, "--highest-z", "Till 9=4", typed="\n" * 20)
    assert refusal(done) == 'Error: "Till 9=4" is not NAME=NUMBER with one of: Till 1, Till 2.'
    assert nothing_is_there(elsewhere)


def test_what_was_not_said_is_asked(file, elsewhere):
    done = elsewhere.restore(file, typed="3\n\n\n\n\n")
    assert "Highest Z printed at Till 1 [0]: 3" in done.output
    assert "Written down as lost: Riverside, Till 1: Z 1 to 3 (lost)" in done.output
