import sqlite3
from contextlib import closing, suppress

import pytest
from sqlalchemy import event

from pos import create_app
from pos.errors import ConfigError
from pos.extensions import db
from pos.schema import wanted
from pos.web import gate
from pos.worker import Worker, refuse_unfit
from tests.conftest import close, make_settings
from tests.signing import DONE
from tests.web.api import programs
from tests.web.doors import door, shop
from tests.web.pages import press, read

__all__ = ["door", "shop"]

# They spoil the database, or the app's connections to it.
pytestmark = pytest.mark.scratch


def told(answer):
    page = read(answer)
    return page.one("h1").text, page.one(class_="error-text").text


class Spoiled:
    """The books, whose every fresh connection for writing begins with a pragma."""

    def __init__(self, app, pragma):
        self._app, self._pragma = app, pragma
        with app.app_context():
            db.engine.dispose()
            event.listen(db.engine, "connect", self._begin)

    def _begin(self, connection, _entry):
        connection.execute(f"PRAGMA {self._pragma}")

    def mend(self):
        with self._app.app_context():
            event.remove(db.engine, "connect", self._begin)
            db.engine.dispose()


def fill(app, path):
    """Let no page be added to the books, and none be free: a full disk, to SQLite alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE ballast (stone BLOB)")
        pages = other.execute("PRAGMA page_count").fetchone()[0]
        other.execute(f"PRAGMA max_page_count = {pages}")
        with suppress(sqlite3.OperationalError):
            while True:
                other.execute("INSERT INTO ballast VALUES (zeroblob(1000))")
    return Spoiled(app, f"max_page_count = {pages}")


def charge_until_full(till, books):
    """Charge and cancel until the books take no more; return the answer, and what it saved."""
    for number in range(1, 200):
        before = books()
        answer = press(till.browser, "/till", "Charge", amount=f"{number}.00", note="x" * 60)
        if answer.status_code >= 500:
            return answer, before != books()
        till.press("Cancel")
    raise AssertionError("there was always room")


@pytest.mark.sqlite
def test_a_full_disk_takes_no_sale_lets_all_be_read_and_is_over_when_there_is_room(
    till, books, tmp_path
):
    disk = fill(till.app, tmp_path / "pos.db")
    answer, has_saved = charge_until_full(till, books)
    assert (answer.status_code, told(answer)[0]) == (507, "The disk is full")
    assert ("Nothing was saved." in told(answer)[1]) is not has_saved
    till.clock.advance(seconds=400)
    assert [till.browser.get(page).status_code for page in ("/till", "/shifts")] == [200, 200]
    disk.mend()
    assert press(till.browser, "/till", "Charge", amount="999.00").status_code == 303


@pytest.mark.sqlite
def test_a_callback_on_a_full_disk_is_not_acknowledged_and_taken_once_there_is_room(waiting, door):
    disk = Spoiled(waiting.app, "query_only = ON")
    answer = door.knock()
    assert (answer.status_code, answer.json["success"], door.kept()) == (503, False, [])
    disk.mend()
    assert door.knock().json == DONE and len(door.kept()) == 1


@pytest.mark.sqlite
def test_books_that_cannot_be_written_are_read_and_refuse_every_sale(till, books):
    before, disk = books(), Spoiled(till.app, "query_only = ON")
    answer = till.charge()
    assert (answer.status_code, told(answer)[0]) == (503, "The disk cannot be written")
    assert till.browser.get("/till").status_code == 200 and books() == before
    disk.mend()
    assert till.charge().status_code == 303


@pytest.mark.sqlite
def test_a_program_is_told_of_it_in_its_own_tongue(app, shop):
    program = programs.start(app, shop.manager)
    Spoiled(app, "query_only = ON")
    answer = program.renew()
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert (answer.json["status"], answer.headers["Retry-After"]) == (503, "60")


def test_it_is_told_in_khmer_too(till):
    Spoiled(till.app, "query_only = ON")
    form = read(till.browser.get("/till")).form("Charge")
    till.browser.set_cookie("pos_language", "km")
    heading, text = told(till.browser.post("/till/charge", data={**form.fields, "amount": "2"}))
    assert not any(letter.isascii() and letter.isalpha() for letter in heading + text)


@pytest.mark.sqlite
def test_a_program_does_not_start_on_books_that_cannot_be_written(settings, tmp_path):
    url = f"sqlite:///file:{tmp_path / 'pos.db'}?mode=ro&uri=true"
    with pytest.raises(ConfigError, match="cannot be written"):
        create_app(make_settings(tmp_path, database_url=url))


def spoil_a_page(path):
    """Put other bytes where the sales lie."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = other.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sale'").fetchone()
    raw = bytearray(path.read_bytes())
    raw[(page - 1) * 4096 : (page - 1) * 4096 + 64] = b"\xff" * 64
    path.write_bytes(raw)


@pytest.mark.sqlite
def test_damaged_books_are_served_to_nobody_and_the_worker_does_not_start(settings, tmp_path):
    spoil_a_page(tmp_path / "pos.db")
    app = create_app(settings)
    answer = app.test_client().get("/login")
    assert (answer.status_code, told(answer)) == (503, ("Closed for a moment", gate.DAMAGED))
    assert app.test_client().get("/healthz").status_code == 200
    with app.app_context(), pytest.raises(ConfigError, match="put the last copy back"):
        refuse_unfit()
    close(app)


@pytest.mark.sqlite
def test_a_file_that_is_no_database_stops_the_start_in_a_sentence(settings, tmp_path):
    (tmp_path / "pos.db").write_bytes(b"no database at all" * 1_000)
    with pytest.raises(ConfigError, match="damaged"):
        create_app(settings)


@pytest.fixture
def impatient(monkeypatch):
    """The gate looks at every request."""
    monkeypatch.setattr(gate, "LOOK_SECONDS", 0.0)


def set_version(app, version):
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")


@pytest.mark.parametrize("version", ["0001", "9999"])
def test_a_database_of_another_version_is_served_to_nobody_until_it_is_right(
    till, impatient, version
):
    poll = till.panel().attrs["hx-get"]
    set_version(till.app, version)
    assert [till.browser.get(page).status_code for page in ("/till", poll)] == [503, 503]
    assert told(till.browser.get("/till"))[0] == "Closed for a moment"
    assert till.browser.get("/static/css/tokens.css").status_code == 200
    set_version(till.app, wanted())
    assert till.browser.get(poll).status_code == 204


def test_a_worker_stands_still_on_another_version_and_goes_on_by_itself(app, shop):
    worker = Worker(app)
    with app.app_context():
        worker.hold_lease()
        set_version(app, "9999")
        worker.hold_lease()
        assert not worker.is_acting
        with pytest.raises(ConfigError, match="flask db upgrade"):
            refuse_unfit()
        set_version(app, wanted())
        worker.hold_lease()
        assert worker.is_acting
    worker.stop()


def test_an_empty_database_is_served_to_nobody(tmp_path):
    app = create_app(make_settings(tmp_path, database_url=f"sqlite:///{tmp_path / 'new.db'}"))
    assert app.test_client().get("/login").status_code == 503
    close(app)
