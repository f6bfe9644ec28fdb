from datetime import date

import pytest
from sqlalchemy import func, select, update

from pos.database import writing
from pos.errors import BadInput, NotFound, QrWaiting, Refused, ShiftClosed
from pos.extensions import db
from pos.models import Shift, Till, User, ZReport
from pos.reports.closing import z_report
from pos.services.bookkeeping import auto_close, shifts
from pos.services.people import users
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import PaymentStatus, ShiftStatus
from tests import factories, racing, said
from tests.factories import NO_FLOAT, charge, khr, open_shift, usd
from tests.quiet import quiet_shop

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def numbers(till_id):
    query = select(ZReport.number).where(ZReport.till_id == till_id).order_by(ZReport.id)
    return list(db.session.scalars(query))


def screen_version(till_id):
    return db.session.scalar(select(Till.screen_version).where(Till.id == till_id))


def test_a_shift_begins_with_the_cash_in_its_drawer_and_the_shops_day(shop, clock):
    clock.advance(hours=15)
    shift = open_shift(shop, floats=(usd("50"), khr("200000")))
    assert shift.floats == (usd("50"), khr("200000"))
    assert (shift.status, shift.opened_at) == (ShiftStatus.OPEN, clock.time)
    assert shift.business_date == date(2026, 11, 23)
    assert shifts.open_shift_of(shop.cashier.id) is shift


@pytest.mark.parametrize(("till", "person"), [(0, "manager"), (1, "cashier"), (0, "cashier")])
def test_a_till_and_a_cashier_have_one_shift_at_a_time(shift, shop, till, person):
    with pytest.raises(Refused, match="already has an open shift"):
        shifts.open_shift(shop.till_ids[till], getattr(shop, person).id, NO_FLOAT)
    assert db.session.scalar(select(func.count(Shift.id))) == 1


def test_two_cashiers_work_at_two_tills(shift, shop):
    other = shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
    assert {shift.till_id, other.till_id} == set(shop.till_ids)


def test_a_till_of_another_store_or_of_nobody_cannot_be_opened(shop):
    stranger = factories.create_user(other_store(), "stranger")
    for till_id in (shop.till_ids[0], 10**6):
        with pytest.raises(BadInput):
            shifts.open_shift(till_id, stranger.id, NO_FLOAT)


def other_store():
    with writing(db.session):
        db.session.execute(update(User).values(username=User.username + "_1"))
    return quiet_shop().store_id


def test_a_shift_is_seen_by_its_cashier_and_the_stores_manager(shift, shop):
    other = factories.create_user(shop.store_id, "sophea")
    seen = {"dara": True, "maly": True, other.username: False}
    for person in db.session.scalars(select(User)).all():
        assert can_see(shift, person) is seen[person.username]


def can_see(shift, person):
    try:
        return shifts.find(shift.id, person) is shift
    except NotFound:
        return False


def test_nobody_of_another_store_sees_it(shift):
    store_id = other_store()
    for person in db.session.scalars(select(User).where(User.store_id == store_id)).all():
        assert not can_see(shift, person)
    with pytest.raises(NotFound):
        shifts.find(10**6, person)


def test_closing_writes_one_report_and_frees_till_and_cashier(shift, shop, clock):
    before = screen_version(shop.till_id)
    clock.advance(hours=8)
    report = shifts.close_shift(shift.id, shop.cashier.id)
    assert (shift.status, shift.closed_at) == (ShiftStatus.CLOSED, clock.time)
    assert (report.number, report.shift_id, report.written_at) == (1, shift.id, clock.time)
    assert screen_version(shop.till_id) == before + 1
    assert open_shift(shop).id != shift.id


def test_a_manager_may_close_it_and_the_report_says_so(shift, shop):
    view = z_report.from_json(shifts.close_shift(shift.id, shop.manager.id).body)
    assert (view.opened_by, view.closed_by) == ("Dara", "Maly")


def test_a_shift_is_closed_once(shift, shop):
    shifts.close_shift(shift.id, shop.cashier.id)
    with pytest.raises(ShiftClosed):
        shifts.close_shift(shift.id, shop.manager.id)
    assert numbers(shop.till_id) == [1]


