"""Setting up a shop: its merchant, the accounts it is paid on, a store and its tills."""

from dataclasses import dataclass, field

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import BadInput
from pos.extensions import db, settings
from pos.gateways import open_gateway, registered
from pos.gateways.base import Account
from pos.models import Deed, GatewayAccount, Merchant, Store, Till
from pos.services.auditing import audit
from pos.services.banking import accounts, vault
from pos.services.shop import names, payees
from pos.words import _

MERCHANT_NAME_LENGTH = 25
CITY_LENGTH = 15
LABEL_LENGTH = 25
"""Source: KHQR tags 59, 60 and 62.03, 62.07."""

NAME_LENGTH = 64
"""Of a store or a till, as the screens show it."""


LIVE = {
    "bakong": ("https://api-bakong.nbc.gov.kh", 100),
    "payway": ("https://checkout.payway.com.kh", 0),
}
"""Each gateway's live address, and how many questions a day it is known to allow; 0: no limit."""


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
    refund_key: str = field(default="", repr=False)
    payment_option: str = ""
    callback_url: str = ""
    takes_raw_callbacks: bool = False


def add_account(
    merchant_id: int,
    account: NewAccount,
    *,
    who: str = audit.OPERATOR,
    store_id: int | None = None,
) -> GatewayAccount:
    """Write one more account of a merchant, used by nobody yet; BadInput where it cannot be."""
    _refuse_account(account)
    with writing(db.session):
        known = select(GatewayAccount.id).where(
            GatewayAccount.gateway == account.gateway,
            GatewayAccount.account_id == account.account_id,
        )
        if db.session.scalar(known.limit(1)) is not None:
            raise BadInput(
                _("The account %(account)s is there already.", account=account.account_id)
            )
        return _add_account(merchant_id, account, who, store_id)


def set_closing(store_id: int, minute: int | None) -> None:
    """Say when a store closes, in minutes after midnight; None where it is closed by hand alone.

    BadInput for no such store, or no such time.
    """
    if minute is not None and not 0 <= minute < 24 * 60:
        raise BadInput("A closing time lies between 00:00 and 23:59.")
    with writing(db.session):
        store = db.session.get(Store, store_id)
        if store is None:
            raise BadInput(f"There is no store {store_id}.")
        store.closing_minute = minute


def pay_store_on(store_id: int, account_id: int) -> None:
    """Have a store paid on this account from the next QR on, but for tills with their own.

    Refused for another merchant's account. QRs that were made before stay where they are.
    """
    with writing(db.session):
        store = db.session.get_one(Store, store_id)
        _refuse_others(store, account_id)
        payees.put(store, None, account_id, who=audit.OPERATOR, set_by=audit.OPERATOR)


def pay_till_on(till_id: int, account_id: int | None) -> None:
    """Have a till paid on an account of its own, or again on its store's; else as for a store."""
    with writing(db.session):
        till = db.session.get_one(Till, till_id)
        if account_id is not None:
            _refuse_others(till.store, account_id)
        payees.put(till.store, till, account_id, who=audit.OPERATOR, set_by=audit.OPERATOR)


def _refuse_others(store: Store, account_id: int) -> None:
    account = db.session.get_one(GatewayAccount, account_id)
    if account.merchant_id != store.merchant_id:
        raise BadInput(f"The account {account.account_id} is another merchant's.")


def create_shop(name: str, city: str, store: str, tills: list[str], account: NewAccount) -> Store:
    """Write a new shop whole, or nothing; BadInput names what does not fit a KHQR."""
    name = names.read(name, MERCHANT_NAME_LENGTH, _("The merchant's name"))
    city = names.read(city, CITY_LENGTH, _("The city"))
    store = names.read(store, NAME_LENGTH, _("The store's name"))
    tills = [names.read(till, NAME_LENGTH, _("The till's name")) for till in tills]
    if not tills or len(set(tills)) < len(tills):
        raise BadInput(_("A store has one till or more, each with a name of its own."))
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


def _refuse_account(new: NewAccount) -> None:
    if new.gateway not in registered():
        raise BadInput(f"There is no gateway {new.gateway}.")
    account = Account(
        gateway=new.gateway,
        base_url=new.base_url,
        account_id=new.account_id,
        token_email=new.token_email,
        refund_key=new.refund_key,
        payment_option=new.payment_option,
        callback_url=new.callback_url,
    )
    open_gateway(account).refuse_wrong_account()


def _add_account(
    merchant_id: int,
    account: NewAccount,
    who: str = audit.OPERATOR,
    store_id: int | None = None,
) -> GatewayAccount:
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
        refund_key_sealed=vault.seal(settings(), account.refund_key),
        payment_option=account.payment_option,
        callback_url=account.callback_url,
        takes_raw_callbacks=account.takes_raw_callbacks,
    )
    db.session.add(row)
    db.session.flush()
    accounts.store_token(row.id, account.token)
    audit.note(Deed.ACCOUNT_ADDED, who, row.account_id, store_id, now=row.gateway)
    return row
