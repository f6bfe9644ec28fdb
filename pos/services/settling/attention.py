"""Money that needs a person, and what a manager decides about it.

Each decision is a row of its own, with who asked, which manager agreed, and why. Money that is
accepted settles its sale if nothing else has; all else only says what becomes of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Resolution
from pos.reports.closing import exceptions
from pos.reports.wording import NEEDS_A_PERSON
from pos.services.bookkeeping import corrections
from pos.services.selling import sales
from pos.services.settling import payments
from pos.states import (
    RESOLUTION_STEPS,
    EventName,
    PaymentStatus,
    Remark,
    ResolutionKind,
    SaleStatus,
    is_final,
)
from pos.words import _

MOST_NOTE = 500

_K = ResolutionKind

_SENDS_BACK = frozenset({_K.REFUND_REQUESTED, _K.REFUNDED})

REASONS: dict[str, tuple[str, frozenset[ResolutionKind]]] = {
    "goods_given": (_("The customer has the goods"), frozenset({_K.ACCEPTED})),
    "rest_in_cash": (_("The rest was paid in cash"), frozenset({_K.ACCEPTED})),
    "goes_to_next": (_("The customer leaves it with the shop"), frozenset({_K.ACCEPTED})),
    "statement_seen": (_("The bank's statement shows it"), frozenset({_K.ACCEPTED})),
    "wants_it_back": (_("The customer wants it back"), frozenset({_K.REFUND_REQUESTED})),
    "no_goods": (_("No goods were given for it"), frozenset({_K.REFUND_REQUESTED})),
    "sent_back": (_("The bank's app shows the transfer back"), frozenset({_K.REFUNDED})),
    "not_ours": (_("It is not the shop's money"), frozenset({_K.WRITTEN_OFF})),
    "customer_gone": (_("The customer cannot be found"), frozenset({_K.WRITTEN_OFF})),
    "loss": (_("The shop bears the loss"), frozenset({_K.WRITTEN_OFF})),
    "other": (_("Another reason, written below"), frozenset(ResolutionKind)),
}
"""Why, as the form lists it, and which decisions each reason can stand for."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What was decided, why, who asked for it and which manager agreed."""

    kind: ResolutionKind
    reason: str
    note: str
    asked_by_id: int
    approved_by_id: int


def refuse_bad(kind: ResolutionKind, reason: str, note: str) -> None:
    """Raise BadInput for a reason that does not go with a decision, or a note that must be."""
    if reason not in REASONS or kind not in REASONS[reason][1]:
        raise BadInput(_("Choose a reason that goes with this decision."))
    if len(note) > MOST_NOTE or not note.replace("\r", "").replace("\n", "").isprintable():
        raise BadInput(
            _(
                "A note has %(most)s characters at most, and no signs that do not print.",
                most=MOST_NOTE,
            )
        )
    if kind is _K.REFUNDED and not note.strip():
        raise BadInput(_("Write down the reference of the transfer back."))
    if reason == "other" and not note.strip():
        raise BadInput(_("Write the reason down."))


def possible(
    remark: Remark, last: ResolutionKind | None, *, has_money: bool
) -> tuple[ResolutionKind, ...]:
    """Return what may be decided about money with this remark, after the last decision on it."""
    steps: Iterable[ResolutionKind] = RESOLUTION_STEPS[last]
    if remark is Remark.UNCONFIRMED:
        # What is not there cannot be sent back.
        steps = set(steps) & {_K.ACCEPTED, _K.WRITTEN_OFF}
    if remark in (Remark.WRONG_RECEIVER, Remark.GIVEN_BACK):
        # It is not on our account, or not any more: it can neither be kept nor sent back.
        steps = set(steps) & {_K.WRITTEN_OFF}
    if not has_money:
        steps = set(steps) - {_K.REFUND_REQUESTED}
    return tuple(kind for kind in ResolutionKind if kind in steps)


