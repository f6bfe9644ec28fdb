"""A program that dies between a sale and its QR: the same form sent again makes the QR at once."""

import pytest
from sqlalchemy import func, select, text, update

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, Payment, PaymentEvent, Sale
from pos.services.selling import checkout, issuing, tenders
from pos.states import PaymentStatus
from tests import racing
from tests.factories import charge, open_shift, set_rate, usd
from tests.tampering import unguarded

pytestmark = pytest.mark.usefixtures("context")

P = PaymentStatus
KEY, WHO = "a-form-that-is-sent-again", "cashier:dara"
DIED = "UPDATE payment SET status = 'creating', qr_string = NULL, lookup = NULL, shown_at = NULL"


@pytest.fixture
def shift(context, shop, bank):
    return open_shift(shop)


@pytest.fixture
def stuck(shift):
    """A payment as a program leaves it that is killed before it made the QR; its QR that was."""
    payment = charge(shift, key=KEY)
    qr = payment.qr_string
    with unguarded("payment_event") as books:
        books.execute(text(DIED))
        books.execute(text("DELETE FROM payment_event"))
    return payment, qr


def made():
    """How often a QR was shown or refused, and how many sales and payments there are."""
    db.session.rollback()
    return [db.session.scalar(select(func.count(one.id))) for one in (PaymentEvent, Sale, Payment)]


def test_the_same_form_makes_the_same_qr_at_once(shift, stuck):
    payment, qr = stuck
    assert charge(shift, key=KEY).id == payment.id
    assert (payment.status, payment.qr_string, made()) == (P.AWAITING, qr, [1, 1, 1])


def test_the_same_form_sent_eight_times_at_once_shows_one_qr(app, shift, stuck):
    shift_id, qr = shift.id, stuck[1]
    again = lambda: checkout.charge(shift_id, usd("3.50"), KEY, who=WHO).id  # noqa: E731
    assert racing.race(app, *[again] * 8) == [stuck[0].id] * 8
    assert (stuck[0].status, stuck[0].qr_string, made()) == (P.AWAITING, qr, [1, 1, 1])


def test_a_maker_that_is_late_changes_nothing(app, stuck):
    payment_id = stuck[0].id
    deeds = [lambda: issuing.issue_qr(payment_id, who=WHO)] * 2
    assert racing.race(app, *deeds, lambda: issuing.issue_again(payment_id, who=WHO)) == [None] * 3
    assert (stuck[0].status, made()) == (P.AWAITING, [1, 1, 1])


def test_one_that_the_worker_gave_up_stays_so(shift, stuck, clock):
    clock.advance(30)
    issuing.give_up_stuck()
    assert charge(shift, key=KEY).status is P.CREATE_FAILED


def test_a_qr_whose_time_is_up_is_not_made_any_more(shift, stuck, clock):
    clock.advance(300)
    assert charge(shift, key=KEY).status is P.CREATE_FAILED and made() == [1, 1, 1]


def test_a_gateway_that_makes_qrs_itself_is_not_asked_again(shift, stuck):
    with writing(db.session):
        db.session.execute(update(GatewayAccount).values(gateway="payway"))
    assert charge(shift, key=KEY).status is P.CREATING
    checkout.go_on_making(shift.till_id, who=WHO)
    assert (stuck[0].status, made()) == (P.CREATING, [0, 1, 1])


def test_the_rest_of_a_sale_that_was_paid_in_part_gets_its_qr_as_well(shift, shop):
    set_rate(shop)
    offer = tenders.Offer(given=Cash(200, 0), rest_by_qr=True)
    take = lambda: tenders.take_for_new_sale(shift.id, usd("3.50"), offer, KEY, who=WHO)  # noqa: E731
    tender = take()
    with writing(db.session):
        db.session.execute(text(DIED))
    assert take().id == tender.id
    assert db.session.scalars(select(Payment.status)).one() is P.AWAITING
