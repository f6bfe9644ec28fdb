from functools import partial

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import Lease
from pos.services.shop import lease
from tests import racing

pytestmark = pytest.mark.usefixtures("context")


def row():
    db.session.expire_all()
    return db.session.scalars(select(Lease)).one()


def test_the_first_who_comes_holds_it_and_the_second_waits(clock):
    assert lease.hold("one")
    assert not lease.hold("two")
    assert (row().holder, row().ticked_at) == ("one", clock.time)


def test_of_eight_who_come_at_once_one_holds_it(app, shop):
    results = racing.race(app, *[partial(lease.hold, f"worker-{n}") for n in range(8)])
    assert sorted(results, key=bool) == [None] * 7 + [1]
    assert row().holder == f"worker-{results.index(1)}"


def test_the_holder_renews_it_and_keeps_it(clock):
    for _ in range(10):
        assert lease.hold("one")
        clock.advance(9)
        assert not lease.hold("two")


def test_another_takes_over_when_the_holder_falls_silent(clock):
    lease.hold("one")
    clock.advance(9.999)
    assert not lease.hold("two")
    clock.advance(0.001)
    assert lease.hold("two")
    assert not lease.hold("one")


def test_a_holder_who_leaves_lets_the_next_one_in_at_once(clock):
    lease.hold("one")
    lease.release("one")
    assert lease.hold("two")


def test_only_its_holder_can_give_it_back(clock):
    lease.hold("one")
    lease.release("two")
    assert not lease.hold("two")


def test_a_clock_set_back_an_hour_does_not_lock_everybody_out(clock):
    lease.hold("one")
    clock.advance(hours=-1)
    assert lease.hold("two")


def test_clocks_that_differ_by_a_little_do_not_share_it(clock):
    lease.hold("one")
    clock.advance(-3)
    assert not lease.hold("two")


def test_each_name_is_a_lease_of_its_own(clock):
    assert lease.hold("one")
    assert lease.hold("two", "another-job")
