import threading
import time

import pytest

from pos.extensions import db
from pos.models import DeliveryState, User
from pos.services.shop import lease
from pos.services.webhooks import webhooks
from pos.worker.tellers import Tellers
from tests import hooking

pytestmark = pytest.mark.usefixtures("context", "clock")


@pytest.fixture
def tellers(app):
    tellers = Tellers(app)
    yield tellers
    tellers.stop()


def put_test(shop, server):
    webhook_id, _secret = hooking.add(shop, server.url)
    webhooks.test(db.session.get_one(User, shop.manager.id), webhook_id)
    return webhook_id


def states():
    return [one.state for one in hooking.deliveries()]


def wait_for(condition, seconds=5):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def test_a_slow_system_holds_up_no_other_and_is_told_one_event_at_a_time(app, shop, tellers, clock):
    go_on, fence = threading.Event(), lease.hold("me")

    def dawdle(talk):
        go_on.wait(5)
        talk.sendall(hooking.TAKEN)

    with hooking.system(app, dawdle) as slow, hooking.system(app) as quick:
        slow_id = put_test(shop, slow)
        clock.advance(seconds=11)
        webhooks.test(db.session.get_one(User, shop.manager.id), slow_id)
        put_test(shop, quick)
        tellers.tell_due(fence)
        wait_for(lambda: states()[2] is DeliveryState.DELIVERED and slow.heard)
        tellers.tell_due(fence)
        assert (len(slow.heard), states()[:2]) == (1, [DeliveryState.WAITING] * 2)
        go_on.set()
        wait_for(lambda: states() == [DeliveryState.DELIVERED] * 3)
    assert len(slow.heard) == 2


def test_a_worker_that_was_replaced_sends_nothing_more(app, shop, tellers, clock):
    with hooking.system(app) as server:
        put_test(shop, server)
        old = lease.hold("me")
        clock.advance(seconds=60)
        assert lease.hold("another") != old
        tellers.tell_due(old)
        tellers.stop()
    assert server.heard == [] and states() == [DeliveryState.WAITING]
