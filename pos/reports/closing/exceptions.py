"""Money that needs a person: wrong, late, double, after a cancel, or called paid and never seen.

An item is one piece of money that settles no sale, of a payment whose remark calls for a
person; or such a payment without any money; or money that settled a sale and that the bank does
not confirm any more. It is open until a manager's last word on it.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from pos.extensions import db
from pos.models import (
    GatewayTransaction,
    Payment,
    PaymentEvent,
    Resolution,
    Shift,
    Till,
    User,
)
from pos.money import Money
from pos.permissions import Right
from pos.reports.closing import last_told
from pos.reports.closing.last_told import Last
from pos.reports.wording import NEEDS_A_PERSON, REMARK, RESOLUTION
from pos.states import UNCLOSED, Remark, ResolutionKind, is_final
from pos.words import _

_DECISIONS = (
    select(Resolution)
    .where(
        Resolution.payment_id == bindparam("about_payment"),
        func.coalesce(Resolution.transaction_id, 0) == bindparam("about_money"),
    )
    .order_by(Resolution.step)
)

_FINAL = tuple(kind for kind in ResolutionKind if is_final(kind))

FOUND_AT = func.coalesce(GatewayTransaction.recorded_at, Payment.changed_at)
"""When an item was found, as `Item.at` has it, for a query."""

MONEY_ID = func.coalesce(GatewayTransaction.id, 0)
"""The id of an item's money, 0 where the bank reported none, for a query."""

Tills = Select[int]
"""A query for the tills whose money is meant."""

_AS_IT_IS = {"populate_existing": True}
"""What was read earlier for the same page may be older than what makes it an item."""


@dataclass(frozen=True, kw_only=True)
class MoneyException:
    """One such piece of money, as a till or a report shows it.

    What has a default was added later: older reports are stored without it.
    """

    tran_id: str
    sale_number: int
    amount: Money
    received: Money | None
    remark_text: str
    at: datetime
    resolution_text: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One such piece of money with its rows; `decisions` in their order, perhaps none."""

    payment: Payment
    money: GatewayTransaction | None
    decisions: tuple[Resolution, ...]

    @property
    def remark(self) -> Remark:
        """What is wrong with it."""
        remark = self.decisions[0].remark if self.decisions else self.payment.remark
        assert remark is not None
        return remark

    @property
    def at(self) -> datetime:
        """When it was found."""
        return self.money.recorded_at if self.money else self.payment.changed_at


def tills_of(user: User) -> Tills:
    """Return the tills whose money this person sees: a manager the store's, else the open one."""
    if user.may(Right.SEE_ALL_TILLS):
        return select(Till.id).where(Till.store_id == user.store_id)
    mine = select(Shift.till_id).where(Shift.cashier_id == user.id)
    return mine.where(Shift.status.in_(UNCLOSED))


def open_items(
    tills: Tills, *which: ColumnElement[bool], most: int | None = None
) -> tuple[Item, ...]:
    """Return what these tills have that a manager has not had the last word on, oldest first.

    `which` narrows it, by payments and their money; `most` are returned.
    """
    query = _open().where(Payment.till_id.in_(tills), *which)
    query = query.order_by(FOUND_AT, Payment.id, MONEY_ID).limit(most)
    rows = db.session.execute(query, execution_options=_AS_IT_IS).all()
    return _items([(row[0], row[1]) for row in rows])


def count_open(tills: Tills, *which: ColumnElement[bool]) -> int:
    """Return how many items these tills have open; `which` narrows it."""
    return db.session.scalar(_count_open().where(Payment.till_id.in_(tills), *which)) or 0


def remarked(remark: Remark) -> ColumnElement[bool]:
    """Return whether this is wrong with an item, as `Item.remark` has it, for a query."""
    first = select(Resolution.remark).where(_is_about()).order_by(Resolution.step).limit(1)
    told = first.correlate(Payment, GatewayTransaction).scalar_subquery()
    return func.coalesce(told, Payment.remark) == remark


def undecided(till_id: int) -> tuple[MoneyException, ...]:
    """Return what a till has that nobody has decided anything about, oldest first."""
    items = open_items(select(Till.id).where(Till.id == till_id))
    return tuple(_exception(item) for item in items if not item.decisions)


def decisions(payment_id: int, transaction_id: int | None) -> tuple[Resolution, ...]:
    """Return what was decided about one piece of money, first to last."""
    about = {"about_payment": payment_id, "about_money": transaction_id or 0}
    return tuple(db.session.scalars(_DECISIONS, about))


