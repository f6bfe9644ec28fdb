"""The store and its merchant as managers keep them: names, labels, and when the store closes."""

import re
from dataclasses import dataclass

from sqlalchemy import func, select

from pos.database import writing
from pos.errors import BadInput, Refused
from pos.extensions import db
from pos.models import Deed, Merchant, Store, User
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.shop import names
from pos.services.shop.shops import (
    CITY_LENGTH,
    LABEL_LENGTH,
    MERCHANT_NAME_LENGTH,
    NAME_LENGTH,
)
from pos.words import _

_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class StoreTyped:
    """A store as somebody typed it; `opens` and `closes` are "22:00", or "" where nobody says."""

    name: str
    label: str
    closes: str
    opens: str = ""


@dataclass(frozen=True)
class MerchantTyped:
    """A merchant as somebody typed it."""

    name: str
    city: str


def shown(store: Store) -> StoreTyped:
    """Return a store as its form shows it."""
    closes, opens = _write_time(store.closing_minute), _write_time(store.opening_minute)
    return StoreTyped(store.name, store.label, closes, opens)


def shown_merchant(merchant: Merchant) -> MerchantTyped:
    """Return a merchant as its form shows it."""
    return MerchantTyped(merchant.name, merchant.city)


def change_store(me: User, typed: StoreTyped, *, seen: str) -> None:
    """Change the person's store, whole or not at all; the next QR and receipt carry it."""
    wanted = StoreTyped(
        names.read(typed.name, NAME_LENGTH, _("The name")),
        names.read(typed.label, LABEL_LENGTH, _("The label")),
        typed.closes.strip(),
        typed.opens.strip(),
    )
    opens, closes = _read_time(wanted.opens), _read_time(wanted.closes)
    store_id, who = me.store_id, me.who
    with writing(db.session):
        store = db.session.get_one(Store, store_id, with_for_update=True, populate_existing=True)
        was = shown(store)
        names.refuse_stale(seen, was)
        store.name, store.label = wanted.name, wanted.label
        store.opening_minute, store.closing_minute = opens, closes
        if was != wanted:
            told = {"was": _told(was), "now": _told(wanted)}
            audit.note(Deed.STORE_CHANGED, who, wanted.name, store_id, **told)


def may_change_merchant(me: User) -> bool:
    """Return whether a person may rename the merchant: all its stores are theirs to see."""
    stores = select(func.count(Store.id)).where(Store.merchant_id == me.store.merchant_id)
    return me.may(Right.SEE_ALL_STORES) or db.session.scalar(stores) == 1


def change_merchant(me: User, typed: MerchantTyped, *, seen: str) -> None:
    """Change what payers' bank apps show, from the next QR on, in every store."""
    wanted = MerchantTyped(
        names.read(typed.name, MERCHANT_NAME_LENGTH, _("The merchant's name")),
        names.read(typed.city, CITY_LENGTH, _("The city")),
    )
    if not may_change_merchant(me):
        raise Refused(_("The merchant has other stores. The owner changes its name."))
    merchant_id, store_id, who = me.store.merchant_id, me.store_id, me.who
    with writing(db.session):
        merchant = db.session.get_one(
            Merchant, merchant_id, with_for_update=True, populate_existing=True
        )
        was = shown_merchant(merchant)
        names.refuse_stale(seen, was)
        merchant.name, merchant.city = wanted.name, wanted.city
        if was != wanted:
            told = {"was": f"{was.name}, {was.city}", "now": f"{wanted.name}, {wanted.city}"}
            audit.note(Deed.MERCHANT_CHANGED, who, wanted.name, store_id, **told)


def _told(store: StoreTyped) -> str:
    hours = f"{store.opens}-{store.closes}" if store.opens else store.closes or "-"
    return f"{store.name}, {store.label}, {hours}"


def _write_time(minute: int | None) -> str:
    return "" if minute is None else f"{minute // 60:02}:{minute % 60:02}"


def _read_time(typed: str) -> int | None:
    if not typed:
        return None
    found = _TIME.fullmatch(typed)
    if found is None:
        raise BadInput(_("Write a time as 22:00, or leave it empty."))
    return int(found[1]) * 60 + int(found[2])
