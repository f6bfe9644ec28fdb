"""Reading the banks' lists of one day for a run of reconciling, and writing what differs.

Each account in use is read, and held against its own payments. Money of ours that a list has
and the books lack is asked about, and goes the way of all money; what went back at the bank
calls for a manager. Nothing else is changed.
"""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from pos import clock
from pos.database import add_if_new, is_writing, writing
from pos.extensions import db
from pos.gateways.deeds import ListedTransaction, Listing
from pos.gateways.words import Trouble
from pos.models import (
    GatewayAccount,
    GatewayTransaction,
    ListFinding,
    Payment,
    ReconcileList,
    ReconcileListed,
    ReconcileRun,
    Refund,
)
from pos.money import Money
from pos.services.asking import budget, questions, quota
from pos.services.banking import accounts
from pos.services.reconciling import returned, standing
from pos.services.reconciling.bank_list import Booked, ListDifference, compare
from pos.services.settling import payments
from pos.states import REFUND_OPEN, RefundKind

log = logging.getLogger(__name__)

EDGE = timedelta(hours=2)
"""Of the days beside it: a bank may list a payment by another of its times."""

BACK, STEP = timedelta(days=30), timedelta(days=2)
"""How far back money may be given back, and how much of that one list may span.

Source: ABA PayWay's refund and list guides (2026); three days, counting the first and last.
"""

FRESH = timedelta(minutes=5)
"""What is newer may be in the list and not yet in the books, or the other way about."""


def read(run_id: int, *, who: str, without: Collection[int] = ()) -> dict[int, Trouble]:
    """Compare the lists of all accounts of a run's day with the books, each once.

    Return the trouble by account; one that has trouble keeps none of the others from being
    read. `without` are accounts that are not asked now.
    """
    run = db.session.get_one(ReconcileRun, run_id)
    left = [one for one in standing.lists_left(run) if one not in without]
    if not left:
        return {}
    # Once a night: who moved to another account is still told of money that went back at the
    # old one. Its key may be withdrawn by now, so nothing waits for it.
    behind = standing.accounts_left_behind(run, standing.midnight(run.on) - BACK)
    found = {account_id: _read(run_id, account_id, who) for account_id in left}
    for account_id in behind:
        _look_back(run_id, account_id, who)
    return {account_id: trouble for account_id, trouble in found.items() if trouble is not None}


def _read(run_id: int, account_id: int, who: str) -> Trouble | None:
    run = db.session.get_one(ReconcileRun, run_id)
    day = standing.midnight(run.on)
    until = min(day + timedelta(days=1), clock.now() - FRESH)
    listing = _ask(account_id, day - EDGE, until + EDGE)
    if isinstance(listing, Trouble):
        return listing
    booked = _booked(account_id, listing.rows, run_id)
    found = compare(booked, listing.rows, is_whole=listing.is_whole, since=day, until=until)
    _hear(run_id, account_id, found, who)
    trouble = listing.trouble or _look_back(run_id, account_id, who)
    if listing.is_whole and trouble is None:
        row = ReconcileList(run_id=run_id, account_id=account_id, at=clock.now())
        add_if_new(db.session, row)
    return trouble


def _look_back(run_id: int, account_id: int, who: str) -> Trouble | None:
    """Look into the month before for money that went back since; return the trouble, if any.

    A list tells of a payment on its own day alone. Of days without money there is none to read.
    """
    end = standing.midnight(db.session.get_one(ReconcileRun, run_id).on)
    for back in range(0, BACK.days, STEP.days):
        until = end - timedelta(days=back)
        if not _has_money(account_id, until - STEP, until):
            continue
        listing = _ask(account_id, until - STEP, until - timedelta(seconds=1))
        if isinstance(listing, Trouble):
            return listing
        booked = _booked(account_id, listing.rows, run_id)
        rows = [row for row in listing.rows if row.tran_id in booked]
        found = compare(booked, rows, is_whole=False, since=until - STEP, until=until)
        went_back = [one for one in found if one.finding is ListFinding.RETURNED]
        _hear(run_id, account_id, went_back, who)
        if listing.trouble is not None:
            return listing.trouble
    return None


