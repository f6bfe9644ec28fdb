import time
from random import Random
from statistics import median

import pytest

from pos.database import writing
from pos.extensions import db
from pos.models import Till
from tests import factories
from tests.crash import deeds
from tests.crash.counter import Counter
from tests.crash.day import A_WHILE_SECONDS
from tests.crash.servers import Servers

KILLS = 3
SERVING_SECONDS = 10
TAKEN_OVER_SECONDS = 25
"""The lease of the dead worker ends after ten; the rest is for a busy machine."""


@pytest.fixture
def servers(settings, tmp_path, day):
    servers = Servers(settings, tmp_path)
    try:
        servers.start()
        yield servers
    finally:
        servers.kill()


@pytest.fixture
def counters(servers, day):
    """Two tills at work."""
    shop = day.shop
    people = [(shop.cashier, shop.till_ids[0]), (shop.manager, shop.till_ids[1])]
    counters = [
        Counter(servers.url, day.bank, till_id, person, shop.manager) for person, till_id in people
    ]
    for counter in counters:
        counter.start()
    yield counters
    for counter in counters:
        counter.end()


@pytest.fixture
def unwatched(day):
    """A QR at a third till, whose cashier never asks whether it was paid."""
    with day.app.app_context():
        with writing(db.session):
            till = Till(store_id=day.shop.store_id, name="Till 3", label="Till 3")
            db.session.add(till)
        person = factories.create_user(day.shop.store_id, "sok")
        return day.sell(deeds.open_shift(till.id, person.id))


def wait_for_work(counters):
    """Wait until both tills have sold something more."""
    before = [len(counter.told.charged) for counter in counters]
    while any(
        len(counter.told.charged) == old and counter.is_alive()
        for counter, old in zip(counters, before, strict=True)
    ):
        time.sleep(0.01)


def kept_all(witness, counters):
    """Assert that the books have all that was told: forms, payments that are paid, reports."""
    keys = {key for (key,) in witness.rows("SELECT key FROM sale")}
    paid = {one for (one,) in witness.rows("SELECT tran_id FROM payment WHERE status = 'paid'")}
    reports = dict(witness.rows("SELECT shift_id, number FROM z_report"))
    for told in (counter.told for counter in counters):
        assert (told.charged <= keys, told.paid <= paid) == (True, True)
        assert told.reports.items() <= reports.items()


def wait_until_found(witness, payment):
    """Wait until a worker takes over from the dead one and finds money by itself."""
    end = time.monotonic() + TAKEN_OVER_SECONDS
    while witness.fate(payment)["status"] == "awaiting":
        assert time.monotonic() < end, "no worker asks"
        time.sleep(0.05)
    assert witness.fate(payment)["settled"] == 1


def test_servers_killed_under_load_keep_all_that_they_said(day, servers, unwatched, counters):
    chance = Random(8)
    for kill in range(KILLS):
        wait_for_work(counters)
        time.sleep(chance.uniform(0, 0.4))
        servers.kill()
        if kill == 0:
            day.pay(unwatched)
        day.witness.look("a kill")
        servers.start()
    for counter in counters:
        counter.end()
    assert [counter.problem for counter in counters] == ["", ""]
    wait_until_found(day.witness, unwatched)
    day.run(deeds.work, ahead=A_WHILE_SECONDS)
    assert day.end() == []
    kept_all(day.witness, counters)
    assert median(servers.seconds) < SERVING_SECONDS