@pytest.mark.parametrize("answer", [None, said.FAILED])
def test_a_shift_cannot_be_closed_while_a_qr_waits(shift, shop, answer):
    payment = charge(shift)
    if answer:
        said.tell(payment, answer)
    with pytest.raises(QrWaiting):
        shifts.close_shift(shift.id, shop.cashier.id)
    assert shift.status is ShiftStatus.OPEN
    assert numbers(shop.till_id) == []


def test_a_qr_on_its_last_check_does_not_hold_up_the_close(shift, shop, clock):
    payment = charge(shift)
    clock.time = payment.expires_at
    answers.expire_due()
    view = z_report.from_json(shifts.close_shift(shift.id, shop.cashier.id).body)
    assert [item.status_text for item in view.unverified] == ["Last check"]


def test_a_qr_whose_time_is_up_holds_up_no_close_though_no_worker_runs(shift, shop, clock):
    payment = charge(shift)
    clock.advance(300)
    report = z_report.from_json(shifts.close_shift(shift.id, shop.cashier.id).body)
    assert payment.status is PaymentStatus.EXPIRING
    assert [one.sale_number for one in report.unverified] == [1]


def test_report_numbers_have_no_gap_over_closes_that_failed(shop, clock):
    for _ in range(3):
        shift = open_shift(shop)
        payment = charge(shift)
        with pytest.raises(QrWaiting):
            shifts.close_shift(shift.id, shop.cashier.id)
        with pytest.raises(ZeroDivisionError), writing(db.session):
            checkout.cancel(payment, who="cashier:dara")
            shifts.close_shift(shift.id, shop.cashier.id)
            raise ZeroDivisionError
        checkout.cancel(payment, who="cashier:dara")
        shifts.close_shift(shift.id, shop.cashier.id)
    assert numbers(shop.till_id) == [1, 2, 3]


def test_each_till_counts_its_own_reports(shift, shop):
    other = shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
    for one in (shift, other):
        shifts.close_shift(one.id, shop.manager.id)
    assert (numbers(shop.till_ids[0]), numbers(shop.till_ids[1])) == ([1], [1])


def test_numbers_stay_whole_when_two_close_many_shifts_at_once(app, shop):
    for number in range(1, 6):
        shift_id = open_shift(shop).id
        results = racing.race(
            app,
            lambda it=shift_id: shifts.close_shift(it, shop.cashier.id).number,
            lambda it=shift_id: shifts.close_shift(it, shop.manager.id).number,
        )
        assert [one for one in results if isinstance(one, int)] == [number]
    assert numbers(shop.till_id) == [1, 2, 3, 4, 5]


def test_a_forgotten_shift_is_closed_by_the_system_and_says_so(shift, shop, clock):
    clock.advance(hours=15, minutes=59)
    auto_close.close_forgotten()
    assert shift.status is ShiftStatus.OPEN
    clock.advance(minutes=1)
    auto_close.close_forgotten()
    assert shift.status is ShiftStatus.AUTO_CLOSED
    view = z_report.from_json(db.session.scalars(select(ZReport.body)).one())
    assert (view.is_auto_closed, view.closed_by, view.number) == (True, "", 1)


def test_a_forgotten_shift_with_a_waiting_qr_is_left_until_that_ends(shift, clock):
    clock.advance(hours=16)
    payment = charge(shift)
    auto_close.close_forgotten()
    assert shift.status is ShiftStatus.OPEN
    said.tell(payment, said.paid(payment))
    auto_close.close_forgotten()
    assert shift.status is ShiftStatus.OPEN
    clock.advance(minutes=30)
    auto_close.close_forgotten()
    assert shift.status is ShiftStatus.AUTO_CLOSED


def test_only_forgotten_shifts_are_closed_and_each_once(shift, shop, clock):
    clock.advance(hours=16)
    young = shifts.open_shift(shop.till_ids[1], shop.manager.id, NO_FLOAT)
    for _ in range(2):
        auto_close.close_forgotten()
    assert (young.status, numbers(shop.till_id)) == (ShiftStatus.OPEN, [1])


def test_a_cashier_who_was_shut_out_leaves_a_shift_that_a_manager_closes(shift, shop):
    users.set_active(shift.cashier, False)
    assert shifts.close_shift(shift.id, shop.manager.id).number == 1
