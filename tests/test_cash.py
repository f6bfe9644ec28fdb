import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.cash import Cash, Rate, exact, exact_riel, in_riel, payout, reckon
from pos.errors import BadAmount, Refused
from pos.money import Currency, Money
from tests.factories import khr, usd

RATE = Rate(buy=4_000, sell=4_100)
FLAT = Rate(buy=4_000, sell=4_000)

TAKEN = [
    # due, dollars, riel, rate -> change, rounding
    (usd("3.50"), 5, 0, RATE, Cash(100, 2_000), 0),
    (usd("3.50"), 4, 0, RATE, Cash(0, 2_000), 0),
    (usd("3.50"), 3, 2_000, RATE, Cash(), -50),
    (usd("3.50"), 3, 2_100, RATE, Cash(0, 100), -50),
    (usd("3.50"), 0, 14_300, RATE, Cash(), -50),
    (usd("3.50"), 0, 20_000, RATE, Cash(0, 5_700), -50),
    (usd("3.50"), 5, 2_000, FLAT, Cash(200, 0), 0),
    (usd("3.50"), 5, 2_000, RATE, Cash(100, 4_000), 0),
    (usd("3.33"), 4, 0, RATE, Cash(0, 2_700), -20),
    (usd("3.01"), 3, 0, RATE, Cash(), -41),
    (usd("5"), 5, 0, None, Cash(), 0),
    (usd("5"), 20, 0, None, Cash(1_500, 0), 0),
    (khr("15000"), 0, 20_000, None, Cash(0, 5_000), 0),
    (khr("15000"), 5, 0, RATE, Cash(100, 900), 0),
    (khr("15000"), 3, 3_000, RATE, Cash(), 0),
    (khr("15040"), 0, 15_000, None, Cash(), -40),
    (khr("15060"), 0, 15_100, None, Cash(), 40),
    (khr("15050"), 0, 15_000, None, Cash(), -50),
]


@pytest.mark.parametrize(("due", "dollars", "riel", "rate", "change", "rounding"), TAKEN)
def test_change_is_whole_dollars_and_riel_in_hundreds(due, dollars, riel, rate, change, rounding):
    done = reckon(due, Cash(dollars * 100, riel), rate)
    assert (done.is_enough, done.change, done.rounding) == (True, change, rounding)
    assert done.settles == due


def test_all_change_in_riel_is_worth_the_same_at_the_rate_the_shop_buys_at():
    done = reckon(usd("3.50"), Cash(500, 0), RATE, all_riel=True)
    assert (done.change, done.rounding) == (Cash(0, 6_000), 0)


PARTS = [
    (usd("10"), 4, 0, usd("4"), 0),
    (usd("10"), 0, 20_000, usd("4.87"), 33),
    (usd("10"), 4, 4_100, usd("5"), 0),
    (khr("15000"), 0, 10_000, khr("10000"), 0),
    (khr("15000"), 2, 0, khr("8000"), 0),
]


@pytest.mark.parametrize(("due", "dollars", "riel", "settles", "rounding"), PARTS)
def test_too_little_pays_a_part_and_gives_no_change(due, dollars, riel, settles, rounding):
    done = reckon(due, Cash(dollars * 100, riel), RATE)
    assert (done.settles, done.missing, done.change) == (settles, due - settles, Cash())
    assert (done.is_enough, done.rounding) == (False, rounding)


@pytest.mark.parametrize(
    ("due", "given"), [(usd("3.50"), Cash(0, 20_000)), (usd("3.50"), Cash(500, 0))]
)
def test_without_a_rate_no_currency_stands_for_the_other(due, given):
    with pytest.raises(Refused, match="No exchange rate"):
        reckon(due, given, None)


@pytest.mark.parametrize("given", [Cash(20_000, 0), Cash(0, 900_000)])
def test_far_more_than_is_due_is_a_slip_of_the_hand(given):
    with pytest.raises(BadAmount, match="far more"):
        reckon(usd("3.50"), given, RATE)


@pytest.mark.parametrize(
    ("dollars", "riel"), [("3.50", ""), ("", "50"), ("-1", ""), ("abc", ""), ("", "1e5")]
)
def test_only_notes_are_read_as_cash(dollars, riel):
    with pytest.raises(BadAmount):
        Cash.read(dollars, riel)


def test_cash_is_read_from_two_fields_and_written_as_people_say_it():
    assert Cash.read("", "") == Cash()
    assert str(Cash.read("1200", "2000")) == "$1,200 and ៛2,000"
    assert (str(Cash(0, 500)), str(Cash()), str(Cash(350, 0))) == ("៛500", "$0", "$3.50")


@pytest.mark.parametrize("due", [usd("3.50"), usd("3"), usd("0.01"), khr("15060"), khr("100")])
def test_the_exact_notes_pay_without_change(due):
    done = reckon(due, exact(due, RATE), RATE)
    assert (done.is_enough, done.change) == (True, Cash())


@pytest.mark.parametrize("due", [usd("3.50"), usd("3"), usd("99.99")])
def test_the_exact_riel_pay_dollars_without_change(due):
    done = reckon(due, exact_riel(due, RATE), RATE)
    assert (done.is_enough, done.change) == (True, Cash())


RATES = st.tuples(st.integers(3_500, 4_500), st.integers(0, 200)).map(
    lambda it: Rate(buy=it[0], sell=it[0] + it[1])
)
DUES = st.one_of(
    st.integers(1, 50_000).map(lambda it: Money(it, Currency.USD)),
    st.integers(1, 2_000_000).map(lambda it: Money(it, Currency.KHR)),
)
GIVEN = st.tuples(st.integers(0, 600), st.integers(0, 20_000)).map(
    lambda it: Cash(it[0] * 100, it[1] * 100)
)


@given(DUES, GIVEN, RATES, st.booleans())
def test_neither_side_loses_more_than_half_a_hundred_riel(due, given, rate, all_riel):
    try:
        done = reckon(due, given, rate, all_riel=all_riel)
    except BadAmount:
        return
    assert done.settles + done.missing == due and done.change.usd % 100 == 0
    assert done.change.khr % 100 == 0 and min(done.change.usd, done.change.khr) >= 0
    if done.is_enough:
        assert -50 <= done.rounding <= 50
        assert done.change.usd <= given.usd
    else:
        assert not done.change and -21 <= done.rounding <= 42


@given(DUES, GIVEN, RATES, st.booleans())
def test_what_is_kept_is_what_was_due_and_the_rounding(due, given, rate, all_riel):
    try:
        done = reckon(due, given, rate, all_riel=all_riel)
    except BadAmount:
        return
    if due.currency is Currency.KHR and done.is_enough:
        kept = given.khr + given.usd // 100 * rate.buy - done.change.khr
        kept -= done.change.usd // 100 * rate.sell
        assert kept == due.minor + done.rounding
    elif due.currency is Currency.USD and given.usd == 0 and done.is_enough:
        assert given.khr - done.change.khr == in_riel(due.minor, rate.sell) + done.rounding


@given(DUES, RATES)
def test_a_payout_is_worth_its_amount_but_for_the_rounding(amount, rate):
    cash, rounding = payout(amount, rate)
    whole = amount.minor if amount.currency is Currency.KHR else amount.minor % 100
    riel = whole if amount.currency is Currency.KHR else in_riel(whole, rate.buy)
    assert (cash.khr, cash.khr % 100) == (riel - rounding, 0)
    assert abs(rounding) <= 50
