from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.cash import Cash
from pos.errors import BadAmount, BadInput, Refused, ShiftClosed
from pos.extensions import db
from pos.models import Discount, Sale, Store, User
from pos.money import Currency, Money
from pos.services.bookkeeping import counting, shifts
from pos.services.selling import checkout, discounts, tenders
from pos.services.selling.discounts import Wish
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from tests.factories import NO_FLOAT, create_user, khr, new_key, open_shift, usd

PRICES = st.one_of(
    st.integers(1, 10_000_000).map(lambda minor: Money(minor, Currency.USD)),
    st.integers(1, 4_000_000).map(lambda hundreds: Money(hundreds * 100, Currency.KHR)),
)


@given(PRICES, st.integers(1, 999))
def test_a_per_cent_is_taken_off_to_the_cent_or_the_hundred_a_half_going_up(price, permille):
    off = price.share(permille)
    step = 1 if price.currency is Currency.USD else 100
    exact = Fraction(price.minor * permille, 1_000)
    assert off.minor % step == 0 and -Fraction(step, 2) < off.minor - exact <= Fraction(step, 2)


@given(PRICES, st.integers(1, 999))
def test_what_is_left_of_a_price_can_be_charged_or_the_discount_is_refused(price, permille):
    try:
        off, told = discounts.take_off(price, f"{permille // 10}.{permille % 10}", "")
    except BadAmount:
        assert price.share(permille).minor in (0, price.minor)
        return
    left = price - off
    assert told == permille and 0 < left.minor < price.minor and left.to_step() == left


HALVES = {
    ("10", "0.05"): "$0.01",
    ("7.5", "10"): "$0.75",
    ("0.1", "9.99"): "$0.01",
    ("33.3", "1"): "$0.33",
}


@pytest.mark.parametrize(("typed", "off"), HALVES.items())
def test_dollars_go_to_the_cent(typed, off):
    assert str(discounts.take_off(usd(typed[1]), typed[0], "")[0]) == off


@pytest.mark.parametrize(("percent", "off"), {"10": "៛1,500", "15": "៛2,300"}.items())
def test_riel_go_to_the_hundred(percent, off):
    assert str(discounts.take_off(khr("15100"), percent, "")[0]) == off


REFUSED = {
    ("", ""): "Give one per cent or one amount, not both.",
    ("10", "1"): "Give one per cent or one amount, not both.",
    ("100", ""): "A per cent is a number below 100, such as 10 or 7.5.",
    ("0", ""): "A per cent is a number below 100, such as 10 or 7.5.",
    ("-5", ""): "A per cent is a number below 100, such as 10 or 7.5.",
    ("7.55", ""): "A per cent is a number below 100, such as 10 or 7.5.",
    ("១០", ""): "A per cent is a number below 100, such as 10 or 7.5.",
    ("", "10"): "A discount leaves something to pay: less than $10.00.",
    ("", "10.01"): "A discount leaves something to pay: less than $10.00.",
    ("", "-1"): "The amount must be a plain number, such as 3.50.",
}


@pytest.mark.parametrize(("typed", "reason"), REFUSED.items())
def test_what_cannot_be_taken_off_is_refused_in_words(typed, reason):
    with pytest.raises(Refused) as refused:
        discounts.take_off(usd("10"), *typed)
    assert refused.value.text == reason


def test_riel_are_taken_off_by_hundreds():
    with pytest.raises(BadAmount, match="Riel go by hundreds"):
        discounts.take_off(khr("15000"), "", "1050")


def test_a_discount_that_rounds_to_nothing_or_to_all_is_refused():
    with pytest.raises(BadAmount, match="no discount at all"):
        discounts.take_off(usd("0.04"), "10", "")
    with pytest.raises(BadAmount, match="leaves something to pay"):
        discounts.take_off(khr("100"), "50", "")


@pytest.fixture
def shift(context, shop):
    discounts.set_limit(db.session.get_one(User, shop.manager.id), 10)
    return open_shift(shop)


def wish(shop, before=None, percent="10", amount="", **more):
    price = before or usd("10")
    off, permille = discounts.take_off(price, percent, amount)
    usual = {"reason": "regular", "note": "", "given_by_id": shop.cashier.id, **more}
    return Wish(before=price, off=off, permille=permille, **usual)


def give(shift, shop, **wishes):
    return discounts.give(shift.id, wish(shop, **wishes), new_key())


def keyed(row):
    return Keyed(discount_id=row.id, discount=row.minor)


