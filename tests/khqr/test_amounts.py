import pytest
from hypothesis import given

from pos.khqr import amount_text, currency_of, errors, numeric_code
from pos.khqr.amounts import read_amount
from pos.money import Currency, Money
from tests.khqr.strategies import PROPERTY, money


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (350, Currency.USD, "3.50"),
        (300, Currency.USD, "3"),
        (1, Currency.USD, "0.01"),
        (15000, Currency.KHR, "15000"),
        (999_999_999_999, Currency.USD, "9999999999.99"),
        (9_999_999_999_999, Currency.KHR, "9999999999999"),
    ],
)
def test_money_is_written_as_khqr_wants_it(minor: int, currency: Currency, text: str) -> None:
    assert amount_text(Money(minor, currency)) == text


@PROPERTY
@given(money())
def test_written_money_is_read_back_to_the_cent(amount: Money) -> None:
    assert read_amount(amount_text(amount), amount.currency) == amount


@pytest.mark.parametrize("minor", [0, -1, -350, 10**12 + 1, 10**15])
def test_nothing_less_than_nothing_and_too_much_are_never_written(minor: int) -> None:
    with pytest.raises(errors.AmountInvalid):
        amount_text(Money(minor, Currency.USD))


def test_currencies_have_their_iso_numbers_both_ways() -> None:
    assert [numeric_code(currency) for currency in Currency] == ["840", "116"]
    assert [currency_of(code) for code in ("840", "116")] == list(Currency)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("", errors.CurrencyMissing),
        ("0840", errors.CurrencyLength),
        ("USD", errors.CurrencyUnsupported),
        ("84", errors.CurrencyUnsupported),
        ("៨៤០", errors.CurrencyUnsupported),
    ],
)
def test_no_other_currency_is_taken(code: str, error: type[errors.KhqrError]) -> None:
    with pytest.raises(error):
        currency_of(code)
