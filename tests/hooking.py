"""What the tests of webhooks need: another system that listens, and a webhook to it."""

import hashlib
import hmac
import json
from contextlib import contextmanager

from sqlalchemy import select

from pos.extensions import db
from pos.models import Topic, User, WebhookDelivery
from pos.services.webhooks import delivering, webhooks
from tests.alerting import changed_settings
from tests.canary import CANARY
from tests.gateways import wire

TAKEN = wire.message(b"ok")


@contextmanager
def system(app, script=None):
    """Another system on this machine, and an app that may post to it: a practice shop."""
    with wire.bank(script or wire.send(TAKEN)) as server, app.app_context():
        with changed_settings(app, webhook_loopback=True):
            yield server


def manager(shop):
    return db.session.get_one(User, shop.manager.id)


def add(shop, url, *topics):
    """Add a webhook as a manager of a shop would; return its id and its secret."""
    hook, wanted = f"{url}/hook", topics or list(Topic)
    webhook_id, secret = webhooks.add(manager(shop), "Web shop", hook, wanted)
    CANARY.know("secret of a webhook", secret)
    return webhook_id, secret


def put_test(shop, server):
    """Add a webhook with a test put out to it; return its id and its secret."""
    webhook_id, secret = add(shop, server.url)
    webhooks.test(manager(shop), webhook_id)
    return webhook_id, secret


def deliveries():
    db.session.rollback()
    return db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)).all()


def only():
    """The one delivery there is."""
    (row,) = deliveries()
    return row


def put_out():
    """What was put out, as it will be told, oldest first."""
    return [json.loads(one.event.body) for one in deliveries()]


def types():
    return [one["type"] for one in put_out()]


def told(server):
    """What the other system was told, each as its headers and its body's bytes."""
    found = []
    for request in server.heard:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = (line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
        found.append((dict(lines), body))
    return found


def signed(secret, headers, body):
    """Which of a post's signatures this secret made, reckoned by few lines of our own."""
    parts = [part.split("=", 1) for part in headers["X-Pos-Signature"].split(",")]
    at = next(text for name, text in parts if name == "t")
    right = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return [text == right for name, text in parts if name == "v1"]


def tell():
    delivering.tell_all()
    db.session.rollback()
