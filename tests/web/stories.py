"""How a till comes to each phase that its screens can show, from an open shift on."""

from sqlalchemy import update

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, Payment
from tests.factories import mark
from tests.web.conftest import Counter

LATE = 300 + 10
"""A QR's life and the wait for its last check, in seconds."""


def _idle(till: Counter) -> None:
    assert till.panel()


def _waiting(till: Counter) -> None:
    till.charge()


def _failed(till: Counter) -> None:
    till.charge()
    till.pay(fail=True)
    till.work(after=3)


def _paid(till: Counter) -> None:
    till.charge()
    till.pay()
    till.work(after=3)


def _mismatch(till: Counter) -> None:
    till.charge()
    till.pay(amount="3.00")
    till.work(after=3)


def _checking(till: Counter) -> None:
    till.charge()
    till.work(after=300)


def _expired(till: Counter) -> None:
    _checking(till)
    till.work(after=10)


def _late(till: Counter) -> None:
    _expired(till)
    till.clock.advance(30)
    till.pay()
    till.work(after=30)


def _cancelling(till: Counter) -> None:
    till.charge()
    till.press("Cancel")


def _cancelled(till: Counter) -> None:
    _cancelling(till)
    till.work()


def _create_failed(till: Counter) -> None:
    """The account's name is one that no QR can carry."""
    with till.app.app_context(), writing(db.session):
        db.session.execute(update(GatewayAccount).values(account_id="no-bank"))
    till.charge()


def _creating(till: Counter) -> None:
    """The program was stopped between the sale and its QR, which only the bank can make."""
    till.charge()
    with till.app.app_context(), writing(db.session):
        db.session.execute(update(Payment).values(status="creating", qr_string=None))
        db.session.execute(update(GatewayAccount).values(gateway="payway"))


def _marked(till: Counter) -> None:
    """A manager's word, while the bank is down."""
    till.charge()
    till.bank.misbehave(status=503)
    till.work(after=3)
    with till.app.app_context():
        mark(till.payment().id, till.shop)
    till.bank.behave()


def _denied(till: Counter) -> None:
    _marked(till)
    till.work(after=LATE)


STORIES = {
    "idle": _idle,
    "creating": _creating,
    "waiting": _waiting,
    "failed": _failed,
    "checking": _checking,
    "cancelling": _cancelling,
    "paid": _paid,
    "expired": _expired,
    "cancelled": _cancelled,
    "create_failed": _create_failed,
    "mismatch": _mismatch,
    "late": _late,
    "marked": _marked,
    "denied": _denied,
}
"""Each phase of the till and how to get there."""
