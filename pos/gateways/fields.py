"""One field of a gateway's answer, read whole or refused with GatewayGarbled and its name."""

import re
from decimal import Decimal

from pos.errors import GatewayGarbled
from pos.money import Currency, Money

LONGEST_TEXT = 128
_NUMBER = re.compile(r"[0-9]{1,13}(\.[0-9]{1,13})?")


def text(value: object, name: str) -> str:
    """Return printable text of 1 to 128 characters, without the spaces around it."""
    found = value.strip() if isinstance(value, str) else ""
    if not 0 < len(found) <= LONGEST_TEXT or not found.isprintable():
        raise GatewayGarbled(f"{name} cannot be read")
    return found


def remark(value: object) -> str:
    """Return what is readable of a field for people only; "" for nothing. Never raises."""
    found = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return "".join(one for one in found[:LONGEST_TEXT] if one.isprintable()).strip()


def number(value: object, name: str) -> Decimal:
    """Return a JSON number, or text that is a plain one, exact.

    A bool is an int to Python and nothing to a bank; 1e400 would fill the memory.
    """
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise GatewayGarbled(f"{name} is not a number")
    found = Decimal(value)
    # 26 digits are fewer than the decimal context's 28, so nothing below is ever rounded.
    if len(found.as_tuple().digits) > 26 or not -13 <= found.adjusted() <= 13:
        raise GatewayGarbled(f"{name} is out of bounds")
    return found


def currency(value: object) -> Currency:
    """Return the currency that stands there in its three capital letters."""
    if not isinstance(value, str) or value not in set(Currency):
        raise GatewayGarbled("currency cannot be read")
    return Currency(value)


def money(amount: object, known: Currency, *, name: str = "amount", zero_ok: bool = False) -> Money:
    """Return major units as money, exact in cents or riel; never rounded, never below zero."""
    minor = number(amount, name).scaleb(known.exponent)
    is_too_small = minor < 0 or (minor == 0 and not zero_ok)
    if is_too_small or minor != minor.to_integral_value():
        raise GatewayGarbled(f"{name} is not whole in the smallest unit of {known}")
    return Money(int(minor), known)
