import sqlite3
import threading
import time
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, text

from pos import khqr
from pos.database import writing
from pos.errors import BadAmount, NoOpenShift, QrWaiting, Refused, ShiftClosed
from pos.extensions import db
from pos.models import GatewayQuestion, Merchant, Payment, PaymentEvent, Sale
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout, issuing, tran_id
from pos.services.settling import answers
from pos.states import PaymentStatus, SaleStatus
from tests import said
from tests.factories import charge, khr, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

P, S = PaymentStatus, SaleStatus
WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def test_a_qr_whose_time_is_up_keeps_no_till_from_charging_though_no_worker_runs(shift, clock):
    first = charge(shift)
    clock.advance(299)
    with pytest.raises(QrWaiting):
        charge(shift)
    clock.advance(1)
    second = charge(shift)
    assert (first.status, second.status) == (P.EXPIRING, P.AWAITING)
    assert first.next_check_at is not None


def count(kind):
    return db.session.scalar(select(func.count(kind.id)))


def pay(payment):
    said.tell(payment, said.paid(payment))


def test_a_charge_is_a_sale_with_a_qr_that_says_exactly_so(shift, clock):
    payment = charge(shift, usd("3.50"))
    says = khqr.decode(payment.qr_string)
    assert (says.amount, says.bakong_account_id) == (usd("3.50"), "mekong_coffee@prac")
    assert (says.bill_number, says.merchant_name) == (payment.tran_id, "Mekong Coffee")
    assert says.expires_at == payment.expires_at == clock.time + timedelta(seconds=300)
    assert payment.lookup == khqr.md5_of(payment.qr_string)
    assert (payment.sale.status, payment.sale.business_date) == (S.OPEN, date(2026, 11, 22))


def test_a_sale_after_midnight_in_phnom_penh_is_the_next_days(shift, clock):
    clock.advance(hours=14, minutes=59)
    assert charge(shift).sale.business_date == date(2026, 11, 22)
    clock.advance(minutes=10)
    answers.expire_due()
    assert charge(shift).sale.business_date == date(2026, 11, 23)


def test_the_same_key_gives_the_same_sale(shift):
    first = charge(shift, usd("3.50"), key="k" * 16)
    assert charge(shift, usd("3.50"), key="k" * 16) is first
    pay(first)
    assert charge(shift, usd("3.50"), key="k" * 16) is first
    assert (count(Sale), count(Payment)) == (1, 1)


@pytest.mark.parametrize("amount", [usd("3.51"), khr("350")])
def test_a_key_is_good_for_one_amount(shift, amount):
    charge(shift, usd("3.50"), key="k" * 16)
    with pytest.raises(Refused, match="another sale"):
        charge(shift, amount, key="k" * 16)
    assert count(Sale) == 1


def test_a_key_is_good_for_one_till(shift, shop):
    pay(charge(shift, key="k" * 16))
    other = shifts.open_shift(shop.till_ids[1], shop.manager.id, shift.floats)
    with pytest.raises(Refused, match="another sale"):
        charge(other, key="k" * 16)


@pytest.mark.parametrize("amount", [usd("100000"), khr("400000000")])
def test_the_largest_charge_is_taken_and_one_more_is_not(shift, amount):
    over = type(amount)(amount.minor + 1, amount.currency)
    with pytest.raises(BadAmount, match="The most that can be charged"):
        charge(shift, over)
    assert count(Sale) == 0
    assert charge(shift, amount).status is P.AWAITING


def test_without_an_open_shift_nothing_is_charged(shift, shop):
    with pytest.raises(NoOpenShift):
        checkout.charge(10**6, usd("1"), "k" * 16, who=WHO)
    shifts.close_shift(shift.id, shop.cashier.id)
    with pytest.raises(ShiftClosed):
        charge(shift)
    assert count(Sale) == 0


def test_a_second_qr_at_a_till_is_refused_while_the_first_waits(shift):
    first = charge(shift)
    for state in (None, said.FAILED):
        if state:
            said.tell(first, state)
        with pytest.raises(QrWaiting):
            charge(shift)
    assert count(Sale) == 1


@pytest.mark.parametrize("ending", ["paid", "cancelled", "expired", "mismatch"])
def test_the_till_is_free_once_the_qr_is_gone(shift, clock, ending):
    first = charge(shift, usd("2"))
    if ending == "cancelled":
        checkout.cancel(first, who=WHO)
    elif ending == "expired":
        clock.advance(300)
        answers.expire_due()
    else:
        said.tell(first, said.paid(first, amount=usd("2" if ending == "paid" else "1")))
    assert charge(shift).status is P.AWAITING


def test_sales_are_numbered_within_their_shift(shift, shop):
    for number in (1, 2, 3):
        payment = charge(shift)
        assert payment.sale.number == number
        pay(payment)
    shifts.close_shift(shift.id, shop.cashier.id)
    assert charge(open_shift(shop)).sale.number == 1


def test_a_number_of_ours_is_short_readable_and_never_the_same(clock):
    numbers = {tran_id.fresh() for _ in range(2_000)}
    assert len(numbers) == 2_000
    assert {len(number) for number in numbers} == {16}
    assert all(number.startswith("261122-") for number in numbers)
    assert not set("".join(number[7:] for number in numbers)) & set("01OIL")


def test_a_qr_that_cannot_be_written_is_a_sale_without_one(shift):
    with writing(db.session):
        db.session.scalars(select(Merchant)).one().name = ""
    payment = charge(shift)
    assert (payment.status, payment.qr_string) == (P.CREATE_FAILED, None)
    refused = db.session.scalars(select(PaymentEvent)).one()
    assert (refused.name, bool(refused.facts["reason"])) == ("qr_refused", True)
    assert checkout.live_payment(shift.till_id) is None


def test_a_payment_whose_program_stopped_before_its_qr_is_given_up(shift, clock):
    payment = stuck(shift)
    clock.advance(29.999)
    issuing.give_up_stuck()
    assert payment.status is P.CREATING
    clock.advance(0.001)
    issuing.give_up_stuck()
    assert payment.status is P.CREATE_FAILED
    assert charge(shift).status is P.AWAITING


def stuck(shift):
    """A payment as a program leaves it that is killed before it made the QR."""
    payment = charge(shift)
    sql = "UPDATE payment SET status = 'creating', qr_string = NULL, lookup = NULL, shown_at = NULL"
    with writing(db.session):
        db.session.execute(text(sql))
    return payment


def test_a_stuck_payment_is_never_asked_about(shift):
    payment = stuck(shift)
    assert questions.ask(payment.id, who="worker") is None


def test_no_transaction_is_open_while_the_bank_is_asked(app, shift, bank, settings):
    payment = charge(shift)
    bank.misbehave(delay=0.6)
    asking = threading.Thread(target=ask_in_thread, args=(app, payment.id))
    asking.start()
    time.sleep(0.3)
    assert transactions(settings.database) == 0
    assert asking.is_alive()
    asking.join()
    assert db.session.scalars(select(GatewayQuestion.outcome)).one() == "not_found"


def ask_in_thread(app, payment_id):
    with app.app_context():
        questions.ask(payment_id, who="worker")


def transactions(url):
    """How many transactions are open; on SQLite, whether the whole file can be locked at once."""
    if url.startswith("sqlite"):
        with sqlite3.connect(urlsplit(url).path, timeout=0) as other:
            other.execute("BEGIN EXCLUSIVE")
        other.close()
        return 0
    idle = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
    return db.session.scalar(text(idle))
