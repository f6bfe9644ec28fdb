"""What of the callbacks should make a manager look: a key in wrong hands, or a wrong key here."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from pos import clock
from pos.extensions import db
from pos.models import (
    CallbackVerdict,
    GatewayAccount,
    GatewayCallback,
    GatewayTransaction,
    Payment,
    User,
)
from pos.models.callback import OUR_PROBE
from pos.permissions import Right
from pos.reports.office.callbacks import RECENT
from pos.words import _

COUNT, WITHIN = 3, timedelta(minutes=10)
"""So many of a kind, so close together, are no accident. Source: W8 of the fault catalogue."""

LISTED = 20
MOST_READ = 1_000

_V = CallbackVerdict

TEXT = {
    _V.CONTRADICTED: _(
        "Callbacks tell of money that the bank does not have. Nothing was called"
        " paid. Somebody may hold the key: have the bank change it."
    ),
    _V.REFUSED: _(
        "Callbacks about payments of ours carry a wrong signature. The key here may not"
        " be the bank's: flask check-gateway. Payments are found by asking meanwhile."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One thing a manager should look into, at one account."""

    account_id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A rightly signed callback about no payment of these books; `copies` is how often it came."""

    account_id: str
    tran_id: str
    at: datetime
    copies: int


def of_user(user: User) -> tuple[Alarm, ...]:
    """Return the alarms of the last 24 hours at the accounts of a manager's merchant, else none."""
    if not user.may(Right.SEE_FIGURES):
        return ()
    query = (
        select(GatewayAccount.account_id, GatewayCallback.verdict, GatewayCallback.received_at)
        .join(GatewayAccount, GatewayAccount.id == GatewayCallback.account_id)
        .where(
            GatewayAccount.merchant_id == user.store.merchant_id,
            GatewayCallback.verdict.in_(TEXT),
            GatewayCallback.said != OUR_PROBE,
            GatewayCallback.received_at > clock.now() - RECENT,
        )
        .order_by(GatewayCallback.received_at.desc())
    )
    times: dict[tuple[str, CallbackVerdict], list[datetime]] = defaultdict(list)
    for account_id, verdict, at in db.session.execute(query.limit(MOST_READ)):
        times[account_id, verdict].append(at)
    return tuple(
        Alarm(account_id=account_id, text=TEXT[verdict])
        for (account_id, verdict), found in sorted(times.items())
        if _are_close(found)
    )


def _are_close(times: Sequence[datetime]) -> bool:
    """Return whether enough of these instants, newest first, lie close together."""
    ends = zip(times, times[COUNT - 1 :], strict=False)
    return any(newer - older < WITHIN for newer, older in ends)


def unknown(merchant_id: int) -> tuple[Unknown, ...]:
    """Return the newest callbacks about no payment of ours; they are kept for a week."""
    query = (
        select(GatewayCallback, GatewayAccount.account_id)
        .join(GatewayAccount, GatewayAccount.id == GatewayCallback.account_id)
        .where(
            GatewayAccount.merchant_id == merchant_id,
            GatewayCallback.verdict == CallbackVerdict.UNKNOWN,
        )
        .order_by(GatewayCallback.id.desc())
        .limit(LISTED)
    )
    return tuple(
        Unknown(
            account_id=account_id,
            tran_id=row.tran_id,
            at=row.received_at,
            copies=row.copies,
        )
        for row, account_id in db.session.execute(query)
    )


def silent_of(merchant_id: int) -> tuple[str, ...]:
    """Return a merchant's accounts of which callbacks are awaited, and none came with payments.

    Awaited are they where an address is named, or where some came before. Nothing is lost by
    it: payments are found by asking, some seconds later.
    """
    query = select(GatewayAccount).where(GatewayAccount.merchant_id == merchant_id)
    rows = db.session.scalars(query.order_by(GatewayAccount.id)).all()
    return tuple(row.account_id for row in rows if _is_silent(row))


def _is_silent(row: GatewayAccount) -> bool:
    proven = (
        GatewayCallback.account_id == row.id,
        GatewayCallback.verdict != CallbackVerdict.REFUSED,
    )
    last = db.session.scalar(select(func.max(GatewayCallback.received_at)).where(*proven))
    if last is None and not row.callback_url:
        return False
    since = clock.now() - RECENT
    if last is not None and last > since:
        return False
    money = (
        select(func.count(GatewayTransaction.id))
        .join(Payment, Payment.id == GatewayTransaction.payment_id)
        .where(Payment.account_id == row.id, GatewayTransaction.recorded_at > since)
    )
    return (db.session.scalar(money) or 0) >= COUNT
