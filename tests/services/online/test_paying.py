import pytest
from sqlalchemy import func, select

from pos.extensions import db
from pos.models import ApiToken, OutsideSale, Payment, Sale, Shift, Till, User
from pos.services.bookkeeping import auto_close
from pos.services.online import orders, paying, tills
from pos.services.online.orders import Wanted
from pos.services.settling import answers, payments
from pos.states import SaleStatus
from tests import racing, said
from tests.factories import usd

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def sale(token):
    return orders.register(token, wanted())[0]


def wanted(reference="B-1"):
    return Wanted(reference=reference, number="2025-001", amount=usd("50"))


def pay(sale, again_ok=True):
    return paying.pay(sale, who="api:1", again_ok=again_ok)


def how_many(table):
    return db.session.scalar(select(func.count(table.id)))


def test_of_many_at_once_one_registers_a_reference(app, token):
    token_id = token.id
    racing_token = lambda: db.session.get_one(ApiToken, token_id)  # noqa: E731
    results = racing.race(app, *[lambda: orders.register(racing_token(), wanted())[1]] * 5)
    assert sorted(results) == [False] * 4 + [True]
    assert how_many(OutsideSale) == 1


def test_of_many_at_once_one_makes_the_qr(app, sale):
    outside_id = sale.id
    mine = lambda: db.session.get_one(OutsideSale, outside_id)  # noqa: E731
    results = racing.race(app, *[lambda: pay(mine()).tran_id] * 5)
    assert len(set(results)) == 1, results
    assert (how_many(Payment), how_many(Sale), how_many(Shift)) == (1, 1, 1)


def test_the_first_sales_of_a_store_make_one_online_till_and_nobody_who_can_log_in(app, shop):
    results = racing.race(app, *[lambda: tills.open_shift(shop.store_id)] * 5)
    assert len(set(results)) == 1, results
    assert db.session.scalars(select(Till).where(Till.is_online)).one().name == "Online"
    cashier = db.session.get_one(Shift, results[0]).cashier
    assert (cashier.is_active, cashier.may is not None) == (False, True)
    assert how_many(User) == 3


def test_a_qr_of_yesterday_keeps_its_shift_open_until_its_last_word(sale, clock, shop):
    first = pay(sale)
    clock.advance(hours=14, minutes=58)
    late = pay(orders.register(sale.token, wanted("B-2"))[0])
    assert late.till_id == first.till_id
    clock.advance(minutes=3)
    # It is the next day now, and a QR of the last minutes waits.
    assert tills.open_shift(shop.store_id) == late.sale.shift_id


def test_the_system_closes_the_online_shift_of_a_day_that_is_over(sale, clock, shop):
    payment = pay(sale)
    said.tell(payment, said.paid(payment))
    shift = payment.sale.shift
    auto_close.close_forgotten()
    assert shift.closed_at is None
    clock.advance(hours=16)
    auto_close.close_forgotten()
    db.session.refresh(shift)
    assert (shift.closed_at is None, shift.till.last_z_number) == (False, 1)


def test_a_sale_of_a_closed_shift_is_given_up_and_paid_by_one_of_the_new_shift(sale, clock, shop):
    first = pay(sale)
    clock.advance(400)
    answers.expire_due()
    clock.advance(20)
    said.tell(payments.read(first.id), said.NOT_FOUND)
    clock.advance(hours=16)
    auto_close.close_forgotten()
    second = pay(db.session.get_one(OutsideSale, sale.id))
    assert first.sale.shift_id != second.sale.shift_id
    assert (first.sale.status, second.sale.status) == (SaleStatus.VOIDED, SaleStatus.OPEN)
