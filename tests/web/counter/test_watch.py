import pytest
from sqlalchemy import create_engine, select, update

from pos.clock import now
from pos.extensions import db
from pos.models import Display, Till
from pos.services.people import users
from pos.services.shop import displays
from pos.web.counter import watch as watching
from tests.web.counter.test_unchanged import HTMX, token_of
from tests.web.counter.watching import settled, until, watched


@pytest.fixture
def watch(app, monkeypatch):
    monkeypatch.setattr(watching, "SIGNS_EVERY", 0.1)
    with watched(app) as watch:
        yield watch


@pytest.fixture
def ask(watch, waiting):
    """Asks as the till's panel does; it has seen everything, and the watch knows that."""
    address = waiting.panel().attrs["hx-get"]

    def ask():
        return waiting.browser.get(address, headers=HTMX).status_code

    assert ask() == 204
    assert settled(watch)
    return ask


@pytest.fixture
def look(watch, display):
    """The same for a customer's screen."""
    address = display.show().attrs["hx-get"]

    def look():
        return display.browser.get(address, headers=HTMX).status_code

    assert look() == 204
    assert settled(watch)
    return look


def test_a_screen_that_is_known_costs_no_query(ask, queries):
    with queries() as asked:
        assert ask() == 204
    assert asked == []


def test_another_program_that_commits_is_noticed(app, ask, settings, shop):
    engine = create_engine(settings.database)
    with engine.begin() as connection:
        version = Till.screen_version + 1
        connection.execute(
            update(Till).where(Till.id == shop.till_id).values(screen_version=version)
        )
    engine.dispose()
    assert until(lambda: ask() == 200)


def test_a_login_that_ends_is_refused_within_a_second(app, ask, waiting):
    with app.app_context():
        users.log_out(token_of(app, waiting.browser))
    assert until(lambda: ask() == 401)


def test_a_screen_taken_back_is_refused_within_a_second(app, shop, look):
    with app.app_context():
        displays.revoke(db.session.scalars(select(Display)).one().id, shop.store_id)
    assert until(lambda: look() == 200)


def test_a_screen_that_changes_by_time_alone_is_drawn_anew(clock, ask):
    clock.advance(301)
    # The QR is over, and nobody wrote that down yet.
    assert until(lambda: ask() == 200)


def test_a_display_that_is_known_is_noted_to_be_alive(app, clock, look):
    clock.advance(12)
    assert until(lambda: look() == 204 and seen_at(app) == now())


def seen_at(app):
    with app.app_context():
        return db.session.scalars(select(Display.last_seen_at)).one()


def test_a_watch_that_is_late_is_not_believed(app, watch, ask, queries, monkeypatch):
    monkeypatch.setattr(watching, "ALIVE_WITHIN", 0.0)
    with queries() as asked:
        assert ask() == 204
    assert len(asked) == 1


def test_a_watch_whose_connection_died_begins_anew(watch, ask, waiting, monkeypatch):
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.05)
    watch._changes.close()
    assert until(lambda: not watch.is_alive()) and ask() == 204
    assert until(watch.is_alive)
    waiting.press("Cancel")
    assert until(lambda: ask() == 200)