def _ask(account_id: int, since: datetime, until: datetime) -> Listing | Trouble:
    """Ask for the list of a time; the trouble where not even a part of it came."""
    account = db.session.get_one(GatewayAccount, account_id)
    refusal = budget.spend(account, 1, quota.purpose_of_reconciling(clock.now()))
    if refusal is not None:
        return refusal.trouble
    gateway = accounts.open_account(db.session.get_one(GatewayAccount, account_id))
    db.session.rollback()
    assert not is_writing(db.session), "no transaction may be open while a gateway is asked"
    listing = gateway.list_paid(since, until)
    return listing.trouble if listing.trouble is not None and not listing.rows else listing


def _has_money(account_id: int, since: datetime, until: datetime) -> bool:
    query = (
        select(GatewayTransaction.id)
        .join(Payment, Payment.id == GatewayTransaction.payment_id)
        .where(
            Payment.account_id == account_id,
            GatewayTransaction.paid_at >= since,
            GatewayTransaction.paid_at < until,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def _booked(account_id: int, rows: Sequence[ListedTransaction], run_id: int) -> dict[str, Booked]:
    """Return our money that the rows name, and all of the run's day, by reference."""
    run = db.session.get_one(ReconcileRun, run_id)
    day = standing.midnight(run.on)
    of_day = (GatewayTransaction.paid_at >= day) & (
        GatewayTransaction.paid_at < day + timedelta(days=1)
    )
    names = [row.tran_id for row in rows]
    query = (
        select(GatewayTransaction)
        .join(Payment, Payment.id == GatewayTransaction.payment_id)
        .where(
            Payment.account_id == account_id,
            or_(of_day, GatewayTransaction.reference.in_(names)),
        )
    )
    return {money.reference: _as_booked(money) for money in db.session.scalars(query).all()}


def _as_booked(money: GatewayTransaction) -> Booked:
    most = returned.our_total(money.id) + money.returned_minor
    query = select(Refund.amount_minor).where(
        Refund.transaction_id == money.id,
        Refund.kind == RefundKind.GATEWAY,
        Refund.status.in_(REFUND_OPEN),
    )
    least = most - sum(db.session.scalars(query))
    return Booked(
        reference=money.reference,
        amount=money.amount,
        paid_at=money.paid_at,
        back_least=Money(least, money.currency),
        back_most=Money(most, money.currency),
    )


def _hear(
    run_id: int,
    account_id: int,
    found: Sequence[ListDifference],
    who: str,
) -> None:
    for one in found:
        payment_id = _payment_of(account_id, one.reference)
        _write(run_id, payment_id, one)
        if payment_id is None:
            log.warning("the bank has a payment that the books lack: %s", one.reference)
        elif one.finding is ListFinding.THEIRS_ONLY:
            questions.ask(payment_id, who=who)
        elif one.finding is ListFinding.RETURNED:
            _hear_returned(payment_id, one, who)


def _payment_of(account_id: int, reference: str) -> int | None:
    """Return the payment of this money or this number, at this account."""
    money = select(GatewayTransaction.payment_id).where(GatewayTransaction.reference == reference)
    query = select(Payment.id).where(
        Payment.account_id == account_id,
        or_(Payment.tran_id == reference, Payment.id.in_(money)),
    )
    return db.session.scalars(query.limit(1)).first()


def _hear_returned(payment_id: int, one: ListDifference, who: str) -> None:
    with writing(db.session):
        payments.take(payment_id)
        query = select(GatewayTransaction).where(
            GatewayTransaction.payment_id == payment_id,
            GatewayTransaction.reference == one.reference,
        )
        returned.hear(db.session.scalars(query).one(), one.theirs, who=who)


def _write(run_id: int, payment_id: int | None, one: ListDifference) -> None:
    """Write a difference down, unless this run has it already."""
    known = select(ReconcileListed.id).where(
        ReconcileListed.run_id == run_id,
        ReconcileListed.reference == one.reference,
        ReconcileListed.finding == one.finding,
    )
    if db.session.scalar(known) is not None:
        return
    row = ReconcileListed(
        run_id=run_id,
        payment_id=payment_id,
        finding=one.finding,
        reference=one.reference,
        ours=str(one.ours) if one.ours else "",
        theirs=str(one.theirs) if one.theirs else "",
        at=clock.now(),
    )
    with writing(db.session):
        db.session.add(row)
