import pytest

from pos.cash import Rate
from pos.reports.counter import other_currency
from tests.factories import khr, usd

RATE = Rate(buy=4_000, sell=4_100)

WORTH = [
    (usd("1.00"), khr("4100"), khr("4100")),
    (usd("3.50"), khr("14300"), khr("4100")),
    (usd("0.02"), khr("100"), khr("4100")),
    (khr("15000"), usd("3.75"), khr("4000")),
    (khr("100"), usd("0.03"), khr("4000")),
]


@pytest.mark.parametrize(("amount", "other", "rate"), WORTH)
def test_an_amount_is_told_in_the_other_currency_with_its_rate(amount, other, rate):
    told = other_currency.of(amount, RATE)
    assert (told.amount, told.rate) == (other, rate)


def test_without_a_rate_nothing_is_guessed():
    assert other_currency.of(usd("3.50"), None) is None
