import psycopg
import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from pos.extensions import db
from tests.web.pages import read

pytestmark = [pytest.mark.scratch, pytest.mark.postgres]

TRIP = """CREATE SEQUENCE trips; CREATE FUNCTION trip() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF nextval('trips') <= {times} THEN {how}; END IF; RETURN NEW; END $$;
CREATE TRIGGER trip BEFORE {what} FOR EACH ROW EXECUTE FUNCTION trip()"""
DEADLOCK = "RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'"
SERIAL = "RAISE EXCEPTION 'could not serialize' USING ERRCODE = '40001'"
GONE = "PERFORM pg_terminate_backend(pg_backend_pid())"


@pytest.fixture
def stumble(till):
    """Have PostgreSQL end a statement in some way, so many times, however often it is undone."""

    def stumble(how, times, what="INSERT ON sale"):
        with till.app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql(TRIP.format(how=how, times=times, what=what))

    return stumble


@pytest.fixture
def form(till):
    fields = read(till.browser.get("/till")).form("Charge").fields
    return {**fields, "amount": "3.50", "currency": "USD"}


def counts(books):
    now = books()
    return len(now["sale"]), len(now["payment"])


def text_of(answer):
    return read(answer).one(class_="error-text").text


@pytest.mark.parametrize("how", [DEADLOCK, SERIAL, GONE])
def test_what_the_database_undid_once_is_done_once_more_and_nobody_is_told(
    till, form, books, stumble, how
):
    stumble(how, times=1)
    answer = till.browser.post("/till/charge", data=form)
    assert (answer.status_code, counts(books)) == (303, (1, 1))
    assert till.panel().attrs["data-phase"] == "waiting"


@pytest.mark.parametrize("how", [DEADLOCK, GONE])
def test_what_it_undid_twice_is_told_and_nothing_of_it_is_there(till, form, books, stumble, how):
    stumble(how, times=2)
    answer = till.browser.post("/till/charge", data=form)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert "Nothing was saved" in text_of(answer) and counts(books) == (0, 0)
    assert till.browser.post("/till/charge", data=form).status_code == 303
    assert counts(books) == (1, 1)


def test_what_has_saved_something_is_not_done_again_but_told_so(till, form, books, stumble):
    stumble(DEADLOCK, times=1, what="UPDATE ON payment")
    answer = till.browser.post("/till/charge", data=form)
    assert (answer.status_code, counts(books)) == (503, (1, 1))
    assert "look before you try again" in text_of(answer)
    assert till.browser.post("/till/charge", data=form).status_code == 303
    assert counts(books) == (1, 1)


@pytest.fixture
def lost_answer(till, stumble):
    """The next commit is done, and its answer never arrives."""
    lost = []

    def commit(connection):
        if not lost:
            connection.connection.driver_connection.commit()
            lost.append(connection)
            broken = psycopg.OperationalError("server closed the connection unexpectedly")
            raise OperationalError("COMMIT", {}, broken, connection_invalidated=True)

    with till.app.app_context():
        engine = db.engine
    event.listen(engine, "commit", commit)
    yield lost
    event.remove(engine, "commit", commit)


def test_a_commit_whose_answer_was_lost_is_not_done_twice(till, form, books, lost_answer):
    answer = till.browser.post("/till/charge", data=form)
    assert (answer.status_code, len(lost_answer), counts(books)) == (503, 1, (1, 1))
    assert "look before you try again" in text_of(answer)
    assert till.browser.post("/till/charge", data=form).status_code == 303
    assert counts(books) == (1, 1)
