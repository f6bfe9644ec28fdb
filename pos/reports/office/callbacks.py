"""How an account's callbacks fare: the last one, and what should make a manager look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from pos import clock
from pos.extensions import db
from pos.gateways import has_callbacks
from pos.models import CallbackVerdict, GatewayAccount, GatewayCallback
from pos.models.callback import OUR_PROBE

RECENT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class CallbackLine:
    """Callbacks of one account; the counts are of the last 24 hours.

    `refused`: not proven, by the wrong key or none. `contradicted`: told of money that the
    gateway has not. `unknown`: about no payment of ours.
    """

    last_at: datetime | None
    refused: int
    contradicted: int
    unknown: int


def of_account(account: GatewayAccount) -> CallbackLine | None:
    """Return how an account's callbacks fare, None where its gateway posts nothing."""
    if not has_callbacks(account.gateway):
        return None
    mine = GatewayCallback.account_id == account.id
    nobodys = GatewayCallback.account_id.is_(None)
    proven = GatewayCallback.verdict != CallbackVerdict.REFUSED
    last = select(func.max(GatewayCallback.received_at)).where(mine, proven)
    same = GatewayCallback.gateway == account.gateway
    not_ours = GatewayCallback.said != OUR_PROBE
    return CallbackLine(
        last_at=db.session.scalar(last),
        refused=_count(CallbackVerdict.REFUSED, same, or_(mine, nobodys), not_ours),
        contradicted=_count(CallbackVerdict.CONTRADICTED, mine),
        unknown=_count(CallbackVerdict.UNKNOWN, mine),
    )


def _count(verdict: CallbackVerdict, *where: ColumnElement[bool]) -> int:
    recent = GatewayCallback.received_at > clock.now() - RECENT
    query = select(func.count(GatewayCallback.id))
    found = query.where(GatewayCallback.verdict == verdict, recent, *where)
    return db.session.scalar(found) or 0
