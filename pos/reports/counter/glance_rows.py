"""The two queries of a glance: a row on indexes for each till, or for each customer's display."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import BindParameter, Dialect, and_, bindparam, case, or_, select, text
from sqlalchemy.orm import aliased

from pos.models import (
    Display,
    Lease,
    Login,
    Payment,
    Resolution,
    Sale,
    Shift,
    Tender,
    Terminal,
    Till,
    TipAsk,
    User,
)
from pos.models.tip_ask import IS_ASKING
from pos.reports.counter import newest
from pos.reports.prepared import Prepared
from pos.states import SaleStatus

WORKER = "worker"

_NEWEST = (
    Payment.status,
    Payment.remark,
    Payment.changed_at,
    Payment.expires_at,
    Sale.void_asked_at,
    select(Resolution.id)
    .where(Resolution.payment_id == Payment.id)
    .correlate(Payment)
    .exists()
    .label("is_decided"),
)


_IS_OPEN = text("shift.closed_at IS NULL")
"""Spelt out, as the partial index is: SQLite finds it by the words."""


_PAID_BY = aliased(Sale)

_CASH_AT = (
    select(Tender.taken_at)
    .join(_PAID_BY, _PAID_BY.id == Tender.sale_id)
    .where(Tender.shift_id == Shift.id, _PAID_BY.status == SaleStatus.PAID)
    .order_by(Tender.id.desc())
    .limit(1)
    .correlate(Shift)
    .scalar_subquery()
    .label("cash_at")
)
"""When cash last settled a sale of the open shift."""

_TIP_ENDS = (
    select(TipAsk.ends_at)
    .where(TipAsk.shift_id == Shift.id, IS_ASKING)
    .limit(1)
    .correlate(Shift)
    .scalar_subquery()
    .label("tip_ends_at")
)
"""Until when the customer of the open shift may choose a tip; NULL where nobody is asked."""


def keys_of(many: int) -> list[str]:
    """Return the names under which the proofs of so many screens are given to a query."""
    return [f"key{number}" for number in range(many)]


def _keys(many: int) -> Sequence[BindParameter[str]]:
    return [bindparam(name) for name in keys_of(many)]


@lru_cache(maxsize=4)
def at_till(dialect: Dialect, many: int = 1) -> Prepared:
    """Return the query of the tills of so many logins, as of `now`, if `awake` since."""
    query = (
        select(
            Lease.ticked_at,
            Login.token_hash.label("key"),
            Login.expires_at.label("login_ends_at"),
            case((Login.terminal_id.is_not(None), Login.seen_at)).label("touched_at"),
            Till.id.label("till_id"),
            Till.screen_version,
            Shift.id.label("shift_id"),
            Shift.status.label("shift_status"),
            Payment.asked_at,
            _TIP_ENDS,
            *_NEWEST,
        )
        .select_from(Login)
        .join(User, User.id == Login.user_id)
        .outerjoin(Terminal, Terminal.id == Login.terminal_id)
        .outerjoin(Shift, and_(Shift.cashier_id == User.id, _IS_OPEN))
        .outerjoin(Till, Till.id == Shift.till_id)
        .outerjoin(Payment, Payment.id == newest.of_till(Till.id))
        .outerjoin(Sale, Sale.id == Payment.sale_id)
        .outerjoin(Lease, Lease.name == WORKER)
        .where(
            Login.token_hash.in_(_keys(many)),
            Login.ended_at.is_(None),
            Login.expires_at > bindparam("now", type_=Login.expires_at.type),
            User.is_active,
            or_(
                Login.terminal_id.is_(None),
                and_(
                    Terminal.revoked_at.is_(None),
                    Login.seen_at > bindparam("awake", type_=Login.seen_at.type),
                ),
            ),
        )
    )
    return Prepared(query, dialect)


@lru_cache(maxsize=4)
def at_display(dialect: Dialect, many: int = 1) -> Prepared:
    """Return the query of so many customers' displays."""
    query = (
        select(
            Display.token_hash.label("key"),
            Display.id.label("display_id"),
            Display.till_id,
            Display.wanted_till_id,
            Display.pairing_code,
            Display.code_expires_at,
            Display.last_seen_at,
            Till.screen_version,
            Till.receipt_sale_id,
            Till.receipt_asked_at,
            Shift.id.label("shift_id"),
            Shift.status.label("shift_status"),
            _CASH_AT,
            _TIP_ENDS,
            *_NEWEST,
        )
        .select_from(Display)
        .outerjoin(Till, Till.id == Display.till_id)
        .outerjoin(Shift, and_(Shift.till_id == Till.id, _IS_OPEN))
        .outerjoin(Payment, Payment.id == newest.of_till(Till.id))
        .outerjoin(Sale, Sale.id == Payment.sale_id)
        .where(Display.token_hash.in_(_keys(many)))
    )
    return Prepared(query, dialect)
