from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import BadInput, NotAllowed, Refused
from pos.extensions import db
from pos.khqr import decode
from pos.models import Store, TipAsk, User
from pos.money import Currency, Money
from pos.services.selling import checkout, tip_asks, tips
from pos.services.shop import displays
from pos.services.shop.limits import Limits
from tests.factories import khr, new_key, open_shift, usd
from tests.tipping import asking_shift, charge, sales

LIMITS = Limits(
    max_usd=100_000,
    max_khr=400_000_000,
    cash_limit_usd=50,
    cash_limit_khr=200_000,
    no_sales=5,
    over_short_usd=1,
    over_short_khr=4_000,
    blind_count=True,
)
PRICES = st.one_of(
    st.integers(1, 10_000_000).map(lambda minor: Money(minor, Currency.USD)),
    st.integers(1, 4_000_000).map(lambda hundreds: Money(hundreds * 100, Currency.KHR)),
)


@given(PRICES)
def test_each_tip_offered_can_be_charged_and_is_the_share_it_says(price):
    step = 1 if price.currency is Currency.USD else 100
    most = 10_000_000 if price.currency is Currency.USD else 400_000_000
    found = tips.offers(price, LIMITS)
    for kind, tip in found.items():
        assert tip.minor > 0 and tip.minor % step == 0 and price.minor + tip.minor <= most
        if kind != tips.UP:
            off = tip.minor - Fraction(price.minor * int(kind), 100)
            assert -Fraction(step, 2) < off <= Fraction(step, 2)
    assert len(set(found.values())) == len(found)


@given(PRICES)
def test_rounding_up_leads_to_the_next_whole_dollar_or_thousand_riel(price):
    whole = 100 if price.currency is Currency.USD else 1_000
    tip = tips.offers(price, LIMITS).get(tips.UP)
    if tip is not None:
        assert (price.minor + tip.minor) % whole == 0 and tip.minor < whole


OFFERS = {
    "3.50": {"5": "$0.18", "10": "$0.35", "up": "$0.50"},
    "10": {"5": "$0.50", "10": "$1.00"},
    "9.50": {"5": "$0.48", "10": "$0.95", "up": "$0.50"},
    "0.09": {"10": "$0.01", "up": "$0.91"},
    "100000": {},
}


@pytest.mark.parametrize(("price", "told"), OFFERS.items())
def test_dollars_are_offered_to_the_cent_and_each_sum_once(price, told):
    assert {kind: str(tip) for kind, tip in tips.offers(usd(price), LIMITS).items()} == told


def test_riel_are_offered_by_hundreds():
    found = tips.offers(khr("15200"), LIMITS)
    assert {kind: str(tip) for kind, tip in found.items()} == {
        "5": "៛800",
        "10": "៛1,500",
    }


@pytest.fixture
def shift(context, shop):
    return asking_shift(shop)


def test_a_charge_asks_and_makes_no_sale_until_the_customer_chose(shift):
    ask = charge(shift)
    assert (sales(), ask.offers) == ([], {"5": 18, "10": 35, "up": 50})
    tips.choose(ask, 35)
    payment = checkout.live_payment(shift.till_id)
    assert (sales(), payment.amount) == ([(385, 35)], usd("3.85"))
    assert decode(payment.qr_string).amount == usd("3.85")
    assert (payment.sale.before, payment.sale.typed) == (usd("3.50"), usd("3.50"))


def test_going_on_without_a_tip_charges_the_price(shift):
    tips.skip(charge(shift))
    assert sales() == [(350, 0)]
    assert checkout.live_payment(shift.till_id).amount == usd("3.50")


def test_the_customer_may_choose_no_tip(shift):
    ask = charge(shift)
    tips.choose(ask, 0)
    assert (sales(), db.session.get_one(TipAsk, ask.id).status) == ([(350, 0)], "answered")


@pytest.mark.parametrize("minor", [1, 34, 36, 350, -35, 10_000])
def test_a_tip_that_was_not_offered_is_refused(shift, minor):
    ask = charge(shift)
    with pytest.raises(BadInput, match="Choose one"):
        tips.choose(ask, minor)
    assert sales() == [] and tip_asks.asking(shift.id) is not None


def test_a_second_answer_changes_nothing(shift):
    ask = charge(shift)
    tips.choose(ask, 18)
    for deed in (lambda: tips.choose(ask, 50), lambda: tips.skip(ask)):
        deed()
    with pytest.raises(Refused, match="QR was made meanwhile"):
        tips.cancel(ask)
    assert sales() == [(368, 18)]


def test_a_question_that_was_cancelled_sells_nothing_any_more(shift):
    ask = charge(shift)
    tips.cancel(ask)
    tips.cancel(ask)
    tips.choose(ask, 35)
    tips.skip(ask)
    assert sales() == []
    with pytest.raises(Refused, match="cancelled before"):
        charge(shift, key=ask.key)
    assert charge(shift) is not None


def test_without_a_screen_that_was_seen_just_now_the_qr_comes_at_once(shift, clock):
    clock.advance(46)
    assert charge(shift) is None
    assert sales() == [(350, 0)]


def test_a_store_asks_for_no_tips_until_a_manager_says_so(context, shop):
    assert db.session.get_one(Store, shop.store_id).asks_tips is False
    shift = open_shift(shop)
    displays.open_window(shift.till)
    assert charge(shift) is None and sales() == [(350, 0)]
    with pytest.raises(NotAllowed):
        tips.set_asking(db.session.get_one(User, shop.cashier.id), asks=True)


def test_the_same_form_sent_twice_asks_once_and_sells_once(shift):
    key = new_key()
    ask = charge(shift, key=key)
    assert charge(shift, key=key).id == ask.id
    tips.choose(ask, 35)
    assert charge(shift, key=key) is None
    assert checkout.charge(shift.id, usd("3.50"), key, who="dara").amount == usd("3.85")
    assert sales() == [(385, 35)]
    for wrong in ("3.85", "3.15"):
        with pytest.raises(Refused, match="used for another sale"):
            charge(shift, usd(wrong), key=key)
