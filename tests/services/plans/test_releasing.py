import pytest
from sqlalchemy import select

from pos.database import writing
from pos.errors import Refused
from pos.extensions import db
from pos.models import AuditEntry, Refund, Release
from pos.plans import PlanKind
from pos.services.plans import releasing
from pos.states import RefundStatus
from tests import planned, racing
from tests.planned import again, charge, pay, pay_all, register, states, sums
from tests.refunding import give_back, money_of

pytestmark = pytest.mark.usefixtures("context")


def complete():
    return releasing.complete(again(), who="manager:maly")


def test_what_was_paid_is_held_until_the_sale_is_completed(sale):
    pay_all()
    assert sums() == ("100.00", "0.00", "100.00", "0.00", "0.00")
    assert complete().amount.plain == "100.00"
    assert sums() == ("100.00", "0.00", "0.00", "100.00", "0.00")
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "sale_completed")).one()
    assert entry.details == {"amount": "100.00", "currency": "USD"}


def test_a_sale_that_is_not_paid_in_full_is_not_completed(sale):
    pay(charge())
    with pytest.raises(Refused, match="50.00 of this sale is not paid yet"):
        complete()
    assert sums()[2:4] == ("50.00", "0.00")


@pytest.mark.parametrize("kind", [PlanKind.FULL, None])
def test_nothing_is_held_of_a_sale_that_was_paid_at_once(context, shop, kind):
    register(shop, kind=kind)
    pay(charge())
    with pytest.raises(Refused, match="No money is held"):
        complete()


def test_a_sale_is_completed_once_however_often_it_is_asked(app, sale):
    pay_all()
    results = racing.race(app, *[lambda: complete().id] * 4)
    assert len(set(results)) == 1, results
    assert len(db.session.scalars(select(Release)).all()) == 1


def test_what_went_back_before_is_not_released(sale, shop):
    first, _ = pay_all()
    give_back(money_of(first).id, shop, "10", reference="FT-0001")
    assert sums()[2] == "90.00"
    assert complete().amount.plain == "90.00"
    assert sums() == ("100.00", "0.00", "0.00", "90.00", "10.00")


def test_what_goes_back_later_lessens_no_release(sale, shop):
    first, _ = pay_all()
    complete()
    give_back(money_of(first).id, shop, "10", reference="FT-0001")
    assert sums() == ("100.00", "0.00", "0.00", "100.00", "10.00")


def test_no_more_goes_back_than_came(sale, shop):
    first, _ = pay_all()
    with pytest.raises(Refused, match="At most"):
        give_back(money_of(first).id, shop, "50.01", reference="FT-0001")
    assert sums()[2] == "100.00"


def test_a_sale_whose_money_all_went_back_is_not_completed(sale, shop):
    for number, payment in enumerate(pay_all()):
        give_back(money_of(payment).id, shop, "50", reference=f"FT-000{number}")
    with pytest.raises(Refused, match="No money is held"):
        complete()
    assert states() == ["refunded", "refunded"]


@pytest.mark.parametrize("status", [RefundStatus.SENDING, RefundStatus.UNKNOWN, RefundStatus.FOUND])
def test_a_sale_whose_money_may_be_on_its_way_back_is_not_completed(sale, shop, status, clock):
    money = money_of(pay_all()[0])
    row = Refund(
        payment_id=money.payment_id, transaction_id=money.id, key="k" * 20, kind="gateway",
        status=status, amount_minor=100, currency="USD", made_at=clock.time,
    )  # fmt: skip
    with writing(db.session):
        db.session.add(row)
    with pytest.raises(Refused, match="on its way back"):
        complete()


def test_a_released_sale_is_charged_no_more(sale):
    pay_all()
    complete()
    with pytest.raises(Refused, match="already been paid"):
        planned.charge()
