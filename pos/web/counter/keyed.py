"""The keypad's form, which the till and the taking of cash read the same way."""

from dataclasses import dataclass, replace

from flask_login import current_user

from pos.errors import BadAmount, Refused
from pos.models import Shift
from pos.money import Money
from pos.services.selling import discounts, keypad
from pos.services.selling.keypad import LONGEST_NOTE, Keyed
from pos.services.shop import limits
from pos.web.forms import MOST_TYPED, Fields, read_currency
from pos.words import _

LONGEST_KEY = 64
"""Characters of a key that a form carries."""

MOST_TERMS_TYPED = 400
"""Characters of a running sum that are drawn again."""


@dataclass(frozen=True)
class ChargeForm:
    """The keypad's form as it is drawn; the key makes one tap one sale.

    `shift` names the shift and its version: what was drawn before either changed sells nothing.
    `terms` is the running sum, `sure` the amount that was asked about, `discount` the key of a
    discount that was given on the amount.
    """

    amount: str = ""
    currency: str = "USD"
    error: str = ""
    key: str = ""
    shift: str = ""
    note: str = ""
    terms: str = ""
    sure: str = ""
    discount: str = ""


def read_charge(form: Fields, shift: Shift) -> tuple[Money, Keyed]:
    """Return what the form charges, and what was keyed in with it; Refused where it cannot be.

    The server adds the parts of a running sum, and what the screen showed must be their sum.
    A discount is one that was given in this shift on this very price.
    """
    price, keyed = read_price(form)
    key = form.get("discount", "")
    if key:
        row = discounts.for_sale(key, shift, price)
        keyed = replace(keyed, discount_id=row.id, discount=row.minor)
    amount = Money(price.minor - keyed.discount, price.currency)
    return amount, replace(keyed, asks=form.get("sure") != write_sure(amount))


def read_price(form: Fields) -> tuple[Money, Keyed]:
    """Return the price that was keyed in, riel to their hundred, before any discount."""
    typed = read_typed(form)
    keypad.check_limit(typed, limits.of(current_user.user.store))
    price = typed.to_step()
    note = keypad.read_note(form.get("note", ""))
    return price, Keyed(note=note, rounding=price.minor - typed.minor)


def read_typed(form: Fields) -> Money:
    """Return the amount as it was typed; BadAmount where its parts are another sum."""
    currency = read_currency(form.get("currency", ""))
    shown = Money.read_sum(form.get("amount", ""), currency)
    if not form.get("terms", ""):
        return shown
    added = Money.read_sum(form["terms"], currency)
    if added != shown:
        raise BadAmount(
            _(
                "The parts come to %(added)s, not to %(shown)s. Type the amount again.",
                added=added,
                shown=shown,
            )
        )
    return added


def write_sure(amount: Money) -> str:
    """Return what a form says of the amount that a person was asked about."""
    return f"{amount.currency} {amount.plain}"


def drawn_again(form: Fields, error: str, *, shown: str, sure: str = "") -> ChargeForm:
    """Return the form as it came, no longer than is drawn, with what was wrong with it."""
    return ChargeForm(
        amount=form.get("amount", "")[:MOST_TYPED],
        currency=shown,
        error=error,
        note=form.get("note", "")[:LONGEST_NOTE],
        terms=_terms_again(form),
        sure=sure,
        discount=form.get("discount", "")[:LONGEST_KEY],
    )


def _terms_again(form: Fields) -> str:
    """Return the parts of a sum that still hold: those that do not are not sent twice."""
    try:
        read_typed(form)
    except Refused:
        return ""
    return form.get("terms", "")[:MOST_TERMS_TYPED]
