"""The one writer of a payment's status.

A move is a conditional UPDATE with one event row in the same transaction; whoever changes the
row has won, and everybody else sees that it was done.
"""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Select, Table, bindparam, inspect, select, update
from sqlalchemy.orm import joinedload

from pos import clock
from pos.database import rows_changed, writing
from pos.errors import IllegalMove, NotFound
from pos.extensions import db, settings
from pos.gateways import capabilities_of
from pos.models import Payment, PaymentEvent, Shift, Till
from pos.services.asking import checks, planning
from pos.services.webhooks import telling
from pos.states import MARKS, UNVERIFIED, EventName, PaymentStatus, Remark, event_of
from pos.words import _

_TILLS, _PAYMENTS = (cast("Table", one.__table__) for one in (Till, Payment))
_BUMP = (
    update(_TILLS)
    .where(_TILLS.c.id == bindparam("till_id"))
    .values(screen_version=_TILLS.c.screen_version + 1)
)
_TURN = select(_TILLS.c.id).where(_TILLS.c.id == bindparam("till_id")).with_for_update()
_TURN_OF: dict[type[Payment | Shift], Select[int]] = {
    one: select(_TILLS.c.id)
    .where(
        _TILLS.c.id == select(one.till_id).where(one.id == bindparam("row_id")).scalar_subquery()
    )
    .with_for_update()
    for one in (Payment, Shift)
}
"""A row never goes to another till, so its till may be found before its turn has come."""

_WITH_ACCOUNT = (
    select(Payment)
    .where(Payment.id == bindparam("payment_id"))
    .options(joinedload(Payment.account))
)
"""Written once: each is done several times for each payment, and building it costs as much."""


def find(tran_id: str, till_id: int | None = None) -> Payment:
    """Return the payment of our number `tran_id`; NotFound, also where it is another till's."""
    payment = db.session.scalar(select(Payment).where(Payment.tran_id == tran_id))
    if payment is None or (till_id is not None and payment.till_id != till_id):
        raise NotFound(_("There is no such payment."))
    return payment


def take_turn(till_id: int) -> bool:
    """Wait, in the open transaction, until no other writer is at work at this till.

    Whoever writes about a till's payments, sales or shifts takes its turn first and reads
    afterwards what it decides on; what it read before is old where this is True. So a report
    misses no money that comes while it is written, and no two writers wait for each other. On
    SQLite one transaction writes at a time: it has waited when it began.
    """
    if db.session.get_bind().dialect.name == "sqlite":
        return False
    db.session.execute(_TURN, {"till_id": till_id})
    return True


def take_turn_of(whose: type[Payment | Shift], row_id: int) -> None:
    """Wait as `take_turn` does, at the till of a payment or a shift that is still to be read."""
    if db.session.get_bind().dialect.name != "sqlite":
        db.session.execute(_TURN_OF[whose], {"row_id": row_id})


def take(payment_id: int) -> Payment:
    """Return a payment as it is now, for changing: its till's other writers are done."""
    take_turn_of(Payment, payment_id)
    return read(payment_id)


def retake(payment: Payment) -> Payment:
    """Return the payment of this row as `take` does, without reading first what will be old."""
    identity = inspect(payment).identity
    assert identity is not None, "a payment that no commit has written"
    return take(identity[0])


def read(payment_id: int) -> Payment:
    """Return a payment as it is now, with the account it is paid to, in one query."""
    found = db.session.scalars(
        _WITH_ACCOUNT,
        {"payment_id": payment_id},
        execution_options={"populate_existing": True},
    )
    return found.one()


