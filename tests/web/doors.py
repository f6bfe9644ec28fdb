"""A till paid by PayWay, and the door at which PayWay knocks."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, GatewayCallback
from pos.services.banking import callbacks
from tests import payway
from tests.signing import PATH, body_of, signed
from tests.web.conftest import Counter

shop = payway.shop


@dataclass
class Door:
    """Posts to the door, and lets the worker do what follows."""

    till: Counter
    client: object

    def knock(self, tran_id="", *, key="", style="sorted", **fields):
        body = body_of(tran_id or self.till.payment().tran_id, **fields)
        raw, headers = signed(body, key, style)
        return self.client.post(PATH, data=raw, headers=headers)

    def post(self, raw, **headers):
        usual = {"Content-Type": "application/json"}
        return self.client.post(PATH, data=raw, headers=usual | headers)

    def work(self, after=0.1):
        """Let time pass; then the jobs of the worker, in their order."""
        self.till.clock.advance(after)
        with self.till.app.app_context():
            callbacks.follow()
        self.till.work()

    def kept(self):
        """The callbacks in the books: how often each came, and what came of it."""
        with self.till.app.app_context():
            rows = db.session.scalars(select(GatewayCallback).order_by(GatewayCallback.id))
            return [(row.tran_id, row.copies, str(row.verdict)) for row in rows]

    def configure(self, **columns):
        with self.till.app.app_context(), writing(db.session):
            db.session.execute(update(GatewayAccount).values(**columns))


@pytest.fixture
def door(till, client):
    return Door(till, client)
