"""What an answer of a gateway does to a payment and to the books, in one transaction."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.extensions import db
from pos.gateways.base import Answer, Outcome, Trouble
from pos.models import GatewayQuestion, Payment
from pos.models.payment import SAYS_LENGTH
from pos.services.asking import quota
from pos.services.selling.sales import void_if_given_up
from pos.services.settling import marks, payments, receiving
from pos.states import LIVE, MARKS, UNVERIFIED, WATCHED, PaymentStatus, Remark

RAW_LIMIT = 4_000
"""Characters of an answer that are kept with the question."""

_END_OF = {
    PaymentStatus.EXPIRING: PaymentStatus.EXPIRED,
    PaymentStatus.CANCEL_REQUESTED: PaymentStatus.CANCELLED,
}

_P = Payment.__table__.c
_OVER = select(_P.id).where(_P.status == PaymentStatus.AWAITING, _P.expires_at <= bindparam("now"))


def record(payment_id: int, answer: Answer, *, asked_at: datetime, took_ms: int, who: str) -> None:
    """Write what the gateway said, and do what follows from it.

    `asked_at` is when the question started: a "not found" from before a QR's end proves
    nothing about its end. Writes a question row and whatever follows, in one commit.
    """
    try:
        _record(payment_id, answer, asked_at, took_ms, who)
    except IntegrityError:
        # Another till has just booked the same money: this time it is seen there.
        _record(payment_id, answer, asked_at, took_ms, who)


def _record(payment_id: int, answer: Answer, asked_at: datetime, took_ms: int, who: str) -> None:
    with writing(db.session):
        payment = payments.take(payment_id)
        keep_question(payment, answer, asked_at, took_ms, who)
        if answer.outcome is Outcome.UNKNOWN:
            _hear_trouble(payment, answer.trouble or Trouble.OTHER, answer.says)
        else:
            _hear_answer(payment, answer, asked_at, who)
        payments.schedule(payment)


def postpone(payment_id: int, trouble: Trouble, until: datetime) -> None:
    """Ask about a payment later than it is due, and say why it cannot be asked now.

    No question was asked, so nothing is written of one. A QR that was given up keeps its
    screens; it is let go where its watch would be over by then.
    """
    with writing(db.session):
        payment = payments.take(payment_id)
        if payment.remark in MARKS:
            # The evening may use what is kept from the rest of the day.
            payment.next_check_at = min(until, quota.evening_of(clock.now()))
        elif payment.status in UNVERIFIED:
            _hear_trouble(payment, trouble, _reason_so_far(payment, trouble))
            payment.next_check_at = until
        elif payment.status in LIVE and payment.expires_at > clock.now():
            _hear_trouble(payment, trouble, _reason_so_far(payment, trouble))
            # The last look may use what is kept from the ladder.
            payment.next_check_at = min(until, payments.decisive_from(payment))
        elif payment.status in WATCHED:
            over = payments.next_check(payment, until) is None
            payment.next_check_at = None if over else until


def _reason_so_far(payment: Payment, trouble: Trouble) -> str:
    """Return the gateway's own reason for a trouble that lasts: nobody has asked it anew."""
    return payment.trouble_says if payment.trouble == trouble else ""


def keep_question(
    payment: Payment, answer: Answer, asked_at: datetime, took_ms: int, who: str
) -> None:
    """Add one question and its answer to a payment's record, inside the open transaction."""
    payment.asked_at = asked_at
    db.session.add(
        GatewayQuestion(
            payment_id=payment.id,
            asked_at=asked_at,
            took_ms=took_ms,
            who=who,
            outcome=answer.outcome,
            trouble=answer.trouble or "",
            code=answer.code[:16],
            http_status=answer.http_status,
            raw=answer.raw[:RAW_LIMIT],
        )
    )


def _hear_trouble(payment: Payment, trouble: Trouble | None, says: str = "") -> None:
    """Remember why the gateway could not be asked; the screens change when that changes."""
    heard = (str(trouble or ""), says[:SAYS_LENGTH])
    if (payment.trouble, payment.trouble_says) != heard:
        payment.trouble, payment.trouble_says = heard
        payments.bump_screens(payment.till_id)


def _hear_answer(payment: Payment, answer: Answer, asked_at: datetime, who: str) -> None:
    if answer.facts is not None:
        problem = receiving.receive(payment, answer.facts, who=who)
        if problem:
            _hear_trouble(payment, problem)
            return
    payment.answered_at = asked_at
    _hear_trouble(payment, None)
    if payment.remark is Remark.MARKED and answer.outcome is not Outcome.PAID:
        marks.hear_denial(payment, answer, asked_at, who)
    elif answer.outcome is Outcome.FAILED:
        _hear_failed(payment, who)
    elif answer.outcome is Outcome.NOT_FOUND:
        _hear_not_found(payment, asked_at, who)


def _hear_failed(payment: Payment, who: str) -> None:
    if payment.status is PaymentStatus.AWAITING or payment.status in UNVERIFIED:
        payments.move(payment, PaymentStatus.FAILED, who=who)
        void_if_given_up(payment.sale)


def _hear_not_found(payment: Payment, asked_at: datetime, who: str) -> None:
    """End a payment that is waiting for its last word, if this word is late enough."""
    if payment.status is PaymentStatus.AWAITING and payment.expires_at <= asked_at:
        payments.move(payment, PaymentStatus.EXPIRING, who=who)
    if payment.status not in UNVERIFIED:
        return
    if asked_at >= payments.decisive_from(payment):
        payments.move(payment, _END_OF[payment.status], who=who)
        void_if_given_up(payment.sale)


def expire_due(*, who: str = "worker") -> None:
    """Take each QR whose time is up off the screens; its last check is still to come."""
    for payment_id in db.session.scalars(_OVER, {"now": clock.now()}).all():
        with writing(db.session):
            payment = payments.take(payment_id)
            if payment.status is PaymentStatus.AWAITING:
                payments.move(payment, PaymentStatus.EXPIRING, who=who)
