"""What somebody means who types into the search of the payments: pure.

One text may be several things: "15000" is an amount in riel, one in dollars, and perhaps a note.
"""

import re
from dataclasses import dataclass

from pos.errors import BadAmount
from pos.models.payment import TAIL_LENGTH, plain, tail_of
from pos.money import Currency, Money

LONGEST = 128
"""Characters of what is typed that are looked at."""

SHORT_HASH = 8
"""Characters of a bank's hash that a payer's app shows."""

MD5 = 32
"""Characters of the shortest hash that is asked for whole: what is so long is no note."""

_HEX = re.compile(r"[0-9a-f]+")
_NUMBER = re.compile(r"#?([0-9]{1,9})")
_MONEY = re.compile(r"([$៛]?)\s*([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,2})?")
_ONE_WORD = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class Sought:
    """What the words may be; "", 0 or nothing where they cannot be that."""

    amounts: tuple[Money, ...] = ()
    number: int = 0
    code: str = ""
    """The whole of a number or hash: ours, the QR's, the bank's or its reference."""
    short_hash: str = ""
    payer: str = ""
    note: str = ""
    """A piece of a note, written as `plain` writes notes."""


def read(typed: str) -> Sought:
    """Return all that the words may be, judged by their shape alone."""
    text = " ".join("".join(filter(str.isprintable, typed[:LONGEST])).split())
    low = text.lower()
    number = _NUMBER.fullmatch(text)
    is_word, is_hash = _ONE_WORD.fullmatch(text) is not None, _HEX.fullmatch(low) is not None
    return Sought(
        amounts=_amounts(text),
        number=int(number[1]) if number else 0,
        code=text if is_word else "",
        short_hash=low if is_hash and len(low) == SHORT_HASH else "",
        payer=low if is_word and _may_be_a_payer(low) else "",
        note="" if is_hash and len(low) >= MD5 else plain(text),
    )


def _may_be_a_payer(low: str) -> bool:
    """Whether it is an account, or as much of its end as is kept of each."""
    tail = tail_of(low)
    return len(tail) == TAIL_LENGTH or ("@" in low and tail != "")


def _amounts(text: str) -> tuple[Money, ...]:
    """Read "3.50", "$3.50", "15,000" and "៛15000"; without a sign in each currency that fits."""
    found = _MONEY.fullmatch(text)
    if found is None:
        return ()
    plain = found[2].replace(",", "") + (found[3] or "")
    return tuple(
        money
        for currency in Currency
        if found[1] in ("", currency.symbol) and (money := _money(plain, currency)) is not None
    )


def _money(plain: str, currency: Currency) -> Money | None:
    try:
        return Money.read(plain, currency)
    except BadAmount:
        return None