def resolve(
    payment_id: int, transaction_id: int | None, decision: Decision, *, who: str
) -> Resolution:
    """Write a manager's decision about one piece of money, and what follows, in one commit.

    Refused where it cannot be decided so; AlreadyDecided where somebody else was quicker.
    """
    refuse_bad(decision.kind, decision.reason, decision.note)
    with writing(db.session):
        payment = payments.take(payment_id)
        money = _money_of(payment, transaction_id)
        earlier = exceptions.decisions(payment.id, transaction_id)
        last = earlier[-1].kind if earlier else None
        remark = earlier[-1].remark if earlier else _open_remark(payment, money)
        if decision.kind not in possible(remark, last, has_money=money is not None):
            raise Refused(_("This cannot be decided so. See what was decided before."))
        if money is not None and money.refunded_minor and decision.kind in _SENDS_BACK:
            raise Refused(
                _("Part of this money was given back as a refund. Refund the rest so, too.")
            )
        row = _row(payment, money, decision, remark, len(earlier) + 1)
        db.session.add(row)
        db.session.flush()
        _follow(payment, money, row, who)
    return row


def _money_of(payment: Payment, transaction_id: int | None) -> GatewayTransaction | None:
    if transaction_id is None:
        return None
    money = db.session.get(GatewayTransaction, transaction_id)
    if money is None or money.payment_id != payment.id:
        raise Refused(_("There is no such money."))
    return money


def _open_remark(payment: Payment, money: GatewayTransaction | None) -> Remark:
    """Return what is wrong with it; AlreadyDecided where nothing is, any more."""
    is_open = payment.remark in NEEDS_A_PERSON
    if money is None:
        is_open = payment.remark is Remark.MARK_DENIED
    elif money.settles_sale_id is not None:
        is_open = payment.remark is Remark.UNCONFIRMED
    if not is_open or payment.remark is None:
        raise AlreadyDecided(_("Nothing is left to decide about this."))
    return payment.remark


def _row(
    payment: Payment,
    money: GatewayTransaction | None,
    decision: Decision,
    remark: Remark,
    step: int,
) -> Resolution:
    return Resolution(
        payment_id=payment.id,
        transaction_id=money.id if money else None,
        step=step,
        kind=decision.kind,
        remark=remark,
        reason=decision.reason,
        note=decision.note.strip(),
        asked_by_id=decision.asked_by_id,
        approved_by_id=decision.approved_by_id,
        at=clock.now(),
    )


def _follow(payment: Payment, money: GatewayTransaction | None, row: Resolution, who: str) -> None:
    told = {"resolution": row.id, "kind": str(row.kind), "reason": row.reason}
    if row.kind is _K.ACCEPTED and money is not None and _can_settle(payment):
        _settle(payment, money, who, told)
        return
    payments.write_event(payment, EventName.RESOLVED, who=who, facts=told)
    payments.bump_screens(payment.till_id)


def _can_settle(payment: Payment) -> bool:
    """Money settles a sale that waits for it, or that was only marked as paid by hand."""
    if payment.sale.status is SaleStatus.VOIDED:
        return False
    return not sales.is_settled_by_money(payment.sale_id)


def _settle(payment: Payment, money: GatewayTransaction, who: str, told: dict[str, object]) -> None:
    """Let accepted money settle its sale; it counts in the shift that is open now."""
    money.settles_sale_id = payment.sale_id
    db.session.flush()
    remark = Remark.DUPLICATE if has_open_money(payment.id) else Remark.ACCEPTED
    shift_id = sales.shift_for_money(payment.till_id)
    if payment.sale.status is SaleStatus.OPEN:
        sales.settle(payment.sale, at=money.paid_at)
    if payment.status is PaymentStatus.PAID:
        payment.paid_at, payment.paid_shift_id = money.paid_at, shift_id
        payments.mark(payment, remark, who=who, facts=told, name=EventName.ACCEPTED)
    else:
        payments.move(
            payment,
            PaymentStatus.PAID,
            by=EventName.ACCEPTED,
            who=who,
            remark=remark,
            facts=told,
            paid_at=money.paid_at,
            paid_shift_id=shift_id,
        )
    corrections.late_sale(payment, money)
    sales.withdraw_other_qrs(payment, who=who)


def has_open_money(payment_id: int) -> bool:
    """Return whether a payment has money that settles nothing, without a last word on it."""
    query = select(GatewayTransaction.id).where(
        GatewayTransaction.payment_id == payment_id,
        GatewayTransaction.settles_sale_id.is_(None),
    )
    rows = [exceptions.decisions(payment_id, one) for one in db.session.scalars(query)]
    return any(not decided or not is_final(decided[-1].kind) for decided in rows)
