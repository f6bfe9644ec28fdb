import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from sqlalchemy import create_engine, select, update

from pos import serving
from pos.extensions import db
from pos.models import Display, Till, User
from pos.services.people import users
from pos.services.shop import displays
from pos.web.counter import watch as watching
from tests.web.counter.test_unchanged import HTMX, token_of
from tests.web.counter.watching import settled, until, watched

LONG = 10
"""Seconds that a poll is willing to wait; none here has to."""


@pytest.fixture
def watch(app):
    with watched(app) as watch:
        yield watch


@pytest.fixture
def pool():
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture
def address(watch, waiting):
    """What the till's panel asks next; it has seen everything, and the watch knows that."""
    address = waiting.panel().attrs["hx-get"]
    assert ask(waiting.browser, address)[0] == 204
    assert settled(watch)
    return address


@pytest.fixture
def hold(watch, pool, waiting, address):
    """Has the till's poll wait; gives what it will be answered, and after how many seconds."""

    def hold(seconds=LONG):
        before = watch.known.held
        answer = pool.submit(ask, waiting.browser, address, seconds)
        assert until(lambda: watch.known.held > before)
        return answer

    return hold


def ask(browser, address, seconds=None):
    wish = {} if seconds is None else {"Prefer": f"wait={seconds}"}
    begin = time.monotonic()
    status = browser.get(address, headers=HTMX | wish).status_code
    return status, time.monotonic() - begin


@pytest.fixture
def commit(settings):
    """Commits as another program does."""
    engine = create_engine(settings.database)

    def commit(statement):
        with engine.begin() as connection:
            connection.execute(statement)

    yield commit
    engine.dispose()


def newer(till_id):
    version = Till.screen_version + 1
    return update(Till).where(Till.id == till_id).values(screen_version=version)


def test_a_poll_that_waits_is_answered_when_another_program_commits(hold, commit, shop):
    answer = hold()
    commit(newer(shop.till_id))
    status, seconds = answer.result()
    assert status == 200 and seconds < 2


def test_what_concerns_another_till_lets_it_wait_on_a_free_connection(app, hold, commit, shop):
    answer = hold(1)
    commit(update(Till).where(Till.id != shop.till_id).values(screen_version=99))
    commit(update(User).where(User.username == "nobody").values(is_active=False))
    with app.app_context():
        assert [engine.pool.checkedout() for engine in db.engines.values()] == [0, 0]
    status, seconds = answer.result()
    assert status == 204 and seconds >= 1


def test_a_login_that_ends_ends_its_poll(app, hold, waiting):
    answer = hold()
    with app.app_context():
        users.log_out(token_of(app, waiting.browser))
    status, seconds = answer.result()
    assert status == 401 and seconds < 2


def test_a_screen_taken_back_ends_its_poll(app, watch, pool, shop, display):
    address = display.show().attrs["hx-get"]
    assert ask(display.browser, address)[0] == 204 and settled(watch)
    answer = pool.submit(ask, display.browser, address, LONG)
    assert until(lambda: watch.known.held == 1)
    with app.app_context():
        displays.revoke(db.session.scalars(select(Display)).one().id, shop.store_id)
    status, seconds = answer.result()
    assert status == 200 and seconds < 2


def test_the_time_alone_ends_it_where_it_changes_the_screen(clock, hold):
    answer = hold()
    clock.advance(301)
    assert answer.result()[0] == 200


def test_a_server_that_ends_ends_all_polls(watch, hold, waiting, address):
    answer = hold()
    watch.is_ending.set()
    status, seconds = answer.result()
    assert status == 204 and seconds < 1
    assert ask(waiting.browser, address, LONG)[1] < 1


def test_a_watch_that_is_lost_ends_all_polls_and_none_waits_after_it(
    watch, hold, waiting, address, monkeypatch
):
    monkeypatch.setattr(watching, "AGAIN_AFTER", 0.2)
    answer = hold()
    watch._changes.close()
    assert answer.result()[1] < 2
    assert ask(waiting.browser, address, LONG) < (204, 1)


def test_a_watch_that_hangs_ends_all_polls(hold, monkeypatch):
    monkeypatch.setattr(watching, "BEAT_EVERY", 0.1)
    answer = hold()
    monkeypatch.setattr(watching, "ALIVE_WITHIN", 0)
    assert answer.result()[1] < 2


def test_no_more_polls_wait_than_there_are_threads_to_spare(hold, waiting, address):
    serving.tell(serving.Server(9, Event().is_set))
    answer = hold(1)
    status, seconds = ask(waiting.browser, address, LONG)
    assert status == 204 and seconds < 1
    assert answer.result()[0] == 204


@pytest.mark.parametrize("wish", ["wait=0", "wait=-5", "wait=", "wait=5; x", "return=minimal"])
def test_a_wish_that_is_none_is_answered_at_once(watch, waiting, address, wish):
    begin = time.monotonic()
    asked = waiting.browser.get(address, headers=HTMX | {"Prefer": wish})
    assert asked.status_code == 204 and time.monotonic() - begin < 1


@pytest.mark.parametrize(("threads", "polls"), [(1, 0), (8, 0), (16, 8), (64, 48), (1300, 975)])
def test_a_quarter_of_the_threads_is_kept_for_other_work(threads, polls):
    assert serving.Server(threads, Event().is_set).polls == polls
