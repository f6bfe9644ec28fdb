"""An amount in the shop's other currency, for a customer who thinks in that one. Pure."""

from dataclasses import dataclass

from pos.cash import Rate, exact_riel
from pos.money import Currency, Money

CENTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCurrency:
    """About as much in the other currency, and the riel for a dollar that it was reckoned at."""

    amount: Money
    rate: Money


def of(amount: Money, rate: Rate | None) -> OtherCurrency | None:
    """Return what an amount comes to in the other currency; None where no rate was set.

    Dollars become the riel that a customer would pay in cash, riel the dollars that as much is
    worth when the shop takes them. It is for the eye: nothing is ever charged by it.
    """
    if rate is None:
        return None
    if amount.currency is Currency.USD:
        there, riel = Money(exact_riel(amount, rate).khr, Currency.KHR), rate.sell
    else:
        cents = (amount.minor * CENTS + rate.buy // 2) // rate.buy
        there, riel = Money(cents, Currency.USD), rate.buy
    return OtherCurrency(amount=there, rate=Money(riel, Currency.KHR))
