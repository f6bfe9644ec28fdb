import pytest

from pos.cash import Cash
from pos.database import writing
from pos.errors import (
    BadAmount,
    BeingPaid,
    NotFound,
    QrWaiting,
    Refused,
    SaleAlreadyPaid,
    Taken,
)
from pos.extensions import db
from pos.models import Payment, Sale
from pos.plans import PartName, PlanKind
from pos.reports.online import outside
from pos.services.online import paying
from pos.services.selling import tenders
from pos.services.settling import answers, payments
from pos.states import SaleStatus
from tests import factories, planned, racing, said
from tests.factories import create_other_shop, khr, open_shift, usd
from tests.planned import charge, charge_at, pay, register, states, sums
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")

_N = PartName


def expire(payment, clock):
    clock.advance(400)
    answers.expire_due()
    clock.advance(20)
    said.tell(payments.read(payment.id), said.NOT_FOUND)


def test_each_part_is_due_on_its_own_and_has_its_own_qr(sale):
    first = pay(charge())
    assert (first.amount.plain, states()) == ("50.00", ["paid", "due"])
    second = charge()
    assert second.qr_string != first.qr_string
    assert sums() == ("50.00", "50.00", "50.00", "0.00", "0.00")
    assert not outside.is_paid(sale.id)
    pay(second)
    assert (states(), outside.is_paid(sale.id)) == (["paid", "paid"], True)


def test_milestones_are_paid_one_after_the_other(context, shop):
    register(shop, khr("10300"), PlanKind.MILESTONES)
    paid = [one.amount.plain for one in planned.pay_all()]
    assert (paid, sums()[0]) == (["5200", "2600", "2500"], "10300")


def test_paying_at_once_is_less_and_nothing_of_it_is_held(context, shop):
    register(shop, kind=PlanKind.FULL)
    assert pay(charge()).amount == usd("95")
    assert sums() == ("95.00", "0.00", "0.00", "0.00", "0.00")


def test_a_part_is_not_paid_twice(sale):
    pay(charge(instalment=_N.DEPOSIT))
    with pytest.raises(SaleAlreadyPaid, match="This part is already paid"):
        charge(instalment=_N.DEPOSIT)
    pay(charge(instalment=_N.BALANCE))
    with pytest.raises(SaleAlreadyPaid, match="already been paid"):
        charge()


def test_a_later_part_is_not_paid_first(sale):
    with pytest.raises(Refused, match="before it is paid first"):
        charge(instalment=_N.BALANCE)
    with pytest.raises(Refused, match="no such part"):
        charge(instalment=_N.MILESTONE_1)
    assert db.session.query(Payment).count() == 0


def test_a_sale_that_is_not_paid_in_parts_has_none(context, shop):
    register(shop, kind=None)
    with pytest.raises(Refused, match="not paid in parts"):
        charge(instalment=_N.DEPOSIT)
    assert charge().amount == usd("100")


@pytest.mark.parametrize("kind", [PlanKind.FULL, PlanKind.MILESTONES, None])
def test_a_plan_is_not_changed_once_it_is_registered(sale, shop, kind):
    pay(charge())
    with pytest.raises(Taken, match="or plan"):
        register(shop, kind=kind)
    assert states() == ["paid", "due"]


def test_the_same_plan_again_is_the_same_sale(shop):
    first = register(shop, kind=PlanKind.FULL)
    assert register(shop, kind=PlanKind.FULL).id == first.id


def test_what_is_too_little_for_parts_is_not_registered(context, shop):
    with pytest.raises(BadAmount, match="too little"):
        register(shop, usd("0.01"))


def test_a_cashier_charges_the_part_that_is_due_at_a_till(sale, shift, shop):
    pay(charge())
    payment = pay(charge_at(shift.id))
    assert (payment.till_id, payment.amount) == (shop.till_id, usd("50"))
    assert (payment.paid_shift_id, states()) == (shift.id, ["paid", "paid"])


def test_a_part_is_paid_in_cash_at_a_till(sale, shift):
    payment = charge_at(shift.id)
    offer = tenders.Offer(given=Cash(6000, 0))
    tenders.take_for(payment, shift.id, offer, factories.new_key(), who="cashier:dara")
    assert (states(), sums()[2]) == (["paid", "due"], "50.00")


def test_a_part_that_waits_at_one_till_is_not_charged_at_another(sale, shift, other_shift):
    first = charge_at(shift.id)
    for elsewhere in (lambda: charge_at(other_shift.id), charge):
        with pytest.raises(BeingPaid):
            elsewhere()
    assert charge_at(shift.id).id == first.id


def test_a_part_that_was_not_paid_at_one_till_is_charged_at_another(
    sale, shift, other_shift, clock
):
    first = charge_at(shift.id)
    expire(first, clock)
    second = pay(charge_at(other_shift.id))
    assert db.session.get_one(Sale, first.sale_id).status is SaleStatus.VOIDED
    assert (second.sale.status, states()) == (SaleStatus.PAID, ["paid", "due"])


def test_money_that_comes_late_at_the_first_till_pays_no_second_time(
    sale, shift, other_shift, clock
):
    first = charge_at(shift.id)
    expire(first, clock)
    pay(charge_at(other_shift.id))
    pay(payments.read(first.id))
    assert str(payments.read(first.id).remark) == "paid_after_cancel"
    assert (states(), sums()[0]) == (["paid", "due"], "50.00")


def test_cash_for_a_part_keeps_it_at_its_till(sale, shift, other_shift, clock):
    payment = charge_at(shift.id)
    expire(payment, clock)
    row = tenders.Tender(
        sale_id=payment.sale_id, shift_id=shift.id, cashier_id=shift.cashier_id, key="k" * 20,
        settles_minor=1000, currency="USD", given_usd_minor=1000, given_khr_minor=0,
        change_usd_minor=0, change_khr_minor=0, rounding_minor=0, taken_at=clock.time,
    )  # fmt: skip
    with writing(db.session):
        db.session.add(row)
    with pytest.raises(BeingPaid, match="Cash was taken"):
        charge_at(other_shift.id)
    assert charge_at(shift.id).amount == usd("40")


def test_a_till_that_shows_a_qr_charges_no_part(sale, shift):
    factories.charge(shift)
    with pytest.raises(QrWaiting):
        charge_at(shift.id)
    assert states() == ["due", "later"]


def test_another_stores_till_charges_no_part(sale, bank):
    other = create_other_shop(bank.url, bank.token())
    shift = open_shift(other)
    with pytest.raises(NotFound):
        charge_at(shift.id)


def test_of_two_tills_at_once_one_charges_the_part(app, sale, shift, other_shift):
    outside_id = sale.id
    ids = [shift.id, other_shift.id] * 2

    def at(shift_id):
        return lambda: paying.begin(outside_id, shift_id, who="cashier:dara", again_ok=False).id

    results = racing.race(app, *map(at, ids))
    lost = racing.errors(results)
    assert len(results) - len(lost) == 1, results
    assert all(isinstance(one, BeingPaid) for one in lost), lost
    assert db.session.query(Payment).count() == 1


def test_a_plan_whose_part_went_back_whole_is_charged_no_more(sale, shop):
    payment = pay(charge())
    give_back(money_of(payment).id, shop, "50", reference="FT-0001")
    assert (states(), sums()) == (["refunded", "due"], ("50.00", "50.00", "0.00", "0.00", "50.00"))
    with pytest.raises(Refused, match="went back"):
        charge()
