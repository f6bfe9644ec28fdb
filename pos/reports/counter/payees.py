"""What the tills of a store tell for a day: that another account is paid, since when, by whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pos import clock
from pos.extensions import db
from pos.models import PayeeChange

TOLD_FOR = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class PayeeNotice:
    """One change of who is paid; `till` is "" where it is the whole store's."""

    till: str
    account: str
    set_by: str
    at: datetime


def of_store(store_id: int) -> tuple[PayeeNotice, ...]:
    """Return the changes of the last day, the newest first; all of them, so that none hides."""
    query = (
        select(PayeeChange)
        .where(PayeeChange.store_id == store_id, PayeeChange.at > clock.now() - TOLD_FOR)
        .options(joinedload(PayeeChange.till), joinedload(PayeeChange.account))
        .order_by(PayeeChange.id.desc())
    )
    return tuple(
        PayeeNotice(
            till=one.till.name if one.till else "",
            account=one.account.account_id,
            set_by=one.set_by,
            at=one.at,
        )
        for one in db.session.scalars(query)
    )
