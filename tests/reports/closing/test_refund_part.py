import json
from dataclasses import asdict

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import GatewayTransaction
from pos.reports.closing import z_report
from pos.services.bookkeeping import shifts
from pos.services.reconciling import returned
from pos.services.settling import attention
from pos.states import ResolutionKind
from tests import said
from tests.factories import charge, khr, open_shift, usd
from tests.refunding import all_refunds, give_back, money_of

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def received(shift, price, **facts):
    payment = charge(shift, price)
    said.tell(payment, said.paid(payment, **facts))
    return money_of(payment)


def close(shift, shop):
    return z_report.from_json(shifts.close_shift(shift.id, shop.cashier.id).body)


def totals(z):
    return [(one.of_sales, str(one.amount), one.count) for one in z.refunds.totals]


def paid_less_refunds(z, currency="USD"):
    paid = sum(one.amount.minor for one in z.totals if one.currency == currency)
    back = z.refunds.totals if z.refunds else ()
    return paid - sum(one.amount.minor for one in back if one.of_sales and one.currency == currency)


def test_refunds_stand_beside_what_was_paid_and_change_no_total(shift, shop):
    dollars, riel = received(shift, usd("10")), received(shift, khr("20000"))
    for number, part in enumerate(("3", "2")):
        give_back(dollars.id, shop, part, reference=f"FT-{number:04}")
    give_back(riel.id, shop, khr("5000"), reference="FT-0009")
    z = close(shift, shop)
    assert [str(one.amount) for one in z.totals] == ["៛20,000", "$10.00"]
    assert totals(z) == [(True, "៛5,000", 1), (True, "$5.00", 2)]
    assert paid_less_refunds(z) == 500 and len(z.refunds.lines) == 3
    assert {one.approved_by for one in z.refunds.lines} == {"Maly"}


def test_a_refund_counts_in_the_shift_in_which_it_is_made(shift, shop):
    money = received(shift, usd("10"))
    first = close(shift, shop)
    following = open_shift(shop)
    give_back(money.id, shop, "4", reference="FT-0001")
    second = close(following, shop)
    assert first.refunds is None and totals(second) == [(True, "$4.00", 1)]
    assert paid_less_refunds(first) + paid_less_refunds(second) == 600


def test_money_that_paid_no_sale_is_in_no_total_and_so_is_its_refund(shift, shop):
    payment = charge(shift, usd("3"))
    said.tell(payment, said.paid(payment))
    said.tell(payment, said.paid(payment, reference="again"))
    again = received_again()
    give_back(again.id, shop, "3", reference="FT-0001")
    z = close(shift, shop)
    assert totals(z) == [(False, "$3.00", 1)] and paid_less_refunds(z) == 300


def received_again():
    query = select(GatewayTransaction).where(GatewayTransaction.reference == "again")
    return db.session.scalars(query).one()


def test_what_went_back_before_its_money_was_accepted_counts_with_the_money(shift, shop):
    over = received(shift, usd("3"), amount=usd("4"))
    give_back(over.id, shop, "1", reference="FT-0001")
    first = close(shift, shop)
    following = open_shift(shop)
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    accept = attention.Decision(
        kind=ResolutionKind.ACCEPTED, reason="goods_given", note="", **people
    )
    attention.resolve(over.payment_id, over.id, accept, who="m")
    second = close(following, shop)
    assert totals(first) == [(False, "$1.00", 1)]
    assert totals(second) == [(True, "$1.00", 1)] and second.refunds.lines[0].was_before
    assert paid_less_refunds(first) + paid_less_refunds(second) == 300


def test_what_somebody_gave_back_at_the_bank_counts_once_it_is_noted(shift, shop):
    money = received(shift, usd("10"))
    said.tell(money.payment, said.paid(money.payment, refunded=usd("4")))
    first = close(shift, shop)
    assert first.refunds.totals == () and paid_less_refunds(first) == 1000
    assert [str(one.amount) for one in first.refunds.open] == ["$4.00"]
    following = open_shift(shop)
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    returned.take_note(all_refunds()[0].id, "seen at the bank", **people, who="m")
    second = close(following, shop)
    assert totals(second) == [(True, "$4.00", 1)] and second.refunds.open == ()


def test_a_report_of_before_refunds_still_reads(shift, shop):
    received(shift, usd("3"))
    body = json.loads(shifts.close_shift(shift.id, shop.cashier.id).body)
    del body["refunds"]
    z = z_report.from_json(json.dumps(body))
    assert z.refunds is None and z.totals[0].amount == usd("3")


def test_a_report_with_refunds_reads_as_it_was_written(shift, shop):
    money = received(shift, usd("10"))
    give_back(money.id, shop, "4", reference="FT-0001")
    z = close(shift, shop)
    assert asdict(z_report.from_json(z_report.to_json(z))) == asdict(z)
    assert [one.id for one in all_refunds()] == [one.refund_id for one in z.refunds.lines]
