"""What lies in a drawer, as the pieces of each note that somebody counted. Pure."""

from dataclasses import dataclass, field

from pos.cash import Cash
from pos.errors import BadInput
from pos.money import Currency
from pos.words import _

NOTES: dict[Currency, tuple[int, ...]] = {
    Currency.USD: (100, 50, 20, 10, 5, 2, 1),
    Currency.KHR: (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100),
}
"""The notes that a count asks for, largest first; what else there is goes into "other"."""

MOST_PIECES = 100_000


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What lies in a drawer: the pieces of each note, and what has no field of its own."""

    pieces: dict[Currency, dict[int, int]]
    other: Cash = field(default_factory=Cash)

    @property
    def cash(self) -> Cash:
        """What it comes to."""
        sums = {
            currency: sum(note * pieces for note, pieces in self.pieces.get(currency, {}).items())
            for currency in Currency
        }
        return Cash(sums[Currency.USD] * 100, sums[Currency.KHR]) + self.other

    @property
    def notes(self) -> dict[str, dict[str, int]]:
        """As it is stored: the pieces that were there, and the other cash in minor units."""
        stored = {
            str(currency): {str(note): pieces for note, pieces in found.items() if pieces}
            for currency, found in self.pieces.items()
        }
        for currency, other in zip(Currency, (self.other.usd, self.other.khr), strict=True):
            if other:
                stored.setdefault(str(currency), {})["other"] = other
        return stored


def read_pieces(typed: str) -> int:
    """Return how many pieces of a note were typed, none for an empty field; else BadInput."""
    text = typed.strip()
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) > MOST_PIECES:
        raise BadInput(_("Pieces are plain whole numbers, such as 12."))
    return int(text)
