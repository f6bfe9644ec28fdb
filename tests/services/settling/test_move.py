from datetime import timedelta

import pytest
from sqlalchemy import select

from pos.database import writing
from pos.errors import IllegalMove, NotFound
from pos.extensions import db
from pos.models import Payment, PaymentEvent, Till
from pos.services.settling import payments
from pos.states import PaymentStatus, Remark
from tests import racing
from tests.factories import charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

AWAITING, EXPIRING, PAID = PaymentStatus.AWAITING, PaymentStatus.EXPIRING, PaymentStatus.PAID


@pytest.fixture
def payment(context, shop):
    return charge(open_shift(shop))


def events(payment):
    query = select(PaymentEvent).where(PaymentEvent.payment_id == payment.id)
    return [
        (str(one.name), str(one.old), str(one.new), one.who)
        for one in db.session.scalars(query.order_by(PaymentEvent.id))
    ]


def screen_version(payment):
    return db.session.scalar(select(Till.screen_version).where(Till.id == payment.till_id))


def test_a_move_writes_the_status_one_event_and_the_screens_version(payment, clock):
    before = screen_version(payment)
    clock.advance(7)
    assert payments.move(payment, EXPIRING, who="worker")
    assert payment.status is EXPIRING
    assert payment.changed_at == clock.time
    assert events(payment)[1:] == [("time_up", "awaiting", "expiring", "worker")]
    assert screen_version(payment) == before + 1


def test_a_move_sets_when_the_bank_is_asked_next(payment, clock):
    assert payment.next_check_at == payment.shown_at + timedelta(seconds=3)
    payments.move(payment, EXPIRING, who="worker")
    assert payment.next_check_at == payment.expires_at + timedelta(seconds=10)
    payments.move(payment, PAID, who="worker")
    assert payment.next_check_at is None


def test_a_move_keeps_what_the_bank_said_and_the_remark(payment):
    payments.move(payment, PAID, who="worker", remark=Remark.LEARNED_LATE, facts={"payer": "me"})
    line = db.session.scalars(select(PaymentEvent).order_by(PaymentEvent.id.desc())).first()
    assert line.facts == {"payer": "me"}
    assert payment.remark is Remark.LEARNED_LATE


@pytest.mark.parametrize("new", [PaymentStatus.CREATING, AWAITING, PaymentStatus.EXPIRED])
def test_a_move_that_the_table_has_not_raises_and_writes_nothing(payment, new):
    before = screen_version(payment), events(payment)
    with pytest.raises(IllegalMove, match=payment.tran_id):
        payments.move(payment, new, who="worker")
    assert (screen_version(payment), events(payment)) == before
    assert payment.status is AWAITING


def test_whoever_read_an_older_state_changes_nothing(payment, app):
    assert payment.status is AWAITING
    with app.app_context():
        other = db.session.get_one(Payment, payment.id)
        assert payments.move(other, PAID, who="worker")
    assert not payments.move(payment, EXPIRING, who="cashier:dara")
    db.session.refresh(payment)
    assert payment.status is PAID
    assert [name for name, *_ in events(payment)] == ["qr_shown", "paid"]


def test_an_error_later_in_the_transaction_undoes_the_move(payment):
    with pytest.raises(ZeroDivisionError), writing(db.session):
        payments.move(payment, PAID, who="worker")
        raise ZeroDivisionError
    assert payment.status is AWAITING
    assert len(events(payment)) == 1


def test_of_eight_racers_one_wins_and_one_event_is_written(payment, app):
    def mover(new):
        return lambda read: payments.move(read, new, who=str(new))

    goals = [EXPIRING, PAID, PaymentStatus.CANCEL_REQUESTED, PaymentStatus.FAILED] * 2
    movers, before = [mover(goal) for goal in goals], screen_version(payment)
    results = racing.race(app, *movers, read=lambda: db.session.get_one(Payment, payment.id))
    assert sorted(results) == [False] * 7 + [True]
    assert payment.status is goals[results.index(True)]
    assert len(events(payment)) == 2
    assert screen_version(payment) == before + 1


def test_a_payment_is_found_by_its_number_at_its_own_till_only(payment, shop):
    assert payments.find(payment.tran_id) is payment
    assert payments.find(payment.tran_id, shop.till_ids[0]) is payment
    for number, till_id in ((payment.tran_id, shop.till_ids[1]), ("260101-ABCDEFGHJ", None)):
        with pytest.raises(NotFound):
            payments.find(number, till_id)
