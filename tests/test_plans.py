import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import BadAmount
from pos.money import STEP, Currency, Money
from pos.plans import SHARES, PlanKind, split
from tests.factories import khr, usd

FULL, DEPOSIT, MILESTONES = PlanKind


def steps(currency):
    return STEP if currency is Currency.KHR else 1


@st.composite
def prices(draw):
    currency = draw(st.sampled_from(Currency))
    count = draw(st.integers(1, 4_000_000))
    return Money(count * steps(currency), currency)


@given(prices(), st.sampled_from(PlanKind), st.integers(0, 900))
def test_the_parts_are_together_what_is_to_be_paid_and_each_can_be_paid(price, kind, permille):
    try:
        told = split(price, kind, permille)
    except BadAmount:
        assert price.minor < 6 * steps(price.currency)
        return
    amounts = [amount for _, amount in told.parts]
    assert sum(one.minor for one in amounts) == told.total.minor == price.minor - told.off.minor
    assert all(one.minor > 0 and one.minor % steps(price.currency) == 0 for one in amounts)
    assert {one.currency for one in amounts} == {price.currency}


@given(prices(), st.sampled_from(PlanKind), st.integers(0, 900))
def test_each_part_is_its_share_to_the_step(price, kind, permille):
    try:
        told = split(price, kind, permille)
    except BadAmount:
        return
    for (name, amount), (wanted, share) in zip(told.parts, SHARES[kind].items(), strict=True):
        exact = told.total.minor * share / 1000
        assert name is wanted
        assert abs(amount.minor - exact) <= steps(price.currency)


@given(prices(), st.integers(0, 900))
def test_only_paying_at_once_is_less(price, permille):
    for kind in (DEPOSIT, MILESTONES):
        try:
            assert split(price, kind, permille).off.minor == 0
        except BadAmount:
            assert price.minor < 6 * steps(price.currency)


@pytest.mark.parametrize(
    ("price", "kind", "amounts"),
    [
        (usd("100"), FULL, ["95.00"]),
        (usd("0.10"), FULL, ["0.09"]),
        (usd("99.99"), DEPOSIT, ["50.00", "49.99"]),
        (usd("99.99"), MILESTONES, ["50.00", "25.00", "24.99"]),
        (usd("0.05"), MILESTONES, ["0.03", "0.01", "0.01"]),
        (khr("10100"), DEPOSIT, ["5100", "5000"]),
        (khr("10300"), MILESTONES, ["5200", "2600", "2500"]),
        (khr("10000"), FULL, ["9500"]),
        (khr("1000"), FULL, ["900"]),
    ],
)
def test_a_price_in_parts(price, kind, amounts):
    assert [one.plain for _, one in split(price, kind, 50).parts] == amounts


@pytest.mark.parametrize(
    ("price", "kind"),
    [
        (usd("0.01"), DEPOSIT),
        (usd("0.03"), MILESTONES),
        (khr("100"), DEPOSIT),
        (khr("300"), MILESTONES),
    ],
)
def test_what_is_too_little_for_its_plan_is_refused(price, kind):
    with pytest.raises(BadAmount, match="too little"):
        split(price, kind, 50)
