from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pos.errors import BadInput, NotFound
from pos.extensions import db
from pos.models import AuditEntry, Deed, MessageState, User
from pos.services.alerting import outbox, recipients
from pos.services.alerting.outbox import BACK_OFF_SECONDS, after_quiet
from tests.alerting import TAKEN, add_recipient, end_key, messages, telegram, texts, told, wish
from tests.factories import create_other_shop
from tests.gateways import wire
from tests.messengers.test_telegram import refusal

pytestmark = pytest.mark.usefixtures("context", "clock", "shop")


@pytest.fixture
def waiting(shop, clock):
    """One message to one recipient, not yet sent."""
    add_recipient(shop)
    end_key(shop, clock.time + timedelta(days=5))
    told()


def only():
    (message,) = messages()
    return message


def test_a_message_leaves_once(app, waiting):
    with telegram(app) as server:
        outbox.send_due()
        outbox.send_due()
    assert len(texts(server)) == 1 and "the key of mekong_coffee@prac ends: 5." in texts(server)[0]
    assert (only().state, only().try_at) == (MessageState.SENT, None)


def test_a_message_is_tried_by_the_published_back_off_and_then_given_up(app, waiting, clock):
    with telegram(app, wire.send(refusal(500))) as server:
        for wait in BACK_OFF_SECONDS:
            outbox.send_due()
            assert only().try_at == clock.time + timedelta(seconds=wait)
            clock.advance(seconds=wait)
        outbox.send_due()
        assert len(server.heard) == len(BACK_OFF_SECONDS) + 1
    assert (only().state, only().try_at, only().trouble) == (MessageState.FAILED, None, "busy")


def test_a_longer_wait_that_is_asked_for_is_kept(app, waiting, clock):
    with telegram(app, wire.send(refusal(429, parameters={"retry_after": 900}))):
        outbox.send_due()
    assert only().try_at == clock.time + timedelta(seconds=900)


def test_a_chat_that_is_not_there_is_given_up_at_once(app, waiting):
    with telegram(app, wire.send(refusal(403))):
        outbox.send_due()
    assert (only().state, only().trouble) == (MessageState.FAILED, "refused_address")


def test_a_try_is_counted_and_the_next_planned_before_anything_is_sent(app, waiting, clock):
    seen = []

    def look(talk):
        with app.app_context():
            seen.append((only().tries, only().try_at))
            outbox.send_due()  # A second worker at the same moment finds nothing to do.
        talk.sendall(TAKEN)

    with telegram(app, look) as server:
        outbox.send_due()
    assert seen == [(1, clock.time + timedelta(seconds=BACK_OFF_SECONDS[0]))]
    assert len(server.heard) == 1 and only().state is MessageState.SENT


def test_without_any_setting_a_message_says_why_it_waits(waiting):
    outbox.send_due()
    assert (only().state, only().trouble) == (MessageState.WAITING, "not_set_up")


def test_who_was_removed_is_sent_nothing(app, shop, waiting):
    recipients.remove(db.session.get_one(User, shop.manager.id), only().recipient_id)
    with telegram(app) as server:
        outbox.send_due()
    assert server.heard == [] and only().state is MessageState.FAILED


@pytest.mark.parametrize(
    ("hour", "begins", "ends", "hours_until"),
    [
        (23, "22:00", "06:30", 7.5),
        (3, "22:00", "06:30", 3.5),
        (6.5, "22:00", "06:30", 0),
        (12, "22:00", "06:30", 0),
        (13, "12:00", "14:00", 1),
        (12, "12:00", "12:00", 0),
        (12, None, None, 0),
    ],
)
def test_quiet_hours_put_a_message_off_to_their_end(hour, begins, ends, hours_until):
    now = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(hours=hour - 7)
    minutes = [int(it[:2]) * 60 + int(it[3:]) if it else None for it in (begins, ends)]
    assert after_quiet(now, *minutes) - now == timedelta(hours=hours_until)


@pytest.mark.parametrize(("days", "waits"), [(5, True), (0.5, False)])
def test_an_alarm_breaks_the_quiet_and_a_warning_waits(shop, clock, days, waits):
    add_recipient(shop, quiet_from="08:00", quiet_until="10:00")
    end_key(shop, clock.time + timedelta(days=days))
    told()
    assert (only().try_at > clock.time) is waits


def test_a_test_message_is_put_out_once_a_minute(app, shop):
    me, recipient_id = db.session.get_one(User, shop.manager.id), add_recipient(shop)
    recipients.test(me, recipient_id)
    with pytest.raises(BadInput):
        recipients.test(me, recipient_id)
    with telegram(app) as server:
        outbox.send_due()
    assert texts(server) == ["Test message\n\nThis is a test. Alerts of Riverside arrive here."]


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "a\0b"},
        {"channel": "pigeon"},
        {"channel": "email", "address": "a@b"},
        {"channel": "email", "address": "a@b.example\r\nBcc: x@y.example"},
        {"channel": "email", "address": "a@b.example, x@y.example"},
        {"address": "https://evil.example"},
        {"address": "12 34"},
        {"least": "all"},
        {"language": "fr"},
        {"quiet_from": "22:00"},
        {"quiet_from": "25:00", "quiet_until": "06:00"},
    ],
)
def test_what_cannot_be_written_to_is_refused(shop, changed):
    with pytest.raises(BadInput):
        recipients.add(db.session.get_one(User, shop.manager.id), wish(**changed))
    assert recipients.of_store(shop.store_id) == ()


def test_the_recipients_of_another_store_are_not_there(shop):
    other = create_other_shop("http://127.0.0.1:9", "token")
    stranger = db.session.get_one(User, other.manager.id)
    recipient_id = add_recipient(shop)
    for deed in (recipients.remove, recipients.test):
        with pytest.raises(NotFound):
            deed(stranger, recipient_id)
    assert recipients.of_store(other.store_id) == ()


def test_who_is_told_is_in_the_audit_log_without_the_address(shop):
    add_recipient(shop, address="-100777888")
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.deed == Deed.RECIPIENT_ADDED)
    ).one()
    assert entry.about == "Boss" and "777888" not in entry.body
