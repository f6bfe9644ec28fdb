"""Opening a till for a cashier, and closing it with a numbered report."""

from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from pos import clock
from pos.database import writing
from pos.errors import BadInput, NotFound, QrWaiting, Refused, ShiftClosed
from pos.extensions import db, settings
from pos.models import Payment, Refund, Shift, Till, User, ZReport
from pos.money import Money
from pos.permissions import Right
from pos.reports.closing import drawer, z_report
from pos.services.auditing import chaining
from pos.services.selling import checkout, tip_asks, waiting
from pos.services.settling import payments
from pos.services.shop import limits
from pos.services.webhooks import telling
from pos.states import UNCLOSED, RefundStatus, ShiftStatus
from pos.words import _

# The bare tables: an UPDATE by the model is made ready anew each time it is done.
_PAYMENTS, _REFUNDS = (cast("Table", one.__table__) for one in (Payment, Refund))
_P, _R = _PAYMENTS.c, _REFUNDS.c
_MONEY_FOUND = (
    update(_PAYMENTS)
    .where(_P.till_id == bindparam("till"), _P.paid_at.is_not(None), _P.paid_shift_id.is_(None))
    .values(paid_shift_id=bindparam("shift"))
)
_GIVEN_BACK = (
    update(_REFUNDS)
    .where(
        _R.payment_id.in_(select(_P.id).where(_P.till_id == bindparam("till"))),
        _R.status == RefundStatus.DONE,
        _R.shift_id.is_(None),
    )
    .values(shift_id=bindparam("shift"))
)
_TILL_AND_PERSON = (
    select(Till.store_id, Till.is_online, Till.retired_at)
    .add_columns(User.store_id.label("store_of_cashier"))
    .join(User, User.id == bindparam("cashier"))
    .where(Till.id == bindparam("till"))
)
_WITH_STORE = joinedload(Shift.till).joinedload(Till.store)
_TAKEN = select(Shift).where(Shift.id == bindparam("shift_id")).options(_WITH_STORE)
_TAKEN = _TAKEN.execution_options(populate_existing=True)


def open_shift(
    till_id: int, cashier_id: int, floats: tuple[Money, Money], *, online: bool = False
) -> Shift:
    """Open a till for a cashier with the cash in its drawer, dollars then riel.

    Takes over money that arrived while the till was closed. Refused where the till or the
    cashier has an open shift already. The till where programs sell is no person's: `online`.
    """
    dollars, riel = floats
    now = clock.now()
    try:
        with writing(db.session):
            payments.take_turn(till_id)
            shift = Shift(
                till_id=till_id,
                cashier_id=cashier_id,
                status=ShiftStatus.OPEN,
                opened_at=now,
                business_date=clock.business_date(now, settings().day_starts_hour),
                float_usd_minor=dollars.minor,
                float_khr_minor=riel.minor,
            )
            _refuse_other_till(till_id, cashier_id, online)
            db.session.add(shift)
            db.session.flush()
            _take_over_money(shift)
            payments.bump_screens(till_id)
    except IntegrityError:
        raise Refused(_("This till, or this cashier, already has an open shift.")) from None
    return shift


def _refuse_other_till(till_id: int, cashier_id: int, online: bool) -> None:
    known = {"till": till_id, "cashier": cashier_id}
    till = db.session.execute(_TILL_AND_PERSON, known).one_or_none()
    if till is None or till.store_id != till.store_of_cashier or till.is_online != online:
        raise BadInput(_("Choose one of the tills of this store."))
    if till.retired_at is not None:
        raise BadInput(_("Nobody sells at this till any more. Choose another."))


def _take_over_money(shift: Shift) -> None:
    """Put money found, or given back, while the till was closed into this shift's report."""
    for found in (_MONEY_FOUND, _GIVEN_BACK):
        db.session.execute(found, {"till": shift.till_id, "shift": shift.id})


def open_shift_of(cashier_id: int) -> Shift | None:
    """Return the shift in which a cashier sells, or None; not one that is being counted."""
    shift = unclosed_shift_of(cashier_id)
    return shift if shift is not None and shift.status is ShiftStatus.OPEN else None


