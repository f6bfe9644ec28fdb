"""The customer says "I have paid": the receipt's eight characters are put before the bank.

What the customer's phone shows counts for nothing. The bank is asked for the transfer with
these characters and this amount; it settles the payment only if it went to our account, was
sent after the QR was made, and is nobody else's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.errors import Refused
from pos.extensions import db, settings
from pos.gateways import capabilities_of, registered
from pos.gateways.base import Answer, Outcome, PaidFacts
from pos.models import GatewayAccount, GatewayTransaction, Payment
from pos.money import Money
from pos.reports.wording import NEEDS_A_PERSON
from pos.services.asking import questions
from pos.services.settling import answers, payments, proofs, receiving
from pos.states import MARKS, PaymentStatus
from pos.words import _

_P = PaymentStatus

CLAIMABLE = frozenset(
    {_P.AWAITING, _P.FAILED, _P.EXPIRING, _P.CANCEL_REQUESTED, _P.EXPIRED, _P.CANCELLED}
)
"""States of a payment whose QR was shown and that has no money yet."""

_GIVEN_UP = frozenset({_P.FAILED, _P.EXPIRED, _P.CANCELLED})

WRONGEST_CLOCK = timedelta(hours=2)
"""How far our clock may be ahead of the bank's, at the very most."""

LISTED = 10
"""How many payments of the till the form offers, newest first."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What came of a claim, in words with the time; `is_settled` where the sale is now paid."""

    text: str
    is_settled: bool = False
    needs_a_person: bool = False


def claimable(till_id: int) -> tuple[Payment, ...]:
    """Return the payments of a till that a customer may still say to have paid, newest first."""
    since = clock.now() - timedelta(hours=settings().watch_hours)
    query = select(Payment).where(
        Payment.till_id == till_id,
        Payment.status.in_(CLAIMABLE),
        Payment.remark.is_(None),
        Payment.made_at >= since,
        Payment.qr_string.is_not(None),
    )
    query = query.join(Payment.account).where(GatewayAccount.gateway.in_(_with_receipts()))
    return tuple(db.session.scalars(query.order_by(Payment.id.desc()).limit(LISTED)))


def _with_receipts() -> list[str]:
    """Return the gateways that find a transfer by the code of its receipt."""
    return [name for name in registered() if capabilities_of(name).can_find_by_receipt]


def claim(payment: Payment, receipt: str, *, who: str) -> Claim:
    """Ask the bank for the transfer on a customer's receipt, and book it if it is this payment's.

    Costs one question of the account's budget, and one for each other QR that the money may have
    been sent to; TooSoon when the till asked a moment ago, BadInput where no receipt has such
    characters.
    """
    if payment.status not in CLAIMABLE or payment.remark is not None:
        raise Refused(_("This payment does not wait for money any more. Look at the till."))
    if payment.account.gateway not in _with_receipts():
        raise Refused(_("This bank finds no payment by its receipt. Press Check now at the till."))
    payment_id, amount = payment.id, payment.amount
    heard = questions.find_by_receipt(payment, receipt, who=who)
    if heard is None:
        return Claim(text=_without_money(Outcome.UNKNOWN, amount))
    answer = heard.answers[receipt]
    rival = _rival(payment, answer.facts, who) if answer.facts is not None else None
    try:
        with writing(db.session):
            payment = payments.take(payment_id)
            answers.keep_question(payment, answer, heard.asked_at, heard.took_ms, who)
            result = _judge(payment, answer, rival, who)
            payments.schedule(payment)
    except IntegrityError:
        return _unmatched(_("Another till has just used it for another sale."))
    return result


def _judge(payment: Payment, answer: Answer, rival: Payment | None, who: str) -> Claim:
    if answer.facts is None:
        return Claim(text=_without_money(answer.outcome, payment.amount))
    reason = _why_not(payment, answer.facts) or _whose(rival)
    if reason:
        return _unmatched(reason)
    if receiving.receive(payment, answer.facts, who=who):
        return _unmatched(_("The bank's answer makes no sense, or the money went back."))
    if payment.remark in NEEDS_A_PERSON:
        return Claim(
            text=_("At %(at)s the bank found the money. A manager decides about it.", at=_now()),
            needs_a_person=True,
        )
    return Claim(
        text=_("At %(at)s the bank found the money. The sale is paid.", at=_now()), is_settled=True
    )


