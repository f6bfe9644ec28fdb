import sqlite3
from contextlib import ExitStack, closing, contextmanager

import pytest
from sqlalchemy import event, text

from pos.extensions import db
from tests.factories import csrf_token
from tests.tampering import tamper
from tests.web.pages import press, read

# They hold up, move away or spoil the books, and make the app impatient.
pytestmark = pytest.mark.scratch

TRACES = ("Traceback", "Error(", "sqlite", "sqlalchemy", "psycopg", "pydantic", ".py", "werkzeug")


def told(answer):
    """The page's heading and sentence; it must not tell how the program is made."""
    assert [trace for trace in TRACES if trace in answer.text] == []
    page = read(answer)
    assert page.one("p", class_="field-hint").text == f"Error {answer.status_code}"
    return page.one("h1").text, page.one(class_="error-text").text


@pytest.mark.parametrize("who", ["client", "cashier"])
def test_what_is_not_there_is_told_in_words(request, shop, who):
    answer = request.getfixturevalue(who).get("/nothing/here")
    assert answer.status_code == 404
    assert told(answer) == ("Not found", "There is nothing at this address.")


def test_a_method_that_an_address_does_not_take_is_told_in_words(cashier):
    answer = cashier.delete("/till")
    assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)
    assert told(answer)[0] == "Not possible"


FORM_TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json",
    "text/plain",
)


@pytest.mark.parametrize("page", ["/till/charge", "/login"])
def test_more_than_a_million_bytes_are_refused_in_words(till, books, page):
    before, token = books(), csrf_token(till.browser, "/till")
    for kind in FORM_TYPES:
        form = f"csrf_token={token}&username=dara&amount={'1' * 1_000_000}".encode()
        answer = till.browser.post(page, data=form, content_type=kind)
        assert (answer.status_code, told(answer)[0]) == (413, "Too large"), kind
    assert books() == before


def test_what_was_typed_is_not_sent_back_whole_when_it_is_huge(till):
    answer = press(till.browser, "/till", "Charge", amount="1" * 900_000)
    assert (answer.status_code, len(answer.text) < 20_000) == (422, True)


def test_a_bug_of_ours_is_told_in_words_and_noted_in_the_log(till, caplog):
    page = read(till.browser.get("/till")).one(class_="charge-close").attrs["href"]
    report = press(till.browser, page, "Close shift").headers["Location"]
    bad = """UPDATE z_report SET body = '{"number": "a secret of the books"}'"""
    with till.app.app_context():
        tamper(bad, "z_report")
    answer = till.browser.get(report)
    assert (answer.status_code, told(answer)[0]) == (500, "Our mistake")
    assert "a secret" not in answer.text
    assert "unhandled" in caplog.text


def impatient(app):
    """Let the app wait for the database for a tenth of a second only."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
            event.listen(engine, "connect", lambda one, _: one.execute("PRAGMA busy_timeout = 100"))


@contextmanager
def held_by_another_program(app):
    """Another program has the books open for writing and does not let go."""
    impatient(app)
    path = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.sqlite
def test_a_charge_while_the_books_are_held_is_not_saved_and_says_so(till, books):
    before, form = books(), read(till.browser.get("/till")).form("Charge")
    sent = {**form.fields, "amount": "3.50"}
    with held_by_another_program(till.app):
        answer = till.browser.post("/till/charge", data=sent)
    assert answer.status_code == 503
    assert told(answer) == ("Busy", "The shop's books are busy. Nothing was saved; try again.")
    assert books() == before
    assert till.browser.post("/till/charge", data=sent).status_code == 303
    assert len(books()["sale"]) == 1


@pytest.mark.sqlite
def test_screens_are_drawn_while_the_books_are_held(till, display):
    till.charge()
    polls = till.panel().attrs["hx-get"], display.show().attrs["hx-get"]
    with held_by_another_program(till.app):
        assert till.browser.get(polls[0]).status_code == 204
        assert display.poll(polls[1]).status_code == 204
        assert till.browser.get("/till").status_code == 200
        assert display.phase == "waiting"


@contextmanager
def no_line_left(app, monkeypatch):
    """Others have all lines to the database, and nobody waits longer than a moment for one."""
    with app.app_context(), ExitStack() as held:
        for engine in db.engines.values():
            monkeypatch.setattr(engine.pool, "_timeout", 0.05)
            for _ in range(engine.pool.size() + engine.pool._max_overflow):
                held.enter_context(closing(engine.raw_connection()))
        yield


def test_a_page_without_a_line_to_the_database_says_that_the_shop_is_busy(till, monkeypatch):
    with no_line_left(till.app, monkeypatch):
        answer = till.browser.get("/till")
        hint = till.browser.post("/api/payway/v2/webhook", json={"tran_id": "1"})
    assert (answer.status_code, told(answer)[0]) == (503, "Busy")
    assert hint.status_code == 503
    assert till.browser.get("/till").status_code == 200


@pytest.mark.parametrize("deed", ["Cancel", "New QR", "Check now"])
@pytest.mark.sqlite
def test_a_button_pressed_while_the_books_are_held_changes_nothing(waiting, books, deed):
    before = books()
    with held_by_another_program(waiting.app):
        answer = waiting.press(deed)
    assert (answer.status_code, told(answer)[0]) == (503, "Busy")
    assert books() == before


def test_the_error_page_is_drawn_even_when_the_books_cannot_be_read(app, cashier):
    with app.app_context(), db.engines[None].begin() as connection:
        connection.execute(text("ALTER TABLE gateway_account RENAME TO gone"))
    for page, status in (("/nothing", 404), ("/till", 303), ("/login", 200)):
        assert cashier.get(page).status_code == status, page


@pytest.mark.sqlite
def test_books_that_are_not_there_are_told_in_words(app, cashier, client, tmp_path):
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
    (tmp_path / "pos.db").rename(tmp_path / "moved.db")
    (tmp_path / "pos.db").mkdir()
    for page in ("/till", "/shifts", "/display"):
        answer = cashier.get(page)
        assert (answer.status_code, told(answer)[0]) == (503, "Busy"), page
    assert client.get("/healthz").status_code == 200
