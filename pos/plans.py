"""How a price is paid in parts: which instalments a plan has, and how much each comes to. Pure.

Source: the issue's contract: full with a discount, a deposit of 50 %, milestones of 50/25/25.
"""

from dataclasses import dataclass
from enum import StrEnum

from pos.errors import BadAmount
from pos.money import Money
from pos.words import _


class PlanKind(StrEnum):
    """How a sale of another system is paid."""

    FULL = "full"
    """At once, with something off the price."""
    DEPOSIT = "deposit"
    MILESTONES = "milestones"


class PartName(StrEnum):
    """What an instalment is called, here and outside."""

    FULL = "full"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    MILESTONE_1 = "milestone_1"
    MILESTONE_2 = "milestone_2"
    MILESTONE_3 = "milestone_3"


_N = PartName

SHARES: dict[PlanKind, dict[PartName, int]] = {
    PlanKind.FULL: {_N.FULL: 1_000},
    PlanKind.DEPOSIT: {_N.DEPOSIT: 500, _N.BALANCE: 500},
    PlanKind.MILESTONES: {_N.MILESTONE_1: 500, _N.MILESTONE_2: 250, _N.MILESTONE_3: 250},
}
"""The instalments of each plan in the order they are due, in thousandths of what is to be paid."""

HOLDS = frozenset({PlanKind.DEPOSIT, PlanKind.MILESTONES})
"""Plans whose money the shop holds, and owes, until the sale is completed or given back."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """A price under a plan; the parts are all of it but for what is taken off."""

    price: Money
    off: Money
    parts: tuple[tuple[PartName, Money], ...]

    @property
    def total(self) -> Money:
        """What is to be paid in all."""
        return self.price - self.off


def split(price: Money, kind: PlanKind, discount_permille: int) -> Split:
    """Return the instalments of a price, to the cent or to ៛100; together they are its total.

    The discount is for a price that is paid at once, a half going to the customer. Each part but
    the last goes to the nearest step, a half up; the last is what is left. BadAmount where that
    leaves a part of nothing.
    """
    off = price.share(discount_permille if kind is PlanKind.FULL else 0)
    rest, parts = price - off, []
    total, shares = rest, list(SHARES[kind].items())
    for name, permille in shares[:-1]:
        part = total.share(permille)
        parts.append((name, part))
        rest -= part
    parts.append((shares[-1][0], rest))
    if any(part.minor <= 0 for _name, part in parts):
        raise BadAmount(_("This is too little to be paid in parts."))
    return Split(price=price, off=off, parts=tuple(parts))
