"""Whether a shop may be served with the accounts that it is paid on: practice and money apart."""

from collections.abc import Sequence

from sqlalchemy import inspect, select

from pos.errors import ConfigError
from pos.extensions import db, settings
from pos.models import GatewayAccount, Store, Till
from pos.services.banking import hosts


def refuse_mixed() -> None:
    """Raise ConfigError where a store or till is paid on an account that does not fit its host.

    And where real money is taken while webhooks may go to this very machine. What no till uses
    is left alone, and a database that is still empty too.
    """
    if not inspect(db.session.get_bind()).has_table(GatewayAccount.__tablename__):
        return
    used = _used()
    for account in used:
        if hosts.mix_problem(account.base_url, is_practice=account.is_practice):
            kind = "practice" if account.is_practice else "for real money"
            raise ConfigError(
                f"The account {account.account_id} is {kind}, but its bank is at"
                f" {account.base_url}. Choose another with: flask use-account."
            )
    if settings().webhook_loopback and not all(account.is_practice for account in used):
        raise ConfigError("POS_WEBHOOK_LOOPBACK is for practice; this shop takes real money.")


def _used() -> Sequence[GatewayAccount]:
    of_stores = select(Store.account_id)
    of_tills = select(Till.own_account_id).where(Till.own_account_id.is_not(None))
    query = select(GatewayAccount).where(GatewayAccount.id.in_(of_stores.union(of_tills)))
    return db.session.scalars(query.order_by(GatewayAccount.id)).all()
