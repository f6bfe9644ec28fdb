from datetime import timedelta

import pytest
from sqlalchemy import select, text

from pos import clock as pos_clock
from pos.database import writing
from pos.errors import BadInput
from pos.extensions import db
from pos.models import Shift, ZReport
from pos.money import Currency, Money
from pos.services.bookkeeping import auto_close, shifts
from pos.services.shop import shops
from pos.states import ShiftStatus
from tests import said
from tests.factories import NO_FLOAT, charge, open_shift

pytestmark = pytest.mark.usefixtures("context")

NINE_IN_THE_EVENING = 21 * 60
FLOAT = (Money(1000, Currency.USD), Money(0, Currency.KHR))


@pytest.fixture
def shift(context, shop, clock):
    """Opened at nine in the morning in a store that closes twelve hours later."""
    shops.set_closing(shop.store_id, NINE_IN_THE_EVENING)
    return open_shift(shop, floats=FLOAT)


def status_after(clock, shift, **time):
    clock.advance(**time)
    auto_close.close_forgotten()
    db.session.rollback()
    return db.session.get_one(Shift, shift.id, populate_existing=True).status


def test_an_hour_after_closing_time_a_quiet_shift_is_closed_not_counted(shift, clock):
    assert status_after(clock, shift, hours=12, minutes=59) is ShiftStatus.OPEN
    assert status_after(clock, shift, minutes=1) is ShiftStatus.AUTO_CLOSED


def test_who_still_sells_is_left_alone_until_half_an_hour_of_quiet(shift, clock):
    clock.advance(hours=13)
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    assert status_after(clock, shift, minutes=29) is ShiftStatus.OPEN
    assert status_after(clock, shift, minutes=1) is ShiftStatus.AUTO_CLOSED


def test_a_shift_opened_after_closing_time_waits_for_the_next(shop, clock):
    shops.set_closing(shop.store_id, 8 * 60)
    shift = open_shift(shop)
    assert status_after(clock, shift, hours=15, minutes=59) is ShiftStatus.OPEN
    assert status_after(clock, shift, minutes=1) is ShiftStatus.AUTO_CLOSED


def test_a_store_without_a_closing_time_closes_long_shifts_alone(shop, clock):
    shops.set_closing(shop.store_id, None)
    shift = open_shift(shop)
    assert status_after(clock, shift, hours=15) is ShiftStatus.OPEN


def test_no_store_closes_at_a_time_that_is_none(shop):
    for store_id, minute in ((shop.store_id, 24 * 60), (shop.store_id, -1), (99, 60)):
        with pytest.raises(BadInput):
            shops.set_closing(store_id, minute)


def refuse_reports_of(till_id):
    """Let the database itself fail at a till, as a full disk would."""
    when = f"BEFORE INSERT ON z_report WHEN NEW.till_id = {till_id}"
    raises = "BEGIN SELECT RAISE(ABORT, 'full_disk'); END"
    check = f"ADD CONSTRAINT full_disk CHECK (till_id <> {till_id}) NOT VALID"
    with writing(db.session):
        if db.session.get_bind().dialect.name == "sqlite":
            db.session.execute(text(f"CREATE TRIGGER full_disk {when} {raises}"))
        else:
            db.session.execute(text(f"ALTER TABLE z_report {check}"))


def mend():
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    on_postgresql = "ALTER TABLE z_report DROP CONSTRAINT full_disk"
    with writing(db.session):
        db.session.execute(text("DROP TRIGGER full_disk" if is_sqlite else on_postgresql))


@pytest.mark.scratch
def test_a_close_that_fails_is_kept_with_its_reason_and_tried_again_never_half(shop, shift, clock):
    other = shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
    refuse_reports_of(shop.till_id)
    assert status_after(clock, shift, hours=13) is ShiftStatus.OPEN
    assert "IntegrityError" in shift.close_problem and "full_disk" in shift.close_problem
    assert (shift.close_tries, shift.closed_at, shift.till.last_z_number) == (1, None, 0)
    assert db.session.get_one(Shift, other.id).status is ShiftStatus.AUTO_CLOSED
    mend()
    assert status_after(clock, shift, minutes=4) is ShiftStatus.OPEN
    assert status_after(clock, shift, minutes=1) is ShiftStatus.AUTO_CLOSED
    assert (shift.close_problem, shift.next_close_at) == ("", None)
    numbers = db.session.scalars(select(ZReport.number).where(ZReport.till_id == shop.till_id))
    assert numbers.all() == [1]


@pytest.mark.scratch
def test_a_close_that_fails_for_weeks_is_still_tried_each_hour(shop, shift, clock):
    refuse_reports_of(shop.till_id)
    with writing(db.session):
        shift.close_tries = 500
    assert status_after(clock, shift, hours=13) is ShiftStatus.OPEN
    assert shift.close_tries == 501
    assert shift.next_close_at == pos_clock.now() + timedelta(hours=1)