def unclosed_shift_of(cashier_id: int) -> Shift | None:
    """Return the shift that a cashier has open, or is to count, or None."""
    query = select(Shift).where(Shift.cashier_id == cashier_id, Shift.closed_at.is_(None))
    return db.session.scalar(query.options(_WITH_STORE))


def find(shift_id: int, user: User, others: Right = Right.SEE_ALL_TILLS) -> Shift:
    """Return a shift of this person, or with the right `others` any of their store's.

    NotFound where it is not theirs, as if there were none.
    """
    shift = db.session.get(Shift, shift_id, options=[_WITH_STORE])
    if shift is None or shift.till.store_id != user.store_id:
        raise NotFound(_("There is no such shift."))
    if shift.cashier_id != user.id and not user.may(others):
        raise NotFound(_("There is no such shift."))
    return shift


def may_close(shift: Shift, user: User) -> bool:
    """Return whether this person may count and close a shift of their store."""
    is_mine = shift.cashier_id == user.id and user.may(Right.OPEN_SHIFT)
    return shift.status in UNCLOSED and (is_mine or user.may(Right.CLOSE_OTHERS))


def is_blind_to(shift: Shift, user: User) -> bool:
    """Return whether a person may not know yet what cash the books expect of a shift.

    Whoever works an unclosed shift, a manager too, and every cashier, unless the shop counts
    with open eyes.
    """
    if shift.status not in UNCLOSED or not limits.of(shift.till.store).blind_count:
        return False
    return not user.may(Right.SEE_FIGURES) or shift.cashier_id == user.id


def close_shift(shift_id: int, closed_by_id: int) -> ZReport:
    """End a shift whose drawer never held cash, and write its Z report, in one transaction.

    Refused while a QR of the till still waits, and where there is cash to be counted first. QRs
    whose last check is out are listed on the report as unverified. A shift closed by somebody
    else is ShiftClosed.
    """
    with writing(db.session):
        shift = take(shift_id)
        if shift.status in UNCLOSED:
            refuse_waiting(shift, closed_by_id)
            if not drawer.is_untouched(shift):
                raise Refused(_("Count the drawer before the shift is closed."))
        return end(shift, ShiftStatus.CLOSED, closed_by_id)


def refuse_waiting(shift: Shift, person_id: int) -> None:
    """Raise QrWaiting while somebody may be paying a QR of this shift's till.

    A QR whose time is up is taken off first, in this person's name.
    """
    last = checkout.live_payment(shift.till_id)
    if last is not None:
        person = db.session.get_one(User, person_id)
        last = checkout.end_overdue(shift.till_id, who=f"{person.role}:{person.username}")
    if last is not None or (shift.till.is_online and waiting.is_waited_for(shift.till)):
        raise QrWaiting(_("A QR is still waiting at this till. Cancel it first."))


def take(shift_id: int) -> Shift:
    """Return a shift as it is now, for changing: its till's other writers are done."""
    payments.take_turn_of(Shift, shift_id)
    return db.session.scalars(_TAKEN, {"shift_id": shift_id}).one()


def end(shift: Shift, status: ShiftStatus, closed_by_id: int | None) -> ZReport:
    """Close a shift that was taken, and write its Z report, within the open transaction.

    Its number is the till's next, without gaps. A question about a tip is dropped: nothing was
    charged yet. ShiftClosed where it is closed already.
    """
    if shift.status not in UNCLOSED:
        raise ShiftClosed(_("This shift is already closed."))
    tip_asks.drop(shift.id)
    shift.version += 1
    shift.status, shift.closed_at, shift.closed_by_id = status, clock.now(), closed_by_id
    shift.close_problem, shift.next_close_at = "", None
    db.session.flush()
    # The till's own row hands out the numbers: a database sequence would leave gaps.
    # It may have been read before its turn came, so it is read anew.
    till = db.session.get_one(Till, shift.till_id, populate_existing=True, with_for_update=True)
    number = till.last_z_number + 1
    report = ZReport(
        till_id=till.id,
        shift_id=shift.id,
        number=number,
        written_at=shift.closed_at,
        body=z_report.to_json(z_report.gather(shift, number)),
    )
    till.last_z_number = number
    chaining.add(till, report)
    # Its row is held and was read anew: one UPDATE writes all of it.
    till.screen_version += 1
    db.session.flush()
    telling.of_shift(report)
    return report
