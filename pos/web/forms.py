"""Fields that several screens read the same way: a currency, a key, a version, counted notes."""

from collections.abc import Mapping

from pos.cash import Cash
from pos.errors import BadInput, ShiftClosed
from pos.models import Shift
from pos.money import Currency
from pos.services.bookkeeping.pieces import NOTES, Counted, read_pieces
from pos.words import _

MOST_TYPED = 40
"""Characters of a typed amount that are drawn again."""

INCOMPLETE = _("This form is not complete. Reload the page and try again.")

Fields = Mapping[str, str]


def read_currency(code: str) -> Currency:
    """Return the currency of a code; BadInput for any other text."""
    try:
        return Currency(code)
    except ValueError:
        raise BadInput(_("Choose dollars or riel.")) from None


def read_key(form: Fields) -> str:
    """Return the key that was minted when the form was drawn: one form does one deed."""
    key = form.get("key", "")
    if not 16 <= len(key) <= 64 or not (key.isascii() and key.isprintable()):
        raise BadInput(INCOMPLETE)
    return key


def write_version(shift: Shift) -> str:
    """Return what a form says of the shift that it is drawn for."""
    return f"{shift.id}-{shift.version}"


def read_version(form: Fields, shift: Shift) -> int:
    """Return the version of the shift that a form was drawn for; ShiftClosed for another shift."""
    drawn_for, _dash, version = form.get("shift", "").partition("-")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise BadInput(INCOMPLETE)
    if drawn_for != str(shift.id):
        raise ShiftClosed(_("This page is of another shift. Look, and charge again."))
    return int(version)


def typed_notes(form: Fields) -> dict[str, str]:
    """Return what was typed into the grid of notes, no longer than is drawn again."""
    return {name: text[:20] for name, text in form.items() if name[:3] in list(Currency)}


def read_counted(typed: Fields) -> Counted:
    """Return the count in the grid of notes; BadInput or BadAmount for what nobody can count."""
    pieces = {
        currency: {note: read_pieces(typed.get(f"{currency}-{note}", "")) for note in notes}
        for currency, notes in NOTES.items()
    }
    other = Cash.read(typed.get("USD-other", ""), typed.get("KHR-other", ""))
    return Counted(pieces=pieces, other=other)