def test_a_sale_is_charged_what_the_discount_leaves_and_keeps_what_it_was(shift, shop):
    row = give(shift, shop, percent="7.5", note="every day")
    payment = checkout.charge(shift.id, usd("9.25"), new_key(), who="dara", keyed=keyed(row))
    sale = payment.sale
    assert (payment.amount, sale.amount, sale.before) == (usd("9.25"), usd("9.25"), usd("10"))
    told = sale.discount
    assert (told.amount, told.percent, told.reason, told.note) == (
        *(usd("0.75"), "7.5 %", "regular", "every day"),
    )
    assert (told.given_by_id, told.approved_by_id) == (shop.cashier.id, None)


def test_one_discount_is_for_one_sale(shift, shop):
    row = give(shift, shop)
    checkout.charge(shift.id, usd("9"), new_key(), who="dara", keyed=keyed(row))
    checkout.cancel(checkout.live_payment(shift.till_id), who="dara")
    with pytest.raises(Refused, match="used for another sale"):
        tenders.take_for_new_sale(
            *(shift.id, usd("9"), Offer(given=Cash(900, 0)), new_key()),
            who="dara",
            keyed=keyed(row),
        )
    assert db.session.query(Sale).count() == 1


@pytest.mark.parametrize("amount", ["8.99", "9.01", "0.01"])
def test_a_discount_leaves_its_own_amount_and_no_other(shift, shop, amount):
    row = give(shift, shop)
    with pytest.raises(Refused, match="not known here"):
        checkout.charge(shift.id, usd(amount), new_key(), who="dara", keyed=keyed(row))
    assert db.session.query(Sale).count() == 0


def test_a_discount_of_another_till_is_not_known(shift, shop):
    colleague = create_user(shop.store_id, "sokha")
    other = shifts.open_shift(shop.till_ids[1], colleague.id, NO_FLOAT)
    row = give(shift, shop)
    assert discounts.of_key(row.key, other) is None
    with pytest.raises(Refused, match="not known here"):
        discounts.for_sale(row.key, other, usd("10"))
    with pytest.raises(Refused, match="not known here"):
        checkout.charge(other.id, usd("9"), new_key(), who="dara", keyed=keyed(row))


ABOVE = [
    *({"percent": "10.1"}, {"percent": "99"}, {"percent": "", "amount": "1.01"}),
    {"percent": "", "amount": "9.99"},
]


@pytest.mark.parametrize("large", ABOVE)
def test_above_the_limit_nothing_is_given_without_a_manager(shift, shop, large):
    with pytest.raises(Refused, match="A manager agrees to this with a PIN"):
        give(shift, shop, **large)
    assert db.session.query(Discount).count() == 0
    agreed = give(shift, shop, **large, approved_by_id=shop.manager.id)
    assert agreed.approved_by.display_name == "Maly"


@pytest.mark.parametrize("small", [{"percent": "10"}, {"percent": "", "amount": "1.00"}])
def test_up_to_the_limit_a_cashier_gives_alone(shift, shop, small):
    assert give(shift, shop, **small).approved_by is None


def test_with_a_limit_of_nothing_each_discount_is_agreed_to(shift, shop):
    discounts.set_limit(db.session.get_one(User, shop.manager.id), 0)
    with pytest.raises(Refused, match="A manager agrees"):
        give(shift, shop, percent="0.1")


def test_a_store_gives_none_until_a_manager_says_so(context, shop):
    assert db.session.get_one(Store, shop.store_id).discount_limit is None
    with pytest.raises(Refused, match="gives no discounts"):
        give(open_shift(shop), shop, approved_by_id=shop.manager.id)
    with pytest.raises(Refused, match="Only managers"):
        discounts.set_limit(db.session.get_one(User, shop.cashier.id), 99)


@pytest.mark.parametrize("why", [{"reason": ""}, {"reason": "other"}, {"note": "x" * 61}])
def test_a_discount_has_a_reason(shift, shop, why):
    with pytest.raises(BadInput):
        give(shift, shop, **why)


def test_the_same_form_sent_twice_gives_one_discount(shift, shop):
    one, key = wish(shop), new_key()
    assert discounts.give(shift.id, one, key).id == discounts.give(shift.id, one, key).id
    with pytest.raises(Refused, match="used before"):
        discounts.give(shift.id, wish(shop, before=usd("20")), key)


def test_while_the_drawer_is_counted_nothing_is_given(shift, shop):
    counting.begin(shift.id)
    with pytest.raises(ShiftClosed):
        give(shift, shop)
