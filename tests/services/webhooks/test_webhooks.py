import pytest

from pos.database import writing
from pos.errors import BadInput, NotAllowed, NotFound
from pos.extensions import db
from pos.models import DeliveryState, Topic, User, Webhook
from pos.services.webhooks import delivering, telling, webhooks
from tests import hooking
from tests.factories import create_other_shop
from tests.hooking import manager, only, put_test

pytestmark = pytest.mark.usefixtures("context", "clock")

S = DeliveryState


def test_a_webhook_that_was_removed_is_told_nothing_more_and_its_secret_is_gone(app, shop):
    with hooking.system(app) as server:
        webhook_id, _ = put_test(shop, server)
        webhooks.remove(manager(shop), webhook_id)
        hooking.tell()
        delivering.deliver(only().id)
    row = only()
    assert (server.heard, row.state, row.try_at) == ([], S.DROPPED, None)
    assert (row.webhook.secret_sealed, row.webhook.old_secret_sealed) == ("", "")


def test_for_a_day_after_a_change_both_secrets_sign(app, shop, clock):
    with hooking.system(app) as server:
        webhook_id, old = put_test(shop, server)
        new = webhooks.renew_secret(manager(shop), webhook_id)
        hooking.tell()
        clock.advance(days=1)
        webhooks.send_again(manager(shop), only().id)
        hooking.tell()
    (during, after) = hooking.told(server)
    assert hooking.signed(new, *during) == [True, False]
    assert hooking.signed(old, *during) == [False, True]
    assert (hooking.signed(new, *after), hooking.signed(old, *after)) == ([True], [False])


def test_a_secret_lies_sealed_in_the_books(app, shop):
    with hooking.system(app) as server:
        _, secret = put_test(shop, server)
    row = only().webhook
    assert secret not in row.secret_sealed and row.secret_sealed
    assert secret not in repr(row) and secret[6:] not in row.secret_sealed


def test_what_another_store_has_is_not_there(app, shop, bank):
    stranger = manager(create_other_shop(bank.url, bank.token()))
    with hooking.system(app) as server:
        webhook_id, _ = put_test(shop, server)
    for deed in (webhooks.pause, webhooks.resume, webhooks.remove, webhooks.test):
        with pytest.raises(NotFound):
            deed(stranger, webhook_id)
    with pytest.raises(NotFound):
        webhooks.renew_secret(stranger, webhook_id)
    with pytest.raises(NotFound):
        webhooks.send_again(stranger, only().id)
    assert only().state is S.WAITING


def test_an_event_that_was_put_out_while_its_webhook_was_removed_is_left(app, shop):
    with hooking.system(app) as server:
        webhook_id, _ = put_test(shop, server)
        webhooks.remove(manager(shop), webhook_id)
        with writing(db.session):
            telling.test(db.session.get_one(Webhook, webhook_id))
        assert delivering.due() == [] and not delivering.deliver(2)
    assert server.heard == []


@pytest.mark.parametrize(
    ("name", "url", "topics"),
    [
        ("", "https://hook.example/", [Topic.PAID]),
        ("a\nb\0", "https://hook.example/", [Topic.PAID]),
        ("Web shop", "http://hook.example/", [Topic.PAID]),
        ("Web shop", "https://127.0.0.1/", [Topic.PAID]),
        ("Web shop", "http://127.0.0.1:5000/", [Topic.PAID]),
        ("Web shop", "https://hook.example/", []),
        ("Web shop", "https://hook.example/", [Topic.TEST]),
    ],
)
def test_what_cannot_be_told_is_refused(shop, name, url, topics):
    with pytest.raises(BadInput):
        webhooks.add(manager(shop), name, url, topics)


def test_a_store_has_ten_webhooks_at_most(shop):
    for _ in range(webhooks.MOST):
        webhooks.add(manager(shop), "Web shop", "https://hook.example/", [Topic.PAID])
    with pytest.raises(BadInput):
        webhooks.add(manager(shop), "Web shop", "https://hook.example/", [Topic.PAID])


def test_a_cashier_adds_none(shop):
    cashier = db.session.get_one(User, shop.cashier.id)
    with pytest.raises(NotAllowed):
        webhooks.add(cashier, "Web shop", "https://hook.example/", [Topic.PAID])


def test_two_tests_in_a_row_are_refused_and_one_of_a_paused_webhook(app, shop, clock):
    with hooking.system(app) as server:
        webhook_id, _ = put_test(shop, server)
    with pytest.raises(BadInput):
        webhooks.test(manager(shop), webhook_id)
    clock.advance(minutes=1)
    webhooks.pause(manager(shop), webhook_id)
    with pytest.raises(BadInput):
        webhooks.test(manager(shop), webhook_id)
