import pytest
from sqlalchemy import func, select

from pos.cash import Cash
from pos.errors import BadAmount, QrWaiting, Refused, SaleAlreadyPaid, ShiftClosed
from pos.extensions import db
from pos.models import CashMovement, GatewayTransaction, Payment, Sale, Tender
from pos.reports.closing import drawer
from pos.services.bookkeeping import counting
from pos.services.selling import checkout, sales, tenders
from pos.services.selling.tenders import Offer
from pos.services.settling import attention
from pos.states import PaymentStatus, Remark, ResolutionKind, SaleStatus
from tests import racing, said
from tests.factories import charge, khr, new_key, open_shift, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    set_rate(shop)
    return open_shift(shop, floats=(usd("50"), khr("200000")))


def take(shift, amount, given, key="", **how):
    offer = Offer(given=given, **how)
    return tenders.take_for_new_sale(shift.id, amount, offer, key or new_key(), who=WHO)


def rows(kind):
    return db.session.scalar(select(func.count()).select_from(kind))


def test_cash_pays_a_sale_at_once_and_moves_the_drawer(shift):
    tender = take(shift, usd("3.50"), Cash(500, 0))
    assert (tender.sale.status, tender.change) == (SaleStatus.PAID, Cash(100, 2_000))
    assert drawer.expected(shift) == Cash(5_000 + 400, 198_000)
    assert rows(Payment) == 0


def test_the_same_form_takes_cash_once(shift):
    first = take(shift, usd("3.50"), Cash(500, 0), "the-very-same-key")
    again = take(shift, usd("3.50"), Cash(500, 0), "the-very-same-key")
    assert (first.id, rows(Sale), rows(Tender)) == (again.id, 1, 1)
    with pytest.raises(Refused, match="another sale"):
        take(shift, usd("4"), Cash(500, 0), "the-very-same-key")


def test_eight_taps_on_one_form_take_cash_once(app, shift):
    offer, key, shift_id = Offer(given=Cash(500, 0)), new_key(), shift.id

    def tap():
        amount = usd("3.50")
        return tenders.take_for_new_sale(shift_id, amount, offer, key, who=WHO).id

    assert len(set(racing.race(app, *[tap] * 8))) == 1
    assert (rows(Sale), rows(Tender)) == (1, 1)


@pytest.mark.parametrize("given", [Cash(), Cash(300, 0), Cash(0, 100)])
def test_too_little_is_refused_and_nothing_is_saved(shift, given):
    with pytest.raises(Refused):
        take(shift, usd("3.50"), given)
    assert (rows(Sale), rows(Tender), shift.sales_made) == (0, 0, 0)


def test_the_rate_of_a_sale_stays_what_it_was(shift, shop):
    payment = charge(shift, usd("3.50"))
    set_rate(shop, 4_050, 4_200)
    tender = tenders.take_for(payment, shift.id, Offer(given=Cash(0, 14_300)), new_key(), who=WHO)
    assert (tender.change, tender.sale.rate.sell) == (Cash(), 4_100)


def test_a_sale_from_before_the_first_rate_gets_the_one_it_is_paid_at(shop):
    shift = open_shift(shop)
    payment = charge(shift, usd("3.50"))
    assert payment.sale.rate is None
    set_rate(shop, 4_000, 4_000)
    tender = tenders.take_for(payment, shift.id, Offer(given=Cash(0, 14_000)), new_key(), who=WHO)
    assert (tender.sale.rate.sell, tender.sale.status) == (4_000, SaleStatus.PAID)


def test_no_cash_is_taken_while_a_qr_waits_for_another_sale(shift):
    charge(shift)
    with pytest.raises(QrWaiting):
        take(shift, usd("1"), Cash(100, 0))


def test_a_form_drawn_before_the_shift_changed_takes_nothing(shift):
    drawn = shift.version
    counting.begin(shift.id)
    counting.resume(shift.id)
    offer = Offer(given=Cash(500, 0))
    with pytest.raises(ShiftClosed, match="another screen"):
        tenders.take_for_new_sale(shift.id, usd("5"), offer, new_key(), who=WHO, version=drawn)
    with pytest.raises(ShiftClosed, match="another screen"):
        checkout.charge(shift.id, usd("5"), new_key(), who=WHO, version=drawn)
    assert rows(Sale) == 0


def split(shift):
    take(shift, usd("10"), Cash(400, 0), rest_by_qr=True)
    return db.session.scalars(select(Payment)).one()


def test_a_part_in_cash_leaves_a_qr_over_the_rest(shift):
    payment = split(shift)
    assert (payment.amount, payment.sale.status) == (usd("6"), SaleStatus.OPEN)
    said.tell(payment, said.paid(payment))
    assert (payment.status, payment.sale.status) == (PaymentStatus.PAID, SaleStatus.PAID)


