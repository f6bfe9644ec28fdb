"""What a run of reconciling still has to ask about: money that should stand, QRs without money."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from pos import clock
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.models import (
    GatewayAccount,
    GatewayTransaction,
    Payment,
    ReconcileCheck,
    ReconcileList,
    ReconcileRun,
    Restore,
    Store,
    Till,
)
from pos.states import MARKS, UNVERIFIED, WATCHED, PaymentStatus

_P = PaymentStatus

Ids = frozenset[int]


def midnight(day: date) -> datetime:
    """Return the instant at which a business day begins."""
    return datetime.combine(day, time(0), clock.SHOP_ZONE)


def money(
    run: ReconcileRun, seen: Ids, limit: int, without: Ids = frozenset()
) -> list[GatewayTransaction]:
    """Return money booked on the run's day that settled a sale, but for what is in `seen`.

    `without` are accounts that cannot be asked now.
    """
    query = _money(run).where(
        GatewayTransaction.id.not_in(seen), Payment.account_id.not_in(without)
    )
    return list(db.session.scalars(query.order_by(GatewayTransaction.id).limit(limit)))


def qrs(run: ReconcileRun, seen: Ids, limit: int, without: Ids = frozenset()) -> list[Payment]:
    """Return payments made on the run's day that no money is booked for, but for `seen`.

    A QR that a customer may still be paying is asked about anyway, and not meant here.
    """
    query = _qrs(run).where(Payment.id.not_in(seen), Payment.account_id.not_in(without))
    return list(db.session.scalars(query.order_by(Payment.id).limit(limit)))


def count_left(run: ReconcileRun) -> int:
    """Return how many pieces of money, QRs and lists this run has not heard about yet."""
    return sum(_count(query) for query in (_money(run), _qrs(run))) + len(lists_left(run))


def lists_left(run: ReconcileRun) -> list[int]:
    """Return the accounts whose own list of the day is still to be compared.

    Those in use now, at the store or at a till of it, and those used that day. Of a day on
    which nothing was charged there is no list to read, unless a restore lost what was.
    """
    if not _accounts_of(run, _in_day(run, Payment.made_at)) and not _was_lost(run):
        return []
    done = select(ReconcileList.account_id).where(ReconcileList.run_id == run.id)
    return sorted(_listing(run) - set(db.session.scalars(done)))


def _was_lost(run: ReconcileRun) -> bool:
    """Return whether the books of this day, or a part of it, were lost by a restore."""
    begins, ends = clock.day_span(run.on)
    lost = select(Restore.id).where(Restore.taken_at < ends, Restore.at >= begins)
    return db.session.scalar(lost.limit(1)) is not None


def accounts_left_behind(run: ReconcileRun, since: datetime) -> list[int]:
    """Return accounts that give out lists, are in use no more, and had money since an instant."""
    had_money = _paid(GatewayTransaction.paid_at >= since)
    return sorted(_which_list(_accounts_of(run, had_money)) - _listing(run))


def _listing(run: ReconcileRun) -> set[int]:
    """Return the accounts with a list for this run to read, read or not."""
    used = or_(_in_day(run, Payment.made_at), _paid(_in_day(run, GatewayTransaction.paid_at)))
    store = db.session.get_one(Store, run.store_id)
    own = select(Till.own_account_id).where(Till.store_id == run.store_id)
    in_use = {one for one in db.session.scalars(own) if one is not None} | {store.account_id}
    return _which_list(in_use | _accounts_of(run, used))


def _accounts_of(run: ReconcileRun, where: ColumnElement[bool]) -> set[int]:
    query = select(Payment.account_id).where(Payment.till_id.in_(_tills(run)), where)
    return set(db.session.scalars(query.distinct()))


def _paid(when: ColumnElement[bool]) -> ColumnElement[bool]:
    money = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == Payment.id, when)
    return money.correlate(Payment).exists()


def _which_list(account_ids: set[int]) -> set[int]:
    query = select(GatewayAccount).where(GatewayAccount.id.in_(account_ids))
    rows = db.session.scalars(query)
    return {row.id for row in rows if capabilities_of(row.gateway).can_list}


def _count(query: Select[GatewayTransaction] | Select[Payment]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _money(run: ReconcileRun) -> Select[GatewayTransaction]:
    """Booked on that day, whenever it was sent: so no money falls between two days."""
    return (
        select(GatewayTransaction)
        .join(Payment, Payment.id == GatewayTransaction.payment_id)
        .where(
            Payment.till_id.in_(_tills(run)),
            GatewayTransaction.settles_sale_id.is_not(None),
            _in_day(run, GatewayTransaction.recorded_at),
            ~_is_checked(run, ReconcileCheck.transaction_id == GatewayTransaction.id),
        )
    )


def _qrs(run: ReconcileRun) -> Select[Payment]:
    booked = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == Payment.id)
    is_over = Payment.expires_at <= clock.now()
    waits = or_(
        Payment.status.in_(UNVERIFIED | (WATCHED - {_P.FAILED})),
        and_(Payment.status.in_({_P.AWAITING, _P.FAILED}), is_over),
        and_(Payment.status == _P.PAID, Payment.remark.in_(MARKS)),
    )
    unheard = and_(ReconcileCheck.transaction_id.is_(None), ReconcileCheck.payment_id == Payment.id)
    return select(Payment).where(
        Payment.till_id.in_(_tills(run)),
        Payment.lookup.is_not(None),
        _in_day(run, Payment.made_at),
        waits,
        ~booked.correlate(Payment).exists(),
        ~_is_checked(run, unheard),
    )


def _tills(run: ReconcileRun) -> Select[int]:
    return select(Till.id).where(Till.store_id == run.store_id)


def _in_day(run: ReconcileRun, instant: InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    return and_(instant >= midnight(run.on), instant < midnight(run.on + timedelta(days=1)))


def _is_checked(run: ReconcileRun, about: ColumnElement[bool]) -> ColumnElement[bool]:
    query = select(ReconcileCheck.id).where(ReconcileCheck.run_id == run.id, about)
    return query.correlate(GatewayTransaction, Payment).exists()
