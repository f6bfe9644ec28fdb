"""The accounts of a merchant as its managers keep them: seen, added, and given another key.

A manager sees what their own store uses and what nobody uses yet; who goes from store to store
sees all. Where money is asked for is never typed here: a bank of one's own would say "paid".
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from pos.database import writing
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Deed, GatewayAccount, Store, Till, User
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.banking import accounts
from pos.services.people import users
from pos.services.shop import shops
from pos.words import _

MOST_KEY = 4_000
"""Characters of a key; a Bakong token has some hundreds."""


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A new account as somebody typed it; the key is shown to nobody again."""

    gateway: str
    is_practice: bool
    account_id: str
    merchant_id: str = ""
    acquiring_bank: str = ""
    token_email: str = ""
    key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Use:
    """A place that is paid on an account; `till` is "" for the whole store."""

    account_id: int
    store_id: int
    store: str
    till: str = ""


def of_person(me: User) -> tuple[tuple[GatewayAccount, tuple[Use, ...]], ...]:
    """Return the accounts that a person may know of, each with the places they may know of."""
    merchant_id = me.store.merchant_id
    uses = tuple(_uses(merchant_id))
    query = select(GatewayAccount).where(GatewayAccount.merchant_id == merchant_id)
    rows = db.session.scalars(query.order_by(GatewayAccount.id)).all()
    sees_all = me.may(Right.SEE_ALL_STORES)
    found = []
    for row in rows:
        used = tuple(one for one in uses if one.account_id == row.id)
        mine = tuple(one for one in used if sees_all or one.store_id == me.store_id)
        if mine or sees_all or not used:
            found.append((row, mine))
    return tuple(found)


def find(me: User, account_id: int) -> GatewayAccount:
    """Return an account that a person may know of; NotFound for any other."""
    for row, _used in of_person(me):
        if row.id == account_id:
            return row
    raise NotFound(_("There is no such account."))


def add(me: User, typed: Typed) -> GatewayAccount:
    """Write one more account of the merchant, used by nobody yet; BadInput where it cannot be."""
    if typed.gateway not in shops.LIVE:
        raise BadInput(_("Choose a bank."))
    return shops.add_account(
        me.store.merchant_id,
        shops.NewAccount(
            gateway=typed.gateway,
            base_url=_address(me, typed),
            account_id=_plain(typed.account_id, 128),
            merchant_id=_plain(typed.merchant_id, 32),
            acquiring_bank=_plain(typed.acquiring_bank, 32),
            token_email=_plain(typed.token_email, 30),
            token=read_key(typed.key),
            daily_quota=shops.LIVE[typed.gateway][1],
            is_practice=typed.is_practice,
        ),
        who=me.who,
        store_id=me.store_id,
    )


def set_key(me: User, account_id: int, key: str, *, password: str) -> None:
    """Keep another key for an account, sealed; the bank has to confirm the account anew.

    Refused for a wrong password, and where a store that the person does not see uses it, too.
    """
    row = find(me, account_id)
    mine = {one.store_id for one in _uses(row.merchant_id) if one.account_id == row.id}
    if mine - {me.store_id} and not me.may(Right.SEE_ALL_STORES):
        raise Refused(_("Another store is paid on this account, too. The owner changes it."))
    fresh = read_key(key)
    users.prove(me, password)
    with writing(db.session):
        accounts.store_token(account_id, fresh)
        accounts.note_verified(account_id, is_there=False)
        note = {"now": "key: a new one"}
        audit.note(Deed.ACCOUNT_CHANGED, me.who, row.account_id, me.store_id, **note)


def read_key(typed: str) -> str:
    """Return a key as it was pasted, without what stands around it; BadInput for none."""
    key = typed.strip()
    if not 1 <= len(key) <= MOST_KEY or not (key.isascii() and key.isprintable()):
        raise BadInput(_("Paste the key as the bank sent it, in one line."))
    return key


def _address(me: User, typed: Typed) -> str:
    """Return where the account is asked: the live bank, or the practice bank that is known."""
    if not typed.is_practice:
        return shops.LIVE[typed.gateway][0]
    query = select(GatewayAccount.base_url).where(
        GatewayAccount.merchant_id == me.store.merchant_id,
        GatewayAccount.gateway == typed.gateway,
        GatewayAccount.is_practice,
    )
    address = db.session.scalar(query.limit(1))
    if address is None:
        raise BadInput(_("There is no practice bank of this kind here."))
    return address


def _plain(typed: str, most: int) -> str:
    text = typed.strip()
    if len(text) > most or not text.isprintable():
        raise BadInput(_("A field is too long, or has a sign in it that nobody can see."))
    return text


def _uses(merchant_id: int) -> Iterator[Use]:
    stores = select(Store.account_id, Store.id, Store.name).where(Store.merchant_id == merchant_id)
    tills = (
        select(Till.own_account_id, Store.id, Store.name, Till.name)
        .join(Store, Store.id == Till.store_id)
        .where(Store.merchant_id == merchant_id, Till.own_account_id.is_not(None))
    )
    for row in (*db.session.execute(stores), *db.session.execute(tills)):
        yield Use(*row)