def move(
    payment: Payment,
    new: PaymentStatus,
    *,
    who: str,
    remark: Remark | None = None,
    facts: dict[str, Any] | None = None,
    by: EventName | None = None,
    **columns: Any,
) -> bool:
    """Take a payment from the state it was read in to `new`; return whether this call did.

    Writes the status with `columns`, one event and the till's screen version; or nothing, where
    somebody else was quicker. `by` names a manager's correction. IllegalMove for a step that
    `pos/states/` does not have.
    """
    payment_id, tran_id, till_id = payment.id, payment.tran_id, payment.till_id
    old = payment.status
    name = event_of(old, new, by)
    if name is None:
        raise IllegalMove(old, new, tran_id)
    with writing(db.session):
        take_turn(till_id)
        values = {**columns, "status": new, "changed_at": clock.now()}
        if remark is not None:
            values["remark"] = remark
        # The bare table: an UPDATE by the model is made ready anew each time it is done.
        is_old = _PAYMENTS.c.id == payment_id, _PAYMENTS.c.status == old
        claim = update(_PAYMENTS).where(*is_old)
        if rows_changed(db.session, claim.values(**values)) != 1:
            return False
        read(payment_id)
        schedule(payment)
        _plan_close(payment)
        write_event(payment, name, old=old, who=who, facts=facts)
        bump_screens(till_id)
        return True


def write_event(
    payment: Payment,
    name: EventName,
    *,
    who: str,
    old: PaymentStatus | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Add one line to a payment's history, inside the transaction of what it tells of.

    With it goes what other systems are told of it.
    """
    db.session.add(
        PaymentEvent(
            payment_id=payment.id,
            at=clock.now(),
            name=name,
            old=old or payment.status,
            new=payment.status,
            who=who,
            facts=facts or {},
        )
    )
    telling.of_payment(payment, name, facts or {})


def mark(
    payment: Payment,
    remark: Remark | None,
    *,
    who: str,
    facts: dict[str, Any],
    name: EventName = EventName.LATE_MONEY,
) -> None:
    """Say of a payment that keeps its state what a person must know: money came after all.

    Writes the remark, one event and the screen version, inside the open transaction.
    """
    payment.remark, payment.changed_at = remark, clock.now()
    write_event(payment, name, who=who, facts=facts)
    bump_screens(payment.till_id)


def schedule(payment: Payment) -> None:
    """Set when the gateway is next asked about this payment; written with the transaction."""
    payment.next_check_at = next_check(payment, clock.now())


def _plan_close(payment: Payment) -> None:
    """Have the gateway close a QR that was taken off the screens, if it can and knows of it.

    One whose time is up may be in the middle of being paid, so it gets the grace as well.
    """
    withdrawn = payment.status in UNVERIFIED or payment.status is PaymentStatus.CREATE_FAILED
    if not withdrawn or payment.lookup is None:
        return
    if capabilities_of(payment.account.gateway).can_close:
        is_over = payment.status is PaymentStatus.EXPIRING
        grace = timedelta(seconds=settings().grace_seconds if is_over else 0)
        payment.close_at = clock.now() + grace


def next_check(payment: Payment, now: datetime) -> datetime | None:
    """Return when the gateway should next be asked about this payment, by the settings."""
    if payment.remark in MARKS:
        return checks.while_marked(payment.changed_at, now)
    chosen, is_metered = settings(), payment.account.daily_quota > 0
    return checks.next_check(
        payment.status,
        now=now,
        shown_at=payment.shown_at or payment.made_at,
        changed_at=payment.changed_at,
        expires_at=payment.expires_at,
        ladder=planning.rungs_of(payment.account) if is_metered else checks.UNMETERED,
        grace_seconds=chosen.grace_seconds,
        watch_hours=chosen.watch_hours,
        is_metered=is_metered,
        answered_at=payment.answered_at,
    )


def decisive_from(payment: Payment) -> datetime:
    """Return the earliest start of a question whose "not found" may end this payment."""
    return checks.decisive_from(
        payment.status,
        changed_at=payment.changed_at,
        expires_at=payment.expires_at,
        grace_seconds=settings().grace_seconds,
    )


def bump_screens(till_id: int) -> None:
    """Make the next poll of this till's screens draw anew, within the open transaction."""
    # What waits to be written goes with the commit, each row once.
    with db.session.no_autoflush:
        db.session.execute(_BUMP, {"till_id": till_id})
