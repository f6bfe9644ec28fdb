"""Money as whole minor units with its currency; no floats, ever.

The riel has no smaller unit in this house. ISO 4217 lists two decimals for KHR, but no sen
is minted, and a KHQR amount in riel must be whole.
Source: NBC `bakong-khqr` 1.0.20, which refuses a riel amount with a fraction (error 4).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from pos.errors import BadAmount
from pos.words import _


class Currency(StrEnum):
    """The two currencies a Cambodian till takes."""

    USD = "USD"
    KHR = "KHR"

    @property
    def exponent(self) -> int:
        """How many decimals one unit has: cents for the dollar, none for the riel."""
        return 2 if self is Currency.USD else 0

    @property
    def symbol(self) -> str:
        """The sign printed before an amount."""
        return "$" if self is Currency.USD else "៛"


_TYPED = re.compile(r"([0-9]{1,15})(?:\.([0-9]+))?")
"""ASCII digits only: `\\d` would also take Khmer digits, which no gateway reads."""

MOST_TERMS = 20
"""Amounts that may be added in one go at a keypad."""

STEP = 100
"""The riel go by hundreds: PayWay takes no less, and no smaller note is at a counter."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units: cents of a dollar, or whole riel."""

    minor: int
    currency: Currency

    @classmethod
    def read(cls, typed: str, currency: Currency, *, zero_ok: bool = False) -> Self:
        """Return the amount a person typed, such as "3.50" or "15000".

        BadAmount for anything but a positive decimal number with the currency's decimals. With
        `zero_ok` nothing typed is nothing in the drawer.
        """
        text = typed.strip()
        if not text and zero_ok:
            return cls(0, currency)
        if not text:
            raise BadAmount(_("Type an amount first."))
        match = _TYPED.fullmatch(text)
        if match is None:
            raise BadAmount(_("The amount must be a plain number, such as 3.50."))
        money = cls._from_parts(match[1], match[2] or "", currency)
        if money.minor == 0 and not zero_ok:
            raise BadAmount(_("The amount must be more than zero."))
        return money

    @classmethod
    def _from_parts(cls, whole: str, decimals: str, currency: Currency) -> Self:
        if len(decimals) > currency.exponent:
            raise BadAmount(
                _("Riel have no decimals.")
                if currency is Currency.KHR
                else _("A dollar amount has at most two decimals.")
            )
        return cls(int(whole + decimals.ljust(currency.exponent, "0")), currency)

    @classmethod
    def read_sum(cls, typed: str, currency: Currency) -> Self:
        """Return the sum of what a person typed with plus signs between, "1.50 + 2.00".

        BadAmount unless each part is an amount by itself, and for too many of them.
        """
        terms = typed.split("+")
        if len(terms) == 1:
            return cls.read(typed, currency)
        if len(terms) > MOST_TERMS:
            raise BadAmount(_("At most %(most)s amounts are added at once.", most=MOST_TERMS))
        if not all(term.strip() for term in terms):
            raise BadAmount(_("The amount must be a plain number, such as 3.50."))
        return cls(sum(cls.read(term, currency).minor for term in terms), currency)

    def to_step(self) -> Self:
        """Return riel to the nearest hundred, fifty being the customer's; dollars as they are.

        BadAmount where that leaves nothing.
        """
        if self.currency is Currency.USD:
            return self
        near = (self.minor + STEP // 2 - 1) // STEP * STEP
        if near == 0:
            raise BadAmount(_("The least that can be charged is %(least)s.", least="៛100"))
        return type(self)(near, self.currency)

    def share(self, permille: int) -> Self:
        """Return so many thousandths of it, to the cent or to ៛100, a half going up."""
        step = 1 if self.currency is Currency.USD else STEP
        steps = (self.minor * permille + 500 * step) // (1_000 * step)
        return type(self)(steps * step, self.currency)

    @property
    def plain(self) -> str:
        """The amount as digits with the currency's decimals: "3.50", "15000"."""
        return str(self.decimal)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-self.currency.exponent)

    def __str__(self) -> str:
        # A report writes thousands of these: whole numbers are quicker than a Decimal.
        sign, places = "-" if self.minor < 0 else "", self.currency.exponent
        whole, part = divmod(abs(self.minor), 10**places)
        return f"{sign}{self.currency.symbol}{whole:,}" + (f".{part:0{places}}" if places else "")

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.minor - other.minor, self.currency)

    def _same_currency(self, other: "Money") -> None:
        if other.currency is not self.currency:
            raise ValueError(f"{self.currency} and {other.currency} are two books, never added")
