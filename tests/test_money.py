from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos.errors import BadAmount
from pos.money import Currency, Money

USD, KHR = Currency.USD, Currency.KHR


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("3.50", USD, 350),
        ("3.5", USD, 350),
        ("3", USD, 300),
        ("0.01", USD, 1),
        (" 12.00 ", USD, 1200),
        ("007", USD, 700),
        ("99999999999999.99", USD, 9_999_999_999_999_999),
        ("15000", KHR, 15_000),
        ("1", KHR, 1),
    ],
)
def test_a_typed_amount_becomes_whole_minor_units(typed, currency, minor):
    assert Money.read(typed, currency) == Money(minor, currency)


BAD = [
    *("", " ", "0", "0.00", "-1", "+1", "abc", "1e3", "1E3", "NaN", "inf", "Infinity", "0x10"),
    *("1_000", "1,000", "1.", ".5", "1.2.3", "1 0", "$1", "1\x00", "1\n2", "--", "1/2"),
    *("១០០", "٣", "１２", "²", "1" * 16, "9" * 400),
]


@pytest.mark.parametrize("currency", Currency)
@pytest.mark.parametrize("typed", BAD)
def test_what_is_no_positive_plain_number_is_refused_in_words(typed, currency):
    with pytest.raises(BadAmount) as refused:
        Money.read(typed, currency)
    assert refused.value.text.endswith(".")
    assert refused.value.status == 422


@pytest.mark.parametrize("typed", ["3.555", "3.500", "0.001", "1.0000000000001"])
def test_a_dollar_amount_has_two_decimals_at_most(typed):
    with pytest.raises(BadAmount, match="at most two decimals"):
        Money.read(typed, USD)


@pytest.mark.parametrize("typed", ["15000.5", "15000.0", "15000.00", "0.5"])
def test_riel_have_no_decimals(typed):
    with pytest.raises(BadAmount, match="Riel have no decimals"):
        Money.read(typed, KHR)


@pytest.mark.parametrize("typed", ["", "  ", "0", "0.00"])
def test_an_empty_drawer_is_zero_where_zero_is_allowed(typed):
    assert Money.read(typed, USD, zero_ok=True) == Money(0, USD)


@pytest.mark.parametrize("typed", ["-1", "x", "1e3", "1.001"])
def test_allowing_zero_allows_nothing_else(typed):
    with pytest.raises(BadAmount):
        Money.read(typed, USD, zero_ok=True)


@given(st.integers(1, 10**15 - 1), st.sampled_from(Currency))
def test_what_is_written_plain_reads_back_the_same(minor, currency):
    money = Money(minor, currency)
    assert Money.read(money.plain, currency) == money
    assert money.decimal * 10**currency.exponent == Decimal(minor)


@pytest.mark.parametrize(
    ("money", "plain", "shown"),
    [
        (Money(350, USD), "3.50", "$3.50"),
        (Money(5, USD), "0.05", "$0.05"),
        (Money(0, USD), "0.00", "$0.00"),
        (Money(-123_456, USD), "-1234.56", "-$1,234.56"),
        (Money(10_000_000, USD), "100000.00", "$100,000.00"),
        (Money(15_000, KHR), "15000", "៛15,000"),
        (Money(0, KHR), "0", "៛0"),
    ],
)
def test_an_amount_is_written_with_its_currencys_decimals(money, plain, shown):
    assert (money.plain, str(money)) == (plain, shown)


@given(st.integers(), st.integers(), st.sampled_from(Currency))
def test_sums_are_exact(one, other, currency):
    total = Money(one, currency) + Money(other, currency)
    assert total == Money(one + other, currency)
    assert total - Money(other, currency) == Money(one, currency)


@pytest.mark.parametrize("add", [Money.__add__, Money.__sub__])
def test_two_currencies_are_never_added(add):
    with pytest.raises(ValueError, match="never added"):
        add(Money(1, USD), Money(1, KHR))


def test_an_amount_cannot_be_changed():
    money = Money(350, USD)
    with pytest.raises(AttributeError):
        money.minor = 1


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [
        ("3.50", USD, 350),
        ("1.50 + 2.00", USD, 350),
        ("1.5+2+0.01", USD, 351),
        (" 10000 + 5000 ", KHR, 15_000),
        ("+".join(["0.01"] * 20), USD, 20),
    ],
)
def test_amounts_typed_with_plus_between_are_added(typed, currency, minor):
    assert Money.read_sum(typed, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        *(("+1", "plain number"), ("1+", "plain number"), ("1++2", "plain number")),
        *(("+", "plain number"), ("1 + -1", "plain number"), ("1 + =2", "plain number")),
        *(("0 + 1", "more than zero"), ("1.505 + 1", "two decimals"), ("", "Type an amount")),
        ("+".join(["1"] * 21), "At most 20 amounts"),
    ],
)
def test_a_sum_with_a_part_that_is_no_amount_is_refused_whole(typed, reason):
    with pytest.raises(BadAmount, match=reason):
        Money.read_sum(typed, USD)


@pytest.mark.parametrize(
    ("minor", "near"),
    [(51, 100), (100, 100), (15_049, 15_000), (15_050, 15_000), (15_051, 15_100), (15_100, 15_100)],
)
def test_riel_go_by_hundreds_and_fifty_is_the_customers(minor, near):
    assert Money(minor, KHR).to_step() == Money(near, KHR)
    assert Money(minor, USD).to_step() == Money(minor, USD)


@pytest.mark.parametrize("minor", [1, 50])
def test_riel_that_round_to_nothing_are_refused(minor):
    with pytest.raises(BadAmount, match="least"):
        Money(minor, KHR).to_step()