def test_a_new_qr_of_a_part_is_over_the_rest_too(shift):
    assert checkout.new_qr(split(shift), who=WHO).amount == usd("6")


def test_the_rest_of_a_part_may_come_in_cash_after_all(shift):
    payment = split(shift)
    tenders.take_for(payment, shift.id, Offer(given=Cash(1_000, 0)), new_key(), who=WHO)
    assert (payment.status, payment.sale.status) == (
        PaymentStatus.CANCEL_REQUESTED,
        SaleStatus.PAID,
    )
    assert drawer.expected(shift) == Cash(5_000 + 1_000, 200_000)
    assert sales.rest_of(payment.sale).minor == 0


def test_a_sale_given_up_gives_its_part_back_and_is_void_at_once(shift, shop):
    payment = split(shift)
    for _ in range(2):
        tenders.give_back(payment, asked_by_id=shop.cashier.id, who=WHO)
    assert (payment.sale.status, rows(CashMovement)) == (SaleStatus.VOIDED, 1)
    assert drawer.expected(shift) == Cash(5_000, 200_000)
    said.tell(payment, said.paid(payment))
    assert (payment.remark, payment.sale.status) == (Remark.PAID_AFTER_CANCEL, SaleStatus.VOIDED)


def test_a_part_is_not_forgotten_by_cancelling_its_qr(shift):
    payment = split(shift)
    with pytest.raises(Refused, match="Give it back"):
        checkout.cancel(payment, who=WHO)
    assert payment.status is PaymentStatus.AWAITING


def test_cash_instead_takes_the_qr_back_and_its_money_is_then_one_too_many(shift):
    payment = charge(shift, usd("3.50"))
    tenders.take_for(payment, shift.id, Offer(given=Cash(500, 0)), new_key(), who=WHO)
    assert payment.status is PaymentStatus.CANCEL_REQUESTED
    said.tell(payment, said.paid(payment))
    assert payment.remark is Remark.DUPLICATE
    assert db.session.scalars(select(GatewayTransaction)).one().settles_sale_id is None


def test_money_for_a_sale_paid_in_cash_settles_nothing_when_it_is_accepted(shift, shop):
    payment = charge(shift, usd("3.50"))
    tenders.take_for(payment, shift.id, Offer(given=Cash(500, 0)), new_key(), who=WHO)
    said.tell(payment, said.paid(payment))
    money = db.session.scalars(select(GatewayTransaction)).one()
    people = {"asked_by_id": shop.manager.id, "approved_by_id": shop.manager.id}
    keep = attention.Decision(
        kind=ResolutionKind.ACCEPTED, reason="goes_to_next", note="", **people
    )
    attention.resolve(payment.id, money.id, keep, who=WHO)
    assert money.settles_sale_id is None


def test_less_than_the_rest_is_refused_while_a_qr_may_be_paid_whole(shift):
    payment = charge(shift, usd("3.50"))
    with pytest.raises(Refused, match="is missing"):
        tenders.take_for(payment, shift.id, Offer(given=Cash(100, 0)), new_key(), who=WHO)
    assert (payment.status, rows(Tender)) == (PaymentStatus.AWAITING, 0)


def test_what_is_paid_or_cancelled_takes_no_cash(shift):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    with pytest.raises(Refused, match="was cancelled"):
        tenders.take_for(payment, shift.id, Offer(given=Cash(500, 0)), new_key(), who=WHO)
    said.tell(payment, said.paid(payment))
    with pytest.raises(SaleAlreadyPaid):
        tenders.take_for(payment, shift.id, Offer(given=Cash(500, 0)), new_key(), who=WHO)


def test_an_amount_over_the_limit_is_refused_in_cash_too(shift):
    with pytest.raises(BadAmount, match="The most"):
        take(shift, usd("100001"), Cash(500, 0))


def test_a_race_of_the_bank_and_the_cash_pays_the_sale_once(app, shift):
    payment = charge(shift, usd("3.50"))
    payment_id, shift_id, told = payment.id, shift.id, said.paid(payment)

    def by_cash():
        row, offer = db.session.get_one(Payment, payment_id), Offer(given=Cash(500, 0))
        tenders.take_for(row, shift_id, offer, new_key(), who=WHO)

    def by_bank():
        said.tell(db.session.get_one(Payment, payment_id), told)

    racing.race(app, by_cash, by_bank)
    money = db.session.scalars(select(GatewayTransaction)).one()
    settled = (money.settles_sale_id is not None) + rows(Tender)
    assert (settled, db.session.scalars(select(Sale.status)).one()) == (1, SaleStatus.PAID)
