"""Setting up a shop: its merchant, the account it is paid on, a store and its tills."""

from dataclasses import dataclass, field

from pos import clock
from pos.database import writing
from pos.errors import BadInput
from pos.extensions import db
from pos.gateways import registered
from pos.khqr import KhqrError, rules
from pos.models import GatewayAccount, Merchant, Store, Till
from pos.services import accounts

MERCHANT_NAME_LENGTH = 25
CITY_LENGTH = 15
LABEL_LENGTH = 25
"""Source: KHQR tags 59, 60 and 62.03, 62.07."""

EMAIL_LENGTH = 30
"""Source: NBC, Bakong Open API v1.0.2, renew_token."""

NAME_LENGTH = 64
"""Of a store or a till, as the screens show it."""


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    """The account at an acquirer that a new shop is paid on."""

    gateway: str
    base_url: str
    account_id: str
    merchant_id: str = ""
    acquiring_bank: str = ""
    token_email: str = ""
    token: str = field(default="", repr=False)
    daily_quota: int = 100
    is_practice: bool = False


def create_shop(name: str, city: str, store: str, tills: list[str], account: NewAccount) -> Store:
    """Write a new shop whole, or nothing; BadInput names what does not fit a KHQR."""
    _refuse_long(name, MERCHANT_NAME_LENGTH, "merchant's name")
    _refuse_long(city, CITY_LENGTH, "city")
    _refuse_long(store, NAME_LENGTH, "store's name")
    _refuse_tills(tills)
    _refuse_account(account)
    with writing(db.session):
        merchant = Merchant(name=name, city=city, created_at=clock.now())
        db.session.add(merchant)
        db.session.flush()
        row = _add_account(merchant.id, account)
        place = Store(
            merchant_id=merchant.id, account_id=row.id, name=store, label=store[:LABEL_LENGTH]
        )
        db.session.add(place)
        db.session.flush()
        db.session.add_all(
            Till(store_id=place.id, name=till, label=till[:LABEL_LENGTH]) for till in tills
        )
    return place


def _refuse_long(text: str, length: int, what: str) -> None:
    if not 1 <= len(text.strip()) <= length:
        raise BadInput(f"The {what} has 1 to {length} characters.")


def _refuse_tills(tills: list[str]) -> None:
    for till in tills:
        _refuse_long(till, NAME_LENGTH, "till's name")
    if not tills or len(set(tills)) < len(tills):
        raise BadInput("A store has one till or more, each with a name of its own.")


def _refuse_account(account: NewAccount) -> None:
    if account.gateway not in registered():
        raise BadInput(f"There is no gateway {account.gateway}.")
    try:
        rules.account(account.account_id)
    except KhqrError:
        raise BadInput("The account looks like name@bank, 32 characters at most.") from None
    if len(account.token_email) > EMAIL_LENGTH:
        raise BadInput(f"The e-mail address has {EMAIL_LENGTH} characters at most.")


def _add_account(merchant_id: int, account: NewAccount) -> GatewayAccount:
    row = GatewayAccount(
        merchant_id=merchant_id,
        gateway=account.gateway,
        base_url=account.base_url.rstrip("/"),
        account_id=account.account_id,
        acquirer_merchant_id=account.merchant_id,
        acquiring_bank=account.acquiring_bank,
        token_email=account.token_email,
        daily_quota=account.daily_quota,
        is_practice=account.is_practice,
    )
    db.session.add(row)
    db.session.flush()
    accounts.store_token(row.id, account.token)
    return row
