"""What the tests of alerts need: a recipient, a Telegram that listens, and alerts to find."""

import json
from contextlib import contextmanager

from sqlalchemy import select

from pos.database import writing
from pos.extensions import db, settings
from pos.models import Alert, GatewayAccount, Message, User
from pos.services.alerting import alerts, recipients
from pos.services.alerting.recipients import Wish
from tests.conftest import BOT_TOKEN
from tests.gateways import wire

TAKEN = wire.message(b'{"ok": true, "result": {}}')


def wish(**changed):
    usual = {"name": "Boss", "channel": "telegram", "address": "12345"}
    return Wish(**{**usual, "least": "note", "language": "en", **changed})


def add_recipient(shop, **changed):
    """Add a recipient as the manager of a shop would, and return its id."""
    recipients.add(db.session.get_one(User, shop.manager.id), wish(**changed))
    return recipients.of_store(shop.store_id)[-1].id


def end_key(shop, ends_at):
    """Say when the key of a shop's account ends: the easiest trouble there is."""
    with writing(db.session):
        db.session.get_one(GatewayAccount, shop.account_id).token_expires_at = ends_at


def told(kind=None):
    """Look once, and return the open alerts and those over."""
    alerts.look()
    db.session.rollback()
    rows = db.session.scalars(select(Alert).order_by(Alert.id)).all()
    return [row for row in rows if kind in (None, row.kind)]


def messages():
    db.session.rollback()
    return db.session.scalars(select(Message).order_by(Message.id)).all()


@contextmanager
def changed_settings(app, **changed):
    """An app with other settings for a while."""
    before = settings()
    app.extensions["pos_settings"] = before.model_validate({**before.model_dump(), **changed})
    try:
        yield
    finally:
        app.extensions["pos_settings"] = before


def mailing(app, port):
    """An app whose mails go to a server on this port."""
    there = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_tls": "none"}
    return changed_settings(app, **there, smtp_sender="till@shop.example")


@contextmanager
def telegram(app, script=None):
    """A Telegram of the test's own, and an app whose settings point to it."""
    with wire.bank(script or wire.send(TAKEN)) as server, app.app_context():
        with changed_settings(app, telegram_url=server.url, telegram_token=BOT_TOKEN):
            yield server


def texts(server):
    """What the stand-in was told, message by message."""
    return [json.loads(one.partition(b"\r\n\r\n")[2])["text"] for one in server.heard]
