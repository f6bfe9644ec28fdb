from datetime import date, timedelta

import pytest

from pos.database import writing
from pos.extensions import db
from pos.models import CallbackVerdict, GatewayCallback, Payment
from pos.reports.office import alert_figures as figures
from pos.states import PaymentStatus
from tests import said
from tests.factories import charge, create_other_shop, open_shift
from tests.plans import walks_a_till

pytestmark = pytest.mark.usefixtures("context", "clock", "shop")


@pytest.fixture
def shift(shop):
    return open_shift(shop)


def hour_ago(clock):
    return clock.time - timedelta(hours=1)


def end(payment, status):
    with writing(db.session):
        db.session.get_one(Payment, payment.id).status = status


def test_only_qrs_that_ended_count_and_none_that_a_cashier_gave_up(shop, shift, clock):
    paid = charge(shift)
    said.tell(paid, said.paid(paid))
    for status in (PaymentStatus.EXPIRED, PaymentStatus.CREATE_FAILED, PaymentStatus.CANCELLED):
        end(charge(shift), status)
    charge(shift)
    found = figures.attempts(shop.store_id, hour_ago(clock))
    assert (found.paid, found.ended, found.not_made) == (1, 3, {"mekong_coffee@prac": 1})


def test_what_is_older_and_what_another_store_did_is_left_out(shop, shift, clock):
    paid = charge(shift)
    said.tell(paid, said.paid(paid))
    other = create_other_shop("http://127.0.0.1:9", "token")
    assert figures.attempts(other.store_id, hour_ago(clock)).ended == 0
    clock.advance(minutes=61)
    assert figures.attempts(shop.store_id, hour_ago(clock)).ended == 0


def test_a_day_is_summed_up_by_the_shops_calendar(shop, shift, clock):
    end(charge(shift), PaymentStatus.FAILED)
    today = (clock.time + timedelta(hours=7)).date()
    assert figures.day_sum(shop.store_id, today).failed == 1
    assert figures.day_sum(shop.store_id, today - timedelta(days=1)).failed == 0


def test_a_day_is_summed_up_by_the_index_of_each_tills_days(shop, shift, plans):
    charge(shift)
    plans.clear()
    figures.day_sum(shop.store_id, date(2026, 11, 22))
    # Over a handful of rows PostgreSQL may take any index, as its newest statistics have it.
    takes = [plan for plan, _ in plans if "ix_payment_till_made" in plan]
    assert takes or db.engine.dialect.name == "postgresql"
    assert [plan for plan, _ in plans if walks_a_till(plan)] == []


def test_a_callback_took_from_its_arrival_to_the_answer(shop, shift, clock):
    payment = charge(shift)
    for number, seconds in enumerate((1.5, None)):
        handled = clock.time + timedelta(seconds=seconds) if seconds else None
        row = GatewayCallback(
            gateway="payway",
            payment_id=payment.id,
            digest=str(number),
            received_at=clock.time,
            handled_at=handled,
            verdict=CallbackVerdict.CHECKED,
        )
        with writing(db.session):
            db.session.add(row)
    assert figures.callbacks_took(shop.store_id, hour_ago(clock)) == (1500,)
    assert figures.callbacks_took(shop.store_id + 1, hour_ago(clock)) == ()


def test_money_is_old_after_a_day(shop, shift, clock):
    payment = charge(shift)
    said.tell(payment, said.paid(payment, amount=payment.amount + payment.amount))
    assert figures.old_attention(shop.store_id) == 0
    clock.advance(hours=25)
    assert figures.old_attention(shop.store_id) == 1


def test_a_shop_without_a_pass_against_the_bank_has_no_differences(shop):
    assert figures.last_differences(shop.store_id) == ("", 0)
    assert figures.damaged_records() == 0
