import pytest
from sqlalchemy import func, select

from pos.cash import Cash
from pos.errors import BadAmount, BadInput, NotFound, Refused, ShiftClosed
from pos.extensions import db
from pos.models import CashMovement, Sale
from pos.reports.closing import drawer as figures
from pos.services.bookkeeping import counting, drawer
from pos.services.bookkeeping.drawer import Wish
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from pos.states import MovementKind
from tests import racing
from tests.factories import close_shift, khr, new_key, open_shift, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

K = MovementKind


@pytest.fixture
def shift(context, shop):
    set_rate(shop)
    return open_shift(shop, floats=(usd("50"), khr("200000")))


def wish(shop, kind, cash, reason="other", note="for ice", manager=False):
    agreed = shop.manager.id if manager else None
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": agreed}
    return Wish(kind=kind, cash=cash, reason=reason, note=note, **people)


def move(shift, shop, kind, cash, key="", **more):
    return drawer.move(shift.id, wish(shop, kind, cash, **more), key or new_key())


def rows():
    return db.session.scalar(select(func.count(CashMovement.id)))


def held(shift):
    return figures.expected(shift)


def test_cash_in_and_out_moves_what_should_be_there(shift, shop):
    move(shift, shop, K.PAID_IN, Cash(2_000, 10_000))
    move(shift, shop, K.PAID_OUT, Cash(500, 50_000))
    move(shift, shop, K.NO_SALE, Cash(), reason="looked", note="")
    assert held(shift) == Cash(6_500, 160_000)
    assert figures.no_sales(shift.id) == 1


def test_the_same_form_moves_cash_once(shift, shop):
    first = move(shift, shop, K.PAID_OUT, Cash(500, 0), "the-very-same-key")
    again = move(shift, shop, K.PAID_OUT, Cash(500, 0), "the-very-same-key")
    assert (first.id, held(shift)) == (again.id, Cash(4_500, 200_000))


@pytest.mark.parametrize("cash", [Cash(5_100, 0), Cash(0, 200_100), Cash(100, 200_100)])
def test_more_than_the_drawer_holds_does_not_go_out(shift, shop, cash):
    with pytest.raises(Refused) as refused:
        move(shift, shop, K.PAID_OUT, cash, manager=True)
    assert refused.value.text == "There is not that much in the drawer."
    assert (rows(), held(shift)) == (0, Cash(5_000, 200_000))


def test_many_payouts_at_once_never_empty_a_drawer_twice(app, shift, shop):
    asked, shift_id = wish(shop, K.PAID_OUT, Cash(3_000, 0)), shift.id
    results = racing.race(app, *[lambda: drawer.move(shift_id, asked, new_key())] * 6)
    assert (len(racing.errors(results)), held(shift)) == (5, Cash(2_000, 200_000))


@pytest.mark.parametrize("kind", [K.PAID_IN, K.PAID_OUT])
@pytest.mark.parametrize("cash", [Cash(5_100, 0), Cash(0, 200_100)])
def test_above_the_limit_a_manager_agrees(shift, shop, kind, cash):
    move(shift, shop, K.PAID_IN, Cash(5_000, 200_000))
    with pytest.raises(Refused, match="manager agrees"):
        move(shift, shop, kind, cash)
    assert move(shift, shop, kind, cash, manager=True).approved_by.display_name == "Maly"


def test_the_drawer_is_opened_for_nothing_five_times_a_shift(shift, shop):
    for _ in range(5):
        move(shift, shop, K.NO_SALE, Cash())
    with pytest.raises(Refused, match="manager agrees"):
        move(shift, shop, K.NO_SALE, Cash())
    assert move(shift, shop, K.NO_SALE, Cash(), manager=True).approved_by_id == shop.manager.id


BAD = [
    (K.PAID_OUT, Cash(), "other", "ice", BadAmount),
    (K.NO_SALE, Cash(100, 0), "looked", "", BadAmount),
    (K.PAID_OUT, Cash(100, 0), "", "ice", BadInput),
    (K.PAID_OUT, Cash(100, 0), "looked", "ice", BadInput),
    (K.PAID_OUT, Cash(100, 0), "other", " ", BadInput),
    (K.PAID_OUT, Cash(100, 0), "other", "two\nlines", BadInput),
    (K.PAID_OUT, Cash(100, 0), "other", "x" * 201, BadInput),
    (K.PAID_IN, Cash(10**12, 0), "other", "ice", BadAmount),
    (K.REFUND, Cash(100, 0), "other", "ice", BadInput),
]


@pytest.mark.parametrize(("kind", "cash", "reason", "note", "refusal"), BAD)
def test_what_makes_no_sense_is_refused_whoever_agrees(
    shift, shop, kind, cash, reason, note, refusal
):
    with pytest.raises(refusal):
        move(shift, shop, kind, cash, reason=reason, note=note, manager=True)
    assert rows() == 0


def test_nothing_moves_while_the_drawer_is_counted_or_after(shift, shop):
    counting.begin(shift.id)
    with pytest.raises(ShiftClosed):
        move(shift, shop, K.PAID_OUT, Cash(100, 0))
    close_shift(shift, shop.cashier)
    with pytest.raises(ShiftClosed):
        move(shift, shop, K.PAID_OUT, Cash(100, 0))


@pytest.fixture
def sale(shift):
    offer = Offer(given=Cash(2_000, 0))
    return tenders.take_for_new_sale(shift.id, usd("3.50"), offer, new_key(), who="dara").sale


def refund(shift, shop, sale, amount, key="", manager=True):
    asked = wish(shop, K.REFUND, Cash(), manager=manager)
    return drawer.refund(shift.id, sale.id, amount, asked, key or new_key())


def test_a_refund_is_whole_dollars_and_riel_at_the_rate_of_its_sale(shift, shop, sale):
    set_rate(shop, 4_050, 4_200)
    row = refund(shift, shop, sale, usd("3.50"))
    assert (row.cash, row.sale_id) == (Cash(300, 2_000), sale.id)
    assert held(shift) == Cash(5_000, 200_000) + Cash(350 + 50, -2_000) - Cash(300, 2_000)


def test_refunds_never_exceed_what_was_paid_in_cash(shift, shop, sale):
    refund(shift, shop, sale, usd("2"))
    with pytest.raises(BadAmount, match="At most .1.50"):
        refund(shift, shop, sale, usd("1.51"))
    refund(shift, shop, sale, usd("1.50"))
    assert drawer.refundable(sale).minor == 0


def test_eight_refunds_of_most_of_a_sale_make_one(app, shift, shop, sale):
    asked, shift_id, sale_id = wish(shop, K.REFUND, Cash(), manager=True), shift.id, sale.id
    results = racing.race(
        app, *[lambda: drawer.refund(shift_id, sale_id, usd("2"), asked, new_key()).id] * 8
    )
    assert (len(racing.errors(results)), rows()) == (7, 1)


def test_a_refund_takes_a_manager_and_its_own_sale(shift, shop, sale):
    with pytest.raises(Refused, match="manager agrees"):
        refund(shift, shop, sale, usd("1"), manager=False)
    with pytest.raises(BadAmount):
        refund(shift, shop, sale, khr("4000"))
    with pytest.raises(NotFound):
        drawer.find_sale(sale.id, shop.till_ids[1])
    assert rows() == 0


def test_the_same_refund_form_gives_cash_back_once(shift, shop, sale):
    first = refund(shift, shop, sale, usd("1"), "the-very-same-key")
    assert refund(shift, shop, sale, usd("1"), "the-very-same-key").id == first.id
    assert db.session.scalars(select(Sale)).one().status == "paid"
