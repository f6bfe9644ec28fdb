"""What a shop would live through, whole: a backup while it sells, a lost disk, a restore."""

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, PaymentEvent, Restore, Sale, Shift, ZReport
from pos.reports.auditing import books
from pos.reports.office import payment_timeline
from pos.services.asking import questions
from pos.services.backups import gap, taking
from pos.services.selling import issuing
from pos.states import PaymentStatus, Remark
from tests import said
from tests.conftest import SECRET_KEY, VAULT_KEY
from tests.factories import charge, close_shift, open_shift

pytestmark = pytest.mark.usefixtures("context", "clock")

ROOT = Path(__file__).parents[3]


@contextmanager
def selling(url, shift_id):
    """A process that charges and settles meanwhile; what it acknowledged is read from it."""
    keys = {"POS_SECRET_KEY": SECRET_KEY, "POS_VAULT_KEY": VAULT_KEY, "POS_DATABASE_URL": url}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.busy", str(shift_id)],
        cwd=ROOT,
        env={**os.environ, **keys},
        stdout=subprocess.PIPE,
    ) as till:
        try:
            yield till.stdout
        finally:
            till.kill()


def settle_what_waits(clock):
    """The worker gives up what was never shown, and hears of the rest."""
    clock.advance(60)
    issuing.give_up_stuck()
    for waiting in db.session.scalars(select(Payment).where(Payment.status == "awaiting")):
        said.tell(waiting, said.paid(waiting))


def test_a_backup_taken_while_a_till_sells_holds_what_was_acknowledged(
    shop, clock, database, elsewhere
):
    clock.time = datetime.now(UTC)  # As the other process has it.
    shift = open_shift(shop)
    with selling(database, shift.id) as acknowledged:
        before = [int(acknowledged.readline()) for _ in range(3)]
        taken = taking.take()
        after = [int(acknowledged.readline()) for _ in range(3)]
    elsewhere.restored(taken.path)
    with elsewhere.app.app_context():
        settle_what_waits(clock)
        paid = set(db.session.scalars(select(Payment.id).where(Payment.status == "paid")))
        assert set(before) <= paid and after[-1] not in paid
        every_sale = select(func.count(Sale.id)).where(Sale.status == "paid")
        money = select(func.count(GatewayTransaction.id))
        assert db.session.scalar(every_sale) == db.session.scalar(money) == len(paid)
        close_and_verify(shop, shift.id)


def close_and_verify(shop, shift_id):
    close_shift(db.session.get_one(Shift, shift_id), shop.cashier)
    assert books.verify().damages == ()


@pytest.fixture
def lost(shop, bank, clock):
    """A QR that was paid, and a report that was printed, after the backup: its file, and both."""
    shift = open_shift(shop)
    payment = charge(shift)
    file = taking.take().path
    bank.pay(payment.qr_string)
    clock.advance(60)
    questions.ask(payment.id, who="worker")
    assert close_shift(shift, shop.cashier).number == 1
    clock.advance(days=1)
    return file, payment.id, shift.id


def test_the_missing_days_money_is_found_at_the_bank_and_z_numbers_go_on(
    lost, shop, clock, elsewhere
):
    file, payment_id, shift_id = lost
    assert "1 QRs are asked about again" in elsewhere.restored(file, "--highest-z", "Till 1=1")
    with elsewhere.app.app_context():
        assert questions.ask_if_due(payment_id)
        found = db.session.get_one(Payment, payment_id)
        assert (found.status, found.remark) == (PaymentStatus.PAID, Remark.LEARNED_LATE)
        told = db.session.scalars(select(PaymentEvent.facts).order_by(PaymentEvent.id)).all()[-1]
        assert told["restored"] == file.name
        assert file.name in str(payment_timeline.of_payment(found))
        gap.follow()
        assert db.session.scalars(select(Restore.done_at)).one() == clock.time
        close_and_verify(shop, shift_id)
        assert db.session.scalars(select(ZReport.number)).all() == [2]


def test_a_qr_that_no_gateway_answers_about_is_asked_for_seven_days(context, shop, clock):
    payment = charge(open_shift(shop))
    clock.advance(days=1)
    with writing(db.session):
        told = {"name": "backup", "revision": "0042", "taken_at": clock.time, "at": clock.time}
        db.session.add(Restore(**told))
        db.session.get_one(Payment, payment.id).next_check_at = None
    for days, is_due in ((0, True), (6, True), (1, False)):
        clock.advance(days=days)
        gap.follow()
        db.session.rollback()
        assert payment.next_check_at is not None
        assert (db.session.scalars(select(Restore.done_at)).one() is None) is is_due
