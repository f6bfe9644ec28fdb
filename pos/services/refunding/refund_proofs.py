"""Refunds by hand, put before the bank: is there such a transfer, and is it this refund?

The transfer's hash, or the eight characters of its receipt with the amount, finds it. It proves
the refund if it went from the account that was paid to the one that paid, over this amount,
after the payment, and proves no other. "Could not ask" and "not there" leave it unproven.
"""

import logging
import re
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import rows_changed, writing
from pos.errors import Refused
from pos.extensions import db, settings
from pos.gateways.base import Answer, ChecksReferences, Gateway, Outcome, PaidFacts, Trouble
from pos.models import GatewayTransaction, Refund
from pos.money import Money
from pos.services.asking import budget, sending
from pos.services.asking.quota import Purpose
from pos.services.refunding import refund_denials, refund_moves
from pos.services.settling import proofs
from pos.states import RefundProof
from pos.words import _

log = logging.getLogger(__name__)

RAW_LIMIT = 4_000
GIVES_UP = timedelta(days=2)
"""So long the worker asks again by itself; then a person may."""

_HASH = re.compile(r"[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-z]{8}")
_WAITS = ((600, 60), (7_200, 900))
_LAST_WAIT = 3_600


def is_hash(reference: str) -> bool:
    """Return whether the bank can be asked for a transfer by this reference."""
    typed = reference.strip().lower()
    return bool(_HASH.fullmatch(typed) or _SHORT.fullmatch(typed))


def seek_all() -> None:
    """Ask about every refund by hand that is due; few at once, for each costs a question."""
    query = select(Refund.id).where(
        Refund.proof == RefundProof.UNPROVEN, Refund.next_look_at <= clock.now()
    )
    for refund_id in db.session.scalars(query.order_by(Refund.next_look_at, Refund.id).limit(5)):
        seek_if_due(refund_id)


def seek_if_due(refund_id: int, *, who: str = "worker") -> bool:
    """Ask about one refund if it is due and nobody else does; return whether this call did."""
    now = clock.now()
    claim = update(Refund).where(
        Refund.id == refund_id,
        Refund.proof == RefundProof.UNPROVEN,
        Refund.next_look_at <= now,
    )
    pause = timedelta(seconds=settings().gateway_seconds + 30)
    with writing(db.session):
        if rows_changed(db.session, claim.values(next_look_at=now + pause)) != 1:
            return False
    seek(refund_id, who=who, purpose=Purpose.RECONCILE)
    return True


def seek_now(refund_id: int, *, who: str) -> RefundProof | None:
    """Ask at once, for a person who waits; Refused where that was done a moment ago."""
    claim_look(refund_id)
    return seek(refund_id, who=who, purpose=Purpose.PERSON)


def claim_look(refund_id: int) -> None:
    """Write down that a person has the bank asked now; Refused ten seconds after the last time."""
    now = clock.now()
    rested = or_(
        Refund.looked_at.is_(None),
        Refund.looked_at <= now - timedelta(seconds=10),
        Refund.looked_at > now,
    )
    claim = update(Refund).where(Refund.id == refund_id, rested).values(looked_at=now)
    with writing(db.session):
        if rows_changed(db.session, claim) != 1:
            raise Refused(_("The bank was asked a moment ago. Wait ten seconds."))


def seek(refund_id: int, *, who: str, purpose: Purpose) -> RefundProof | None:
    """Ask the bank for the transfer and write down what that proves; None where none is needed."""
    refund = db.session.get_one(Refund, refund_id, populate_existing=True)
    if refund.proof is not RefundProof.UNPROVEN or not is_hash(refund.reference):
        return refund.proof
    answer = ask(refund, refund.reference, purpose)
    try:
        return _hear(refund_id, answer, who)
    except IntegrityError:
        return _deny_used(refund_id, who)


def ask(refund: Refund, reference: str, purpose: Purpose) -> Answer:
    """Return what the bank says of the transfer with this hash or receipt; nothing is judged."""
    account, typed, amount = refund.payment.account, reference.strip().lower(), refund.amount
    if budget.spend(account, 1, purpose) is not None:
        return Answer(outcome=Outcome.UNKNOWN, trouble=Trouble.QUOTA)
    heard = sending.send(account, 1, lambda it: {typed: _ask(it, typed, amount)})
    return heard.answers[typed]


def _ask(gateway: Gateway, reference: str, amount: Money) -> Answer:
    if len(reference) == 8:
        return gateway.find_by_receipt(reference, amount)
    if not isinstance(gateway, ChecksReferences):
        return Answer(outcome=Outcome.UNKNOWN, trouble=Trouble.OTHER, raw="no such question")
    return gateway.check_reference(reference)


def _hear(refund_id: int, answer: Answer, who: str) -> RefundProof | None:
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        if refund.proof is not RefundProof.UNPROVEN:
            return refund.proof
        refund.looked_at, refund.next_look_at = clock.now(), _next_look(refund)
        refund.trouble, refund.raw = answer.trouble or "", answer.raw[:RAW_LIMIT]
        if answer.facts is not None:
            log.info("refund %d by hand was shown by the bank, asked by %s", refund_id, who)
            _judge(refund, answer.facts, who)
        return refund.proof


def _judge(refund: Refund, facts: PaidFacts, who: str) -> None:
    refund.next_look_at = None
    if fits(facts, refund.transaction, refund.amount):
        refund.proof, refund.proof_hash = RefundProof.PROVEN, facts.reference.lower()
        db.session.flush()
    else:
        refund_denials.deny(refund, who=who)


def fits(facts: PaidFacts, money: GatewayTransaction, amount: Money) -> bool:
    """Return whether a transfer is this amount of this money on its way back."""
    return (
        facts.amount == amount
        and _same(facts.payer, money.receiver)
        and _same(facts.receiver, money.payer)
        and facts.paid_at >= money.paid_at
        and not (facts.refunded is not None and facts.refunded.minor)
        and proofs.is_in_hand(facts)
    )


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.strip().lower() == other.strip().lower()


def _deny_used(refund_id: int, who: str) -> RefundProof | None:
    """Write down that the transfer proves another refund already."""
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        if refund.proof is RefundProof.UNPROVEN:
            refund_denials.deny(refund, who=who)
        return refund.proof


def _next_look(refund: Refund) -> datetime | None:
    now = clock.now()
    age = now - refund.made_at
    if age > GIVES_UP:
        return None
    wait = next((wait for until, wait in _WAITS if age.total_seconds() < until), _LAST_WAIT)
    return now + timedelta(seconds=wait)
