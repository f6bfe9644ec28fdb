import json

import pytest

from pos.cash import Cash
from pos.extensions import db
from pos.models import Shift
from pos.plans import PlanKind
from pos.reports.auditing import books, books_rows
from pos.reports.closing import day, x_report, z_report
from pos.services.bookkeeping import drawer, shifts
from pos.services.plans import releasing
from pos.services.selling import tenders
from pos.states import MovementKind
from tests import factories
from tests.books import found_after
from tests.factories import khr, open_shift, usd
from tests.planned import again, charge_at, pay, pay_all, register
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def close(shift_id, shop):
    row = db.session.get_one(Shift, shift_id)
    return z_report.from_json(factories.close_shift(row, shop.cashier).body)


def told(part):
    return [(str(one.kind), one.count, str(one.amount)) for one in (part.totals if part else ())]


def complete():
    return releasing.complete(again(), who="manager:maly")


def pay_in_cash(payment, shift_id):
    offer = tenders.Offer(given=Cash(payment.amount_minor, 0))
    tenders.take_for(payment, shift_id, offer, factories.new_key(), who="cashier:dara")


def test_a_z_tells_what_was_taken_to_hold_by_bank_and_in_cash(shift, shop):
    register(shop, usd("100"), PlanKind.MILESTONES)
    pay(charge_at(shift.id))
    pay_in_cash(charge_at(shift.id), shift.id)
    assert told(close(shift.id, shop).held_money) == [("held", 2, "$75.00")]
    assert books.verify().damages == ()


def test_a_z_of_a_shop_without_plans_tells_nothing_of_it(shift, shop):
    pay(factories.charge(shift))
    assert close(shift.id, shop).held_money is None


@pytest.mark.parametrize("kind", [PlanKind.FULL, None])
def test_what_was_paid_at_once_is_not_held(shift, shop, kind):
    register(shop, kind=kind)
    pay(charge_at(shift.id))
    assert close(shift.id, shop).held_money is None


def test_the_online_z_tells_what_was_released(shift, shop, clock):
    register(shop, khr("10300"))
    pay(charge_at(shift.id))
    online = pay_all()[0].sale.shift_id
    complete()
    assert told(close(shift.id, shop).held_money) == [("held", 1, "៛5,200")]
    found = told(close(online, shop).held_money)
    assert found == [("held", 1, "៛5,100"), ("released", 1, "៛10,300")]
    assert books.verify().damages == ()


def test_what_went_back_before_it_was_released_is_told_and_what_went_back_later_is_not(shop):
    register(shop)
    first, second = pay_all()
    give_back(money_of(first).id, shop, "10", reference="FT-0001")
    complete()
    give_back(money_of(second).id, shop, "20", reference="FT-0002")
    found = told(close(first.sale.shift_id, shop).held_money)
    assert found == [("held", 2, "$100.00"), ("released", 1, "$90.00"), ("refunded", 1, "$10.00")]
    assert books.verify().damages == ()


def test_cash_of_a_part_that_goes_back_is_told(shift, shop):
    register(shop)
    payment = charge_at(shift.id)
    pay_in_cash(payment, shift.id)
    wish = drawer.Wish(
        kind=MovementKind.REFUND, cash=Cash(), reason="goods_back", note="",
        asked_by_id=shop.cashier.id, approved_by_id=shop.manager.id,
    )  # fmt: skip
    drawer.refund(shift.id, payment.sale_id, usd("5"), wish, factories.new_key())
    found = told(close(shift.id, shop).held_money)
    assert found == [("held", 1, "$50.00"), ("refunded", 1, "$5.00")]


def test_each_shift_tells_of_its_own_and_the_day_of_all(shift, shop):
    register(shop)
    pay(charge_at(shift.id))
    close(shift.id, shop)
    second = open_shift(shop)
    pay(charge_at(second.id))
    assert told(close(second.id, shop).held_money) == [("held", 1, "$50.00")]
    row = db.session.get_one(Shift, shift.id)
    view = day.gather(row.till.store, row.business_date)
    assert [(str(one.kind), one.count, str(one.amount)) for one in view.held] == [
        ("held", 2, "$100.00")
    ]


def test_a_refund_after_the_close_stands_on_the_next_report(shift, shop):
    register(shop)
    payment = pay(charge_at(shift.id))
    close(shift.id, shop)
    second = open_shift(shop)
    give_back(money_of(payment).id, shop, "10", reference="FT-0001")
    assert told(close(second.id, shop).held_money) == [("refunded", 1, "$10.00")]
    assert books.verify().damages == ()


@pytest.mark.parametrize("is_blind", [True, False])
def test_an_x_tells_of_it_unless_the_count_is_blind(shift, shop, is_blind):
    register(shop)
    pay(charge_at(shift.id))
    row = db.session.get_one(Shift, shift.id)
    found = x_report.gather(row, is_blind=is_blind).held_money
    assert told(found) == ([] if is_blind else [("held", 1, "$50.00")])


def test_a_report_of_before_held_money_is_read_and_holds(shift, shop):
    pay(factories.charge(shift))
    record = shifts.close_shift(shift.id, shop.cashier.id)
    old = json.loads(record.body)
    assert old.pop("held_money", "none kept") is None
    db.session.expunge(record)
    record.body = json.dumps(old)
    assert z_report.from_json(record.body).held_money is None
    assert list(books_rows.differences(record)) == []


def test_a_report_that_keeps_quiet_about_held_money_is_found(shift, shop):
    register(shop)
    pay(charge_at(shift.id))
    record = shifts.close_shift(shift.id, shop.cashier.id)
    told = json.loads(record.body) | {"held_money": None}
    db.session.expunge(record)
    record.body = json.dumps(told)
    assert [field for field, _ in books_rows.differences(record)] == ["held money"]


CHANGES = (
    "UPDATE plan_release SET amount_minor = 8999",
    "DELETE FROM plan_release",
    "UPDATE plan SET kind = 'full'",
    "UPDATE outside_part SET instalment_id = NULL WHERE id = 1",
    "UPDATE refund SET amount_minor = 900",
)


def test_every_change_of_held_money_is_found(shop):
    register(shop)
    first, _ = pay_all()
    give_back(money_of(first).id, shop, "10", reference="FT-0001")
    complete()
    close(first.sale.shift_id, shop)
    for change in CHANGES:
        assert "held money" in found_after(change).get("Z 1", set()), change
    assert books.verify().damages == ()
