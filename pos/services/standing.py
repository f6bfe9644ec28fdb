"""What a run of reconciling still has to ask about: money that should stand, QRs without money."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from pos import clock
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.models import GatewayTransaction, Payment, ReconcileCheck, ReconcileRun, Store, Till
from pos.states import MARKS, UNVERIFIED, WATCHED, PaymentStatus

_P = PaymentStatus

Ids = frozenset[int]


def midnight(day: date) -> datetime:
    """Return the instant at which a business day begins."""
    return datetime.combine(day, time(0), clock.SHOP_ZONE)


def money(run: ReconcileRun, seen: Ids, limit: int) -> list[GatewayTransaction]:
    """Return money booked on the run's day that settled a sale, but for what is in `seen`."""
    query = _money(run).where(GatewayTransaction.id.not_in(seen))
    return list(db.session.scalars(query.order_by(GatewayTransaction.id).limit(limit)))


def qrs(run: ReconcileRun, seen: Ids, limit: int) -> list[Payment]:
    """Return payments made on the run's day that no money is booked for, but for `seen`.

    A QR that a customer may still be paying is asked about anyway, and not meant here.
    """
    query = _qrs(run).where(Payment.id.not_in(seen))
    return list(db.session.scalars(query.order_by(Payment.id).limit(limit)))


def count_left(run: ReconcileRun) -> int:
    """Return how many pieces of money, QRs and lists this run has not heard about yet."""
    return sum(_count(query) for query in (_money(run), _qrs(run))) + has_list_left(run)


def has_list_left(run: ReconcileRun) -> bool:
    """Return whether the bank's own list of the day is still to be compared.

    Of a day on which nothing was charged there is none to read.
    """
    store = db.session.get_one(Store, run.store_id)
    if run.listed_at is not None or not capabilities_of(store.account.gateway).can_list:
        return False
    charged = select(Payment.id).where(
        Payment.till_id.in_(_tills(run)), _in_day(run, Payment.made_at)
    )
    return db.session.scalar(charged.limit(1)) is not None


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
