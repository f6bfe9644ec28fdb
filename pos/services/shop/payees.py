"""Who is paid at a store or a till: written down, and told at every till of the store."""

from sqlalchemy import exists, select, update

from pos import clock
from pos.extensions import db
from pos.models import Deed, GatewayAccount, PayeeChange, Shift, Store, Till
from pos.services.auditing import audit


def put(store: Store, till: Till | None, account_id: int | None, *, who: str, set_by: str) -> None:
    """Have a store, or one till of it, paid on an account; in the open transaction.

    A till's None is its store's account. Writes the audit entry, and what the tills tell for a
    day where anybody has worked at one: before its first shift a store has nobody to tell.
    """
    was = till.account_id if till else store.account_id
    if till is None:
        assert account_id is not None
        store.account_id = account_id
    else:
        till.own_account_id = account_id
    db.session.flush()
    now = account_id or store.account_id
    if now == was:
        return
    _tell(store.id, till.id if till else None, now, set_by)
    names = {one: db.session.get_one(GatewayAccount, one).account_id for one in (was, now)}
    about = till.name if till else store.name
    audit.note(Deed.ACCOUNT_USED, who, about, store.id, was=names[was], now=names[now])


def _tell(store_id: int, till_id: int | None, account_id: int, set_by: str) -> None:
    tills = select(Till.id).where(Till.store_id == store_id)
    if not db.session.scalar(select(exists().where(Shift.till_id.in_(tills)))):
        return
    db.session.add(
        PayeeChange(
            store_id=store_id,
            till_id=till_id,
            account_id=account_id,
            set_by=set_by[:64],
            at=clock.now(),
        )
    )
    newer = Till.screen_version + 1
    db.session.execute(update(Till).where(Till.store_id == store_id).values(screen_version=newer))
