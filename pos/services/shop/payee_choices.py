"""Choosing who is paid at a store or a till: with one's password, and nothing that mixes."""

from sqlalchemy import select

from pos.database import writing
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import GatewayAccount, Store, Till, User
from pos.services.banking import hosts
from pos.services.people import users
from pos.services.shop import payees, shop_accounts
from pos.words import _


def use(me: User, account_id: int, till_id: int | None, *, seen: int | None, password: str) -> None:
    """Have one's store, or a till of it, paid on an account from the next QR on.

    `account_id` 0 is, for a till, its store's account. `seen` is the account that the page
    showed: Refused where somebody has changed it since, where the password is wrong, the bank
    has not confirmed the account, or practice and real money would mix.
    """
    store_id = me.store_id
    till = _till(store_id, till_id)
    account = shop_accounts.find(me, account_id) if account_id else None
    if account is None and till is None:
        raise BadInput(_("Choose an account."))
    users.prove(me, password)
    with writing(db.session):
        store = db.session.get_one(Store, store_id, with_for_update=True, populate_existing=True)
        if till is not None:
            db.session.refresh(till)
        if seen != (till.own_account_id if till else store.account_id):
            raise Refused(_("Somebody else has changed this meanwhile. Look at it again."))
        if account is not None:
            _refuse_unfit(store, till, account)
        payees.put(store, till, account_id or None, who=me.who, set_by=me.display_name)


def _till(store_id: int, till_id: int | None) -> Till | None:
    if till_id is None:
        return None
    till = db.session.get(Till, till_id)
    if till is None or till.store_id != store_id:
        raise NotFound(_("There is no such till."))
    return till


def _refuse_unfit(store: Store, till: Till | None, account: GatewayAccount) -> None:
    """Refuse what would send money, or what looks like money, where nobody expects it."""
    problem = hosts.mix_problem(account.base_url, is_practice=account.is_practice)
    if problem is not None:
        raise Refused(problem)
    if account.verified_at is None:
        raise Refused(_("The bank has not confirmed this account yet. Press Test first."))
    if account.is_practice and not store.account.is_practice:
        raise Refused(_("This store takes real money. A practice account would take none."))
    if till is not None and store.account.is_practice and not account.is_practice:
        raise Refused(_("This store still practises. Have the whole store paid for real first."))
    if till is None and not account.is_practice:
        _refuse_practising_tills(store.id)


def _refuse_practising_tills(store_id: int) -> None:
    """Refuse real money for a store while a till of its own still only practises."""
    query = (
        select(Till.name)
        .join(GatewayAccount, GatewayAccount.id == Till.own_account_id)
        .where(Till.store_id == store_id, GatewayAccount.is_practice)
        .limit(1)
    )
    name = db.session.scalar(query)
    if name is not None:
        raise Refused(
            _("%(till)s has a practice account of its own. Change that first.", till=name)
        )
