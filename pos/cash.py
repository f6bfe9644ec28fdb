"""Cash in two currencies: what is due, what the notes pay for, and the change. Pure.

Dollar cash is whole dollars and riel cash whole hundreds, for no smaller dollar coin and
hardly a smaller riel note is in the hands of customers. What that leaves over is the rounding,
in riel: the shop keeps it, or gives it where it is negative.
"""

from dataclasses import dataclass
from typing import Self

from pos.errors import BadAmount, Refused
from pos.money import Currency, Money
from pos.words import _

CENTS = 100
STEP = 100
"""The smallest riel note at a counter."""

MOST_CHANGE_CENTS = 100 * CENTS
MOST_CHANGE_RIEL = 500_000
"""More change than the largest notes can ever call for is a slip of the hand."""

NO_RATE = _("No exchange rate is set yet. A manager sets one under Office, Exchange rate.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Riel for one dollar: `buy` is what the shop gives for it, `sell` what it asks."""

    buy: int
    sell: int


@dataclass(frozen=True, slots=True)
class Cash:
    """Notes of both currencies, in minor units: cents and riel."""

    usd: int = 0
    khr: int = 0

    @classmethod
    def read(cls, dollars: str, riel: str) -> Self:
        """Return the cash a person typed, nothing for an empty field; BadAmount for no notes."""
        usd = Money.read(dollars, Currency.USD, zero_ok=True).minor
        khr = Money.read(riel, Currency.KHR, zero_ok=True).minor
        if usd % CENTS:
            raise BadAmount(_("Dollar cash is whole dollars. Type the rest in riel."))
        if khr % STEP:
            raise BadAmount(_("Riel cash comes in hundreds."))
        return cls(usd, khr)

    @property
    def both(self) -> tuple[Money, Money]:
        """The same as money, dollars then riel."""
        return Money(self.usd, Currency.USD), Money(self.khr, Currency.KHR)

    def __bool__(self) -> bool:
        return bool(self.usd or self.khr)

    def __str__(self) -> str:
        """Return "$3 and ៛2,000", or "$0" where there is nothing."""
        return str(self.words)

    @property
    def words(self) -> str:
        """The same as a sentence is made of it: two amounts with a word between them."""
        dollars = f"${self.usd // CENTS:,}" if not self.usd % CENTS else str(self.both[0])
        parts = [dollars] if self.usd else []
        if self.khr:
            parts.append(str(self.both[1]))
        if len(parts) == 2:
            return _("%(dollars)s and %(riel)s", dollars=parts[0], riel=parts[1])
        return "".join(parts) or "$0"

    def __add__(self, other: "Cash") -> "Cash":
        return Cash(self.usd + other.usd, self.khr + other.khr)

    def __sub__(self, other: "Cash") -> "Cash":
        return Cash(self.usd - other.usd, self.khr - other.khr)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What the notes come to: how much of the sale they settle, the change, what was rounded.

    `rounding` is in riel, positive where the shop keeps it. `missing` is the rest of the sale.
    """

    settles: Money
    missing: Money
    change: Cash
    rounding: int

    @property
    def is_enough(self) -> bool:
        """Whether nothing is missing."""
        return self.missing.minor == 0


def reckon(due: Money, given: Cash, rate: Rate | None, *, all_riel: bool = False) -> Reckoned:
    """Return what notes come to for an amount due; Refused where it takes a rate and has none.

    Change is whole dollars, as far as dollars were given, and riel; `all_riel` makes it all riel.
    """
    sale = _dollar_sale if due.currency is Currency.USD else _riel_sale
    done = sale(due, given, rate, all_riel)
    if done.change.usd >= MOST_CHANGE_CENTS or done.change.khr >= MOST_CHANGE_RIEL:
        raise BadAmount(_("That is far more than is due. Look at the amount given again."))
    return done


def payout(amount: Money, rate: Rate | None) -> tuple[Cash, int]:
    """Return an amount as notes to hand out, and the riel that rounding leaves to the shop."""
    if amount.currency is Currency.KHR:
        riel = _change_riel(amount.minor)
        return Cash(0, riel), amount.minor - riel
    dollars, cents = divmod(amount.minor, CENTS)
    exact = in_riel(cents, _need(rate).buy) if cents else 0
    riel = _change_riel(exact)
    return Cash(dollars * CENTS, riel), exact - riel


def exact(due: Money, rate: Rate | None) -> Cash:
    """Return the notes that pay an amount without change: whole dollars and riel, or riel."""
    if due.currency is Currency.KHR:
        return Cash(0, _collected(due.minor))
    dollars, cents = divmod(due.minor, CENTS)
    return Cash(dollars * CENTS, _collected(in_riel(cents, _need(rate).sell)) if cents else 0)


def exact_riel(due: Money, rate: Rate) -> Cash:
    """Return the riel that pay a dollar amount without change."""
    return Cash(0, _collected(in_riel(due.minor, rate.sell)))


def in_riel(cents: int, rate: int) -> int:
    """Return cents in whole riel at a rate, half a riel going up."""
    return (cents * rate + CENTS // 2) // CENTS


def _need(rate: Rate | None) -> Rate:
    if rate is None:
        raise Refused(NO_RATE)
    return rate


def _collected(riel: int) -> int:
    """Return what is asked for: the nearest hundred, fifty being the customer's."""
    return (riel + STEP // 2 - 1) // STEP * STEP


def _change_riel(riel: int) -> int:
    """Return what is given back: the nearest hundred, fifty being the customer's."""
    return max(0, (riel + STEP // 2) // STEP * STEP)


def _dollar_sale(due: Money, given: Cash, rate: Rate | None, only_riel: bool) -> Reckoned:
    by_dollars = min(given.usd, due.minor)
    short, over = due.minor - by_dollars, given.usd - by_dollars
    if short and (given.khr or rate):
        needed = in_riel(short, _need(rate).sell)
        if given.khr >= _collected(needed):
            return _with_change(due, given, rate, (0, given.khr - needed), only_riel)
    if short:
        sell = _need(rate).sell if given.khr else 1
        by_riel = given.khr * CENTS // sell
        return _part(due, by_dollars + by_riel, given.khr - in_riel(by_riel, sell))
    return _with_change(due, given, rate, (over, given.khr), only_riel)


def _riel_sale(due: Money, given: Cash, rate: Rate | None, only_riel: bool) -> Reckoned:
    worth = given.khr + (given.usd // CENTS * _need(rate).buy if given.usd else 0)
    if worth < min(due.minor, _collected(due.minor)):
        return _part(due, worth, 0)
    return _with_change(due, given, rate, (0, worth - due.minor), only_riel)


def _part(due: Money, settles: int, rounding: int) -> Reckoned:
    return Reckoned(
        settles=Money(settles, due.currency),
        missing=Money(due.minor - settles, due.currency),
        change=Cash(),
        rounding=rounding,
    )


def _with_change(
    due: Money, given: Cash, rate: Rate | None, over: tuple[int, int], only_riel: bool
) -> Reckoned:
    """Give back what is over, cents and riel: `over` in riel may be a little below nothing."""
    cents, riel = over
    dollars = 0 if only_riel else cents // CENTS
    odd = cents - dollars * CENTS
    riel += in_riel(odd, _need(rate).buy) if odd else 0
    if rate and not only_riel:
        more = max(0, min(riel // rate.sell, given.usd // CENTS - dollars))
        dollars, riel = dollars + more, riel - more * rate.sell
    back = _change_riel(riel)
    return Reckoned(
        settles=due,
        missing=Money(0, due.currency),
        change=Cash(dollars * CENTS, back),
        rounding=riel - back,
    )
