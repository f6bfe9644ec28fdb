import pytest
from sqlalchemy import select

from pos.database import writing
from pos.extensions import db
from pos.gateways.bakong.client import forget_hosts
from pos.models import GatewayAccount, Payment
from pos.services.asking import budget
from pos.services.asking.quota import Purpose
from pos.services.selling import checkout
from pos.worker import Worker
from tests import said
from tests.budgeting import allow, asked, checks_of
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context", "bank")


@pytest.fixture(autouse=True)
def fresh_start():
    forget_hosts()


@pytest.fixture
def bank_mode():
    return "SIT"


@pytest.fixture
def mixed(bank, context, shop, clock):
    """A QR given up this morning, one whose last word is out and one that waits, all due."""
    allow(shop, 10)
    shift = open_shift(shop)
    watched = charge(shift)
    checkout.cancel(watched, who="cashier:dara")
    said.tell(watched, said.NOT_FOUND)
    unverified = charge(shift)
    checkout.cancel(unverified, who="cashier:dara")
    waiting = charge(shift)
    with writing(db.session):
        for one in db.session.scalars(select(Payment)):
            one.next_check_at = clock.time
    return watched, unverified, waiting


def run_once(app):
    """Let a worker ask about what is due, as its job does, and wait for its askers."""
    worker = Worker(app)
    worker.hold_lease()
    worker.refresh_due()
    worker.stop()
    db.session.expire_all()


def test_what_is_due_for_different_purposes_is_one_question(app, shop, mixed, bank):
    run_once(app)
    assert (len(checks_of(bank)), asked(shop)) == (1, [1])
    assert [one.answered_at is not None for one in mixed] == [True, True, True]


def test_where_a_list_does_not_fit_only_the_urgent_are_asked_about(app, shop, mixed, bank):
    account = db.session.get_one(GatewayAccount, shop.account_id)
    assert budget.spend(account, 9, Purpose.PERSON) is None
    run_once(app)
    watched, unverified, waiting = mixed
    assert (unverified.status, waiting.trouble) == ("cancelled", "quota")
    assert (len(checks_of(bank)), asked(shop)) == (1, [10])
    assert watched.status == "cancelled"
