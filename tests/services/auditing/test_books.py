import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import BooksCheck, ZReport
from pos.reports.auditing import books_health
from pos.services.auditing import books
from tests.books import Days
from tests.tampering import tamper, unguarded

pytestmark = pytest.mark.usefixtures("context")

CHANGE = "UPDATE z_report SET body = replace(body, '350', '950') WHERE number = 1"


@pytest.fixture
def days(context, shop, clock):
    return Days(shop, clock).do("khqr", "close")


def checks():
    db.session.rollback()
    return [(one.records, one.damaged) for one in db.session.scalars(select(BooksCheck))]


def test_each_night_the_books_are_looked_at_once(days, clock):
    books.nightly()
    books.nightly()
    assert (checks(), books_health.alarm()) == ([(1, 0)], None)
    clock.advance(days=1)
    books.nightly()
    assert checks() == [(1, 0), (1, 0)]


def test_damage_raises_an_alarm_with_each_line_and_mends_nothing(days, caplog):
    tamper(CHANGE, "z_report")
    books.nightly()
    alarm = books_health.alarm()
    assert alarm.damaged == 1
    assert "Till 1 (Till 1), Z 1, total bakong USD: it says 1 $9.50, the rows say 1 $3.50" in (
        alarm.lines
    )
    assert "the books are damaged: Till 1 (Till 1), Z 1, hash" in caplog.text
    assert '"minor":950' in db.session.scalars(select(ZReport.body)).one()


def test_an_alarm_ends_with_the_next_look_that_finds_nothing(days, clock):
    tamper(CHANGE, "z_report")
    books.nightly()
    tamper(CHANGE.replace("'350', '950'", "'950', '350'"), "z_report")
    assert books_health.alarm() is not None
    clock.advance(days=1)
    books.nightly()
    assert books_health.alarm() is None


def test_a_look_that_died_is_done_again_after_an_hour(days, clock):
    with unguarded():
        db.session.add(BooksCheck(on=clock.time.date(), began_at=clock.time))
    books.nightly()
    assert checks() == [(0, 0)]
    clock.advance(hours=1)
    books.nightly()
    assert checks() == [(1, 0)]
