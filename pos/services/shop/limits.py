"""What a store allows: the largest charge, what leaves the drawer, how far a count may be off.

The operator's settings are the default; what a store has of its own holds in their place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from pos.database import writing
from pos.errors import BadInput
from pos.extensions import db, settings
from pos.models import Deed, Store, User
from pos.money import Currency, Money
from pos.services.auditing import audit
from pos.services.shop import names
from pos.words import Words, _

_MOST_USD, _MOST_KHR = 500_000, 2_000_000_000


@dataclass(frozen=True)
class Number:
    """One limit that is a number: what it is called, and what it may be."""

    name: Words
    least: int
    most: int


NUMBERS: dict[str, Number] = {
    "max_usd": Number(_("Largest charge in dollars"), 1, _MOST_USD),
    "max_khr": Number(_("Largest charge in riel"), 100, _MOST_KHR),
    "cash_limit_usd": Number(_("Dollars in or out of a drawer"), 0, _MOST_USD),
    "cash_limit_khr": Number(_("Riel in or out of a drawer"), 0, _MOST_KHR),
    "no_sales": Number(_("Drawer opened without a sale"), 0, 1_000),
    "over_short_usd": Number(_("Dollars that a count may be off"), 0, _MOST_USD),
    "over_short_khr": Number(_("Riel that a count may be off"), 0, _MOST_KHR),
}
"""The limits that are whole numbers, each named as its setting and its column of the store."""

BLIND: dict[str, bool | None] = {"": None, "yes": True, "no": False}
"""How a form says whether a count is blind; "" leaves it to the operator."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What holds at a store, in whole dollars and riel."""

    max_usd: int
    max_khr: int
    cash_limit_usd: int
    cash_limit_khr: int
    no_sales: int
    over_short_usd: int
    over_short_khr: int
    blind_count: bool

    def largest(self, currency: Currency) -> Money:
        """Return the most that is charged at once."""
        return Money(self.max_usd * 100 if currency is Currency.USD else self.max_khr, currency)


def of(store: Store) -> Limits:
    """Return what holds at a store: its own limits, and the operator's for the rest."""
    own = {one.name: getattr(store, one.name) for one in fields(Limits)}
    default = settings()
    return Limits(**{n: getattr(default, n) if it is None else it for n, it in own.items()})


def by_default() -> Limits:
    """Return what holds where a store has no limits of its own."""
    return Limits(**{one.name: getattr(settings(), one.name) for one in fields(Limits)})


def shown(store: Store) -> dict[str, str]:
    """Return a store's own limits as their form shows them, "" where it has none."""
    own = {name: getattr(store, name) for name in NUMBERS}
    found = {name: "" if number is None else str(number) for name, number in own.items()}
    blind = next(word for word, is_so in BLIND.items() if is_so is store.blind_count)
    return {**found, "blind_count": blind}


def change(me: User, typed: Mapping[str, str], *, seen: str) -> None:
    """Set the limits of the person's store, all or none; BadInput names the one that is wrong.

    They hold from the next charge, movement and count on. Refused where somebody else has set
    them since `seen` was drawn.
    """
    numbers = {name: _read(typed.get(name, ""), it) for name, it in NUMBERS.items()}
    if typed.get("blind_count") not in BLIND:
        raise BadInput(_("Choose how the drawer is counted."))
    store_id, who = me.store_id, me.who
    with writing(db.session):
        store = db.session.get_one(Store, store_id, with_for_update=True, populate_existing=True)
        was = shown(store)
        names.refuse_stale(seen, was)
        for name, number in numbers.items():
            setattr(store, name, number)
        store.blind_count = BLIND[typed["blind_count"]]
        now = shown(store)
        changed = [name for name in now if was[name] != now[name]]
        if changed:
            told = {"was": _told(was, changed), "now": _told(now, changed)}
            audit.note(Deed.LIMITS_SET, who, store.name, store_id, **told)


def _read(typed: str, number: Number) -> int | None:
    """Return a whole number, its digits in any script and with commas; None for nothing."""
    digits = "".join(typed.replace(",", "").split())
    if not digits:
        return None
    is_whole = digits.isdecimal() and len(digits) <= 10
    if not is_whole or not number.least <= int(digits) <= number.most:
        raise BadInput(
            _(
                "%(limit)s: a whole number from %(least)s to %(most)s, or nothing.",
                limit=number.name,
                least=f"{number.least:,}",
                most=f"{number.most:,}",
            )
        )
    return int(digits)


def _told(limits: dict[str, str], changed: list[str]) -> str:
    words = {name: str(one.name) for name, one in NUMBERS.items()} | {"blind_count": "Blind count"}
    return "; ".join(f"{words[name]}: {limits[name] or 'by default'}" for name in changed)