def _without_money(outcome: Outcome, amount: Money) -> str:
    if outcome is Outcome.NOT_FOUND:
        return _(
            "At %(at)s the bank had no transfer of %(amount)s with these characters.",
            at=_now(),
            amount=amount,
        )
    if outcome is Outcome.FAILED:
        return _("At %(at)s the bank said that this transfer had failed.", at=_now())
    return _("At %(at)s the bank could not be asked. That does not mean unpaid.", at=_now())


def _why_not(payment: Payment, facts: PaidFacts) -> str:
    """Return why this transfer is not the payment's, or "" where it is."""
    wrong = proofs.wrong_money(facts, payment.amount, payment.receiver)
    if wrong is not None:
        return _("The money went to another account, or is not this amount.")
    used = _used_for(payment, facts.reference)
    if used is not None:
        return _(
            "It was already used for sale %(sale)s at %(till)s.",
            sale=used.sale.number,
            till=used.till.name,
        )
    if facts.paid_at < payment.made_at:
        return _("It was sent at %(at)s, before this QR was made.", at=_time(facts.paid_at))
    return ""


def _whose(rival: Payment | None) -> str:
    if rival is None:
        return ""
    return _(
        "It may be the money of sale %(sale)s at %(till)s, which the bank is still asked"
        " about. Try again in a minute.",
        sale=rival.sale.number,
        till=rival.till.name,
    )


def _used_for(payment: Payment, reference: str) -> Payment | None:
    query = select(GatewayTransaction).where(
        GatewayTransaction.gateway == payment.account.gateway,
        GatewayTransaction.reference == reference,
    )
    known = db.session.scalar(query)
    return known.payment if known is not None else None


def _rival(payment: Payment, facts: PaidFacts, who: str) -> Payment | None:
    """Ask about each other QR that the money may have been sent to; return one that it may be of.

    The bank knows of the money by now, so its "not found" about another QR is the proof, by
    whatever clock. Money that an answer tells of is booked where it belongs. Asks about no
    other QR where the receipt is refused anyway.
    """
    if _why_not(payment, facts):
        return None
    for other in db.session.scalars(_rivals(payment, facts.paid_at)).all():
        answer = questions.ask(other.id, who=who, by_person=True)
        if answer is None:
            continue
        is_its_own = answer.facts is not None and answer.facts.reference == facts.reference
        if answer.outcome is Outcome.UNKNOWN or is_its_own:
            return other
    return None


def _rivals(payment: Payment, paid_at: datetime) -> Select[Payment]:
    """Select the other QRs of the account, over the same money, that still wait for theirs.

    One that was given up waits for nothing that was sent after its end, and one that the bank
    called unpaid much later than the money was sent did not get it.
    """
    too_long_after = paid_at + WRONGEST_CLOCK
    ended_before = paid_at - timedelta(seconds=settings().grace_seconds)
    unpaid = and_(Payment.status.in_(CLAIMABLE), Payment.remark.is_(None))
    query = select(Payment).where(
        Payment.id != payment.id,
        Payment.account_id == payment.account_id,
        Payment.amount_minor == payment.amount_minor,
        Payment.currency == payment.currency,
        or_(unpaid, Payment.remark.in_(MARKS)),
        Payment.qr_string.is_not(None),
        Payment.made_at <= too_long_after,
        or_(Payment.answered_at.is_(None), Payment.answered_at <= too_long_after),
        or_(Payment.status.not_in(_GIVEN_UP), Payment.expires_at >= ended_before),
    )
    return query.order_by(Payment.id)


def _unmatched(reason: str) -> Claim:
    return Claim(
        text=_(
            "At %(at)s: unmatched receipt. %(reason)s Nothing was settled.",
            at=_now(),
            reason=reason,
        )
    )


def _now() -> str:
    return _time(clock.now())


def _time(instant: datetime) -> str:
    return clock.shop_time(instant).strftime("%H:%M:%S")