def of_shift(shift: Shift, told: Last | None = None) -> tuple[MoneyException, ...]:
    """Return what was found, or decided, that no report before this shift's tells of.

    Oldest first. Money that arrives while a till is closed so lands with its next shift. What
    counts is the order in which things were booked and not the time: that may have been set back.
    `told` is how far that report told, where it was read already.
    """
    since = vars(told or last_told.before(shift))
    told_of = {"till_id": shift.till_id, **since}
    rows = db.session.execute(_untold(), told_of, execution_options=_AS_IT_IS).all()
    return tuple(_exception(item) for item in _items([(row[0], row[1]) for row in rows]))


def _items(rows: list[tuple[Payment, GatewayTransaction | None]]) -> tuple[Item, ...]:
    items = [
        Item(
            payment=payment,
            money=money,
            decisions=decisions(payment.id, money.id if money else None),
        )
        for payment, money in rows
    ]
    return tuple(sorted(items, key=lambda item: item.at))


def _pairs() -> Select[Payment, GatewayTransaction]:
    """Pair each payment with each of its money; a mark without money stands alone."""
    money = GatewayTransaction.payment_id == Payment.id
    return select(Payment, GatewayTransaction).outerjoin(GatewayTransaction, money)


def _calls() -> ColumnElement[bool]:
    """Whether a payment and this money of it, or none, need a person."""
    settles_nothing = GatewayTransaction.settles_sale_id.is_(None)
    unconfirmed = Payment.remark == Remark.UNCONFIRMED
    return and_(
        Payment.remark.in_(NEEDS_A_PERSON),
        or_(and_(settles_nothing, ~unconfirmed), and_(~settles_nothing, unconfirmed)),
    )


def _is_denied() -> ColumnElement[bool]:
    """Whether the bank denies this: a mark without money, or money it had confirmed."""
    return or_(GatewayTransaction.id.is_(None), Payment.remark == Remark.UNCONFIRMED)


@cache
def _open() -> Select[Payment, GatewayTransaction]:
    """Select what is open at every till; made once, for it costs more than its answer."""
    return _pairs().where(_calls(), ~_decided(Resolution.kind.in_(_FINAL)))


@cache
def _count_open() -> Select[int]:
    return _open().with_only_columns(func.count(Payment.id))


@cache
def _untold() -> Select[Payment, GatewayTransaction]:
    """Select what came, or was decided, at a till after the newest of each that was told of."""
    denied = select(PaymentEvent.id).where(
        PaymentEvent.payment_id == Payment.id,
        PaymentEvent.name.in_(last_told.DENIALS),
        PaymentEvent.id > bindparam("last_denial_id"),
    )
    is_new = or_(
        GatewayTransaction.id > bindparam("last_money_id"),
        and_(_is_denied(), denied.correlate(Payment).exists()),
        _decided(Resolution.id > bindparam("last_decision_id")),
    )
    return _ever().where(is_new)


def _ever() -> Select[Payment, GatewayTransaction]:
    """Select what ever needed a person at a till, without walking all of its payments."""
    at_till = Payment.till_id == bindparam("till_id")
    remarked = select(Payment.id).where(at_till, Payment.remark.is_not(None))
    decided = select(Resolution.payment_id)
    some = Payment.id.in_(remarked.union(decided))
    return _pairs().where(at_till, some, or_(_calls(), _decided()))


def _decided(*how: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether there is a decision about this money, or about this mark without money."""
    found = select(Resolution.id).where(_is_about(), *how)
    return found.correlate(Payment, GatewayTransaction).exists()


def _is_about() -> ColumnElement[bool]:
    about_money = func.coalesce(Resolution.transaction_id, 0) == MONEY_ID
    return and_(Resolution.payment_id == Payment.id, about_money)


def _exception(item: Item) -> MoneyException:
    return MoneyException(
        tran_id=item.payment.tran_id,
        sale_number=item.payment.sale.number,
        amount=item.payment.amount,
        received=item.money.amount if item.money else None,
        remark_text=REMARK[item.remark],
        at=item.at,
        resolution_text=decision_text(item.decisions[-1]) if item.decisions else "",
    )


def decision_text(row: Resolution) -> str:
    """Return a decision in words: what, by whose word."""
    return _(
        "%(decision)s, %(manager)s",
        decision=RESOLUTION[row.kind],
        manager=row.approved_by.display_name,
    )
