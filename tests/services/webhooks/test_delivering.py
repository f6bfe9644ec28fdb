from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pos.database import writing
from pos.extensions import db
from pos.messengers import webhook as messenger
from pos.models import DeliveryState, Webhook, WebhookEvent
from pos.reports.office import webhooks as report
from pos.services.webhooks import delivering, webhooks
from pos.services.webhooks.delivering import BACK_OFF_SECONDS
from tests import hooking
from tests.alerting import changed_settings, told
from tests.gateways import wire
from tests.hooking import manager, only, put_test
from tests.racing import errors, race

pytestmark = pytest.mark.usefixtures("context", "clock")

S = DeliveryState


def move(webhook_id, server):
    """Let the other system listen at another port."""
    with writing(db.session):
        db.session.get_one(Webhook, webhook_id).url = f"{server.url}/hook"


def test_an_event_leaves_once_and_its_signature_proves_it(app, shop, clock):
    with hooking.system(app) as server:
        _, secret = put_test(shop, server)
        hooking.tell()
        hooking.tell()
    ((headers, body),) = hooking.told(server)
    assert hooking.signed(secret, headers, body) == [True]
    assert hooking.signed("whsec_another", headers, body) == [False]
    assert hooking.signed(secret, headers, body + b" ") == [False]
    assert headers["X-Pos-Signature"].startswith(f"t={int(clock.time.timestamp())},")
    assert body.decode() == only().event.body and headers["X-Pos-Event"] == only().event.uid
    assert (headers["X-Pos-Topic"], headers["Content-Type"]) == (
        *("webhook.test", "application/json"),
    )
    assert (only().state, only().status, only().try_at) == (S.DELIVERED, 200, None)


def test_it_is_tried_by_the_published_schedule_and_then_given_up_and_alarmed(app, shop, clock):
    with hooking.system(app, wire.send(wire.message(status=500))) as server:
        put_test(shop, server)
        for wait in BACK_OFF_SECONDS:
            hooking.tell()
            assert only().try_at == clock.time + timedelta(seconds=wait)
            clock.advance(seconds=wait)
        assert told("webhook_failed") == []
        hooking.tell()
        assert len(server.heard) == len(BACK_OFF_SECONDS) + 1
    ids = {headers["X-Pos-Event"] for headers, _body in hooking.told(server)}
    assert len(ids) == 1
    assert (only().state, only().status, only().trouble) == (S.FAILED, 500, "busy")
    (alert,) = told("webhook_failed")
    assert alert.facts == {"name": "Web shop", "count": 1}


def test_what_was_given_up_is_sent_again_by_hand_under_its_own_id(app, shop, clock):
    with hooking.system(app, wire.send(wire.message(status=410))) as server:
        _, secret = put_test(shop, server)
        hooking.tell()
    assert only().state is S.FAILED and report.failing(shop.store_id)
    first, uid = hooking.told(server)[0], only().event.uid
    with hooking.system(app) as server:
        move(only().webhook_id, server)
        clock.advance(hours=1)
        webhooks.send_again(manager(shop), only().id)
        hooking.tell()
    ((headers, body),) = hooking.told(server)
    assert (headers["X-Pos-Event"], body) == (uid, first[1]) and headers["X-Pos-Try"] == "2"
    assert hooking.signed(secret, headers, body) == [True]
    assert only().state is S.DELIVERED and report.failing(shop.store_id) == ()


def test_what_was_sent_again_has_the_whole_schedule_once_more(app, shop, clock):
    with hooking.system(app, wire.send(wire.message(status=500))) as server:
        put_test(shop, server)
        for wait in (0, *BACK_OFF_SECONDS):
            clock.advance(seconds=wait)
            hooking.tell()
        webhooks.send_again(manager(shop), only().id)
        hooking.tell()
        assert len(server.heard) == len(BACK_OFF_SECONDS) + 2
    wait = timedelta(seconds=BACK_OFF_SECONDS[0])
    assert (only().state, only().try_at) == (S.WAITING, clock.time + wait)


def test_what_was_delivered_may_be_sent_again(app, shop):
    with hooking.system(app) as server:
        put_test(shop, server)
        hooking.tell()
        webhooks.send_again(manager(shop), only().id)
        hooking.tell()
        assert len(server.heard) == 2 and only().state is S.DELIVERED


def test_a_worker_that_dies_before_it_sends_or_after_leaves_the_event_to_the_next(app, shop, clock):
    def die(*_, **__):
        raise SystemExit

    with hooking.system(app) as server:
        put_test(shop, server)
        with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit):
            patch.setattr(messenger, "post", die)
            hooking.tell()
        hooking.tell()
        assert (server.heard, only().state, only().tries) == ([], S.WAITING, 1)
        clock.advance(seconds=BACK_OFF_SECONDS[0])
        hooking.tell()
        assert len(server.heard) == 1 and only().state is S.DELIVERED


def test_while_it_is_sent_a_second_worker_finds_nothing_and_no_transaction_is_open(app, shop):
    seen = []

    def look(talk):
        with app.app_context():
            hooking.tell()
            webhooks.pause(manager(shop), 1)  # A writer need not wait for the other system.
            seen.append(only().tries)
        talk.sendall(hooking.TAKEN)

    with hooking.system(app, look) as server:
        put_test(shop, server)
        hooking.tell()
    assert (len(server.heard), seen, only().state) == (1, [1], S.DELIVERED)


def test_of_two_workers_at_once_one_sends(app, shop):
    with hooking.system(app) as server:
        put_test(shop, server)
        sent = race(app, *[lambda: delivering.deliver(1)] * 2)
    assert sorted(sent) == [False, True] and not errors(sent)
    assert len(server.heard) == 1 and only().tries == 1


def test_a_webhook_that_fails_ends_its_turn_and_the_next_has_its_own(app, shop, clock):
    with hooking.system(app, wire.send(wire.message(status=500))) as bad:
        first, _ = put_test(shop, bad)
        clock.advance(seconds=11)
        webhooks.test(manager(shop), first)
        with hooking.system(app) as good:
            put_test(shop, good)
            hooking.tell()
        assert (len(bad.heard), len(good.heard)) == (1, 1)


def test_a_longer_wait_that_is_asked_for_is_kept(app, shop, clock):
    with hooking.system(app, wire.send(wire.message(status=429, Retry_After="900"))) as server:
        put_test(shop, server)
        hooking.tell()
    assert only().try_at == clock.time + timedelta(seconds=900)


def test_what_happens_during_a_pause_waits_for_its_end(app, shop):
    with hooking.system(app) as server:
        webhook_id, _ = put_test(shop, server)
        webhooks.pause(manager(shop), webhook_id)
        hooking.tell()
        assert (server.heard, delivering.due(), delivering.deliver(only().id)) == ([], [], False)
        webhooks.resume(manager(shop), webhook_id)
        hooking.tell()
    assert len(server.heard) == 1


def test_a_shop_that_does_not_practise_posts_nothing_to_its_own_machine(app, shop):
    with hooking.system(app) as server:
        put_test(shop, server)
        with changed_settings(app, webhook_loopback=False):
            hooking.tell()
    assert server.heard == []
    assert (only().state, only().trouble) == (S.WAITING, "refused_address")


def test_an_event_of_two_months_ago_is_forgotten(app, shop, clock):
    with hooking.system(app) as server:
        webhook_id, _ = put_test(shop, server)
        hooking.tell()
        clock.advance(days=59)
        webhooks.test(manager(shop), webhook_id)
        clock.advance(days=2)
        delivering.forget_old()
    assert only().id == 2
    assert db.session.scalar(select(func.count(WebhookEvent.id))) == 1
