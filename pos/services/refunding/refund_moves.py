"""The one writer of a refund's status, and of how much of its money is spoken for.

Money is reserved by one conditional UPDATE before anything is sent, and set free by a clear no
alone. So no two refunds together can give back more than was paid, whoever races.
"""

from typing import Any

from sqlalchemy import update

from pos import clock
from pos.database import rows_changed
from pos.errors import IllegalMove, Refused
from pos.extensions import db
from pos.models import GatewayTransaction, Refund, Resolution
from pos.money import Money
from pos.reports.closing import exceptions
from pos.services.bookkeeping import corrections
from pos.services.selling import sales
from pos.services.settling import payments
from pos.states import (
    REFUND_MOVES,
    EventName,
    RefundKind,
    RefundStatus,
    Remark,
    ResolutionKind,
    is_final,
)
from pos.words import _

_R = RefundStatus

NOT_OURS = frozenset({Remark.WRONG_RECEIVER, Remark.GIVEN_BACK})
"""Money with these remarks is not on our account, or not any more: it cannot go back from there."""


def reserve(money: GatewayTransaction, amount: Money) -> None:
    """Speak for an amount of the money, in the open transaction; Refused where less is left."""
    gone = GatewayTransaction.refunded_minor + GatewayTransaction.returned_minor
    claim = update(GatewayTransaction).where(
        GatewayTransaction.id == money.id,
        GatewayTransaction.currency == amount.currency,
        gone + amount.minor <= GatewayTransaction.amount_minor,
    )
    more = GatewayTransaction.refunded_minor + amount.minor
    if rows_changed(db.session, claim.values(refunded_minor=more)) != 1:
        db.session.refresh(money)
        raise Refused(
            _("That is more than is left of this payment: %(amount)s.", amount=money.left)
        )
    db.session.refresh(money)


def take(refund_id: int) -> Refund:
    """Return a refund as it is now, for changing: its till's other writers are done."""
    refund = db.session.get_one(Refund, refund_id)
    payments.take(refund.payment_id)
    db.session.refresh(refund)
    db.session.refresh(refund.transaction)
    return refund


def move(refund: Refund, new: RefundStatus, *, who: str, **columns: Any) -> bool:
    """Take a refund from the state it was read in to `new`; return whether this call did.

    Works in the open transaction. IllegalMove for a step that `pos/states/` does not have. One
    that is done counts in the till's open shift; one that was refused frees its money.
    """
    old = refund.status
    if new not in REFUND_MOVES[old]:
        raise IllegalMove(old, new, refund.payment.tran_id)
    is_over = new in (_R.DONE, _R.REFUSED)
    if is_over:
        columns = {"next_look_at": None, **columns, "ended_at": clock.now()}
    if new is _R.DONE:
        columns["shift_id"] = sales.shift_for_money(refund.payment.till_id)
    claim = update(Refund).where(Refund.id == refund.id, Refund.status == old)
    if rows_changed(db.session, claim.values(status=new, **columns)) != 1:
        return False
    db.session.refresh(refund)
    if new is _R.REFUSED:
        _set_free(refund)
    if new is _R.DONE:
        follow(refund, who=who)
    payments.bump_screens(refund.payment.till_id)
    return True


def _set_free(refund: Refund) -> None:
    less = GatewayTransaction.refunded_minor - refund.amount_minor
    freed = update(GatewayTransaction).where(GatewayTransaction.id == refund.transaction_id)
    db.session.execute(freed.values(refunded_minor=less))
    db.session.refresh(refund.transaction)


def follow(refund: Refund, *, who: str) -> None:
    """Write what a refund that is done means for its payment, in the open transaction.

    Money that waited for a decision and went back whole is decided by that.
    """
    told = {
        "refund": refund.id,
        "kind": str(refund.kind),
        "amount_minor": refund.amount_minor,
        "currency": str(refund.currency),
    }
    payments.write_event(refund.payment, EventName.REFUNDED, who=who, facts=told)
    corrections.refunded(refund)
    money = refund.transaction
    if money.settles_sale_id is None and money.left.minor == 0:
        _decide(refund, money)


def _decide(refund: Refund, money: GatewayTransaction) -> None:
    remark, earlier = refund.payment.remark, exceptions.decisions(refund.payment_id, money.id)
    if (earlier and is_final(earlier[-1].kind)) or remark is None or remark in NOT_OURS:
        return
    steps = [ResolutionKind.REFUND_REQUESTED, ResolutionKind.REFUNDED][len(earlier) :]
    for number, kind in enumerate(steps, len(earlier) + 1):
        db.session.add(_row(refund, money, earlier[0].remark if earlier else remark, number, kind))


def _row(
    refund: Refund, money: GatewayTransaction, remark: Remark, step: int, kind: ResolutionKind
) -> Resolution:
    by_hand = refund.kind is RefundKind.MANUAL
    return Resolution(
        payment_id=refund.payment_id,
        transaction_id=money.id,
        step=step,
        kind=kind,
        remark=remark,
        reason="sent_back" if by_hand and kind is ResolutionKind.REFUNDED else "other",
        note=refund.reference or _("Refund %(number)s", number=refund.id),
        asked_by_id=refund.asked_by_id,
        approved_by_id=refund.approved_by_id,
        at=clock.now(),
    )
