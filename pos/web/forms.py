"""Fields that several screens read the same way: an amount, a form's key, a shift's version."""

from collections.abc import Mapping

from pos.errors import BadInput, ShiftClosed
from pos.models import Shift
from pos.money import Currency, Money

MOST_TYPED = 40
"""Characters of a typed amount that are drawn again."""

INCOMPLETE = "This form is not complete. Reload the page and try again."

Fields = Mapping[str, str]


def read_amount(form: Fields) -> Money:
    """Return the amount and currency of a form; BadAmount or BadInput for neither."""
    currency = read_currency(form.get("currency", ""))
    return Money.read(form.get("amount", ""), currency)


def read_currency(code: str) -> Currency:
    """Return the currency of a code; BadInput for any other text."""
    try:
        return Currency(code)
    except ValueError:
        raise BadInput("Choose dollars or riel.") from None


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
    drawn_for, _, version = form.get("shift", "").partition("-")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise BadInput(INCOMPLETE)
    if drawn_for != str(shift.id):
        raise ShiftClosed("This page is of another shift. Look, and charge again.")
    return int(version)
