"""What the bank says now of money in the books, and what follows where it says otherwise.

Nothing is put right here. Money that the bank does not confirm any more leaves its payment and
its sale paid, and calls for a person.
"""

from pos import clock
from pos.database import writing
from pos.extensions import db
from pos.gateways.base import Answer, Outcome, PaidFacts
from pos.models import Finding, GatewayTransaction, Payment, ReconcileCheck
from pos.reports.wording import NEEDS_A_PERSON
from pos.services.settling import payments, proofs
from pos.states import EventName, PaymentStatus, Remark

DOUBTS = frozenset({Finding.NOT_CONFIRMED, Finding.SENT_BACK, Finding.OTHER_FACTS})
"""Findings about money that a person must look into."""

MOST_SAID = 200


def of_money(money: GatewayTransaction, answer: Answer) -> tuple[Finding, str] | None:
    """Return what an answer says of booked money, and in which words; None for "could not ask"."""
    if answer.outcome is Outcome.UNKNOWN:
        return None
    if answer.facts is None:
        return Finding.NOT_CONFIRMED, f"the bank says: {answer.outcome}".replace("_", " ")
    facts = answer.facts
    if not proofs.is_in_hand(facts):
        return Finding.SENT_BACK, f"the bank's word for it is {facts.tracking}"
    if facts.reference != money.reference or not _is_as_booked(money, facts):
        return Finding.OTHER_FACTS, described(facts)
    return Finding.AGREES, ""


def _is_as_booked(money: GatewayTransaction, facts: PaidFacts) -> bool:
    same_receiver = facts.receiver.strip().lower() == money.receiver.strip().lower()
    return same_receiver and facts.amount == money.amount


def described(facts: PaidFacts) -> str:
    """Return money in words, as a line of a list tells it."""
    return f"{facts.amount} to {facts.receiver}, hash {facts.reference[:8]}"


def write(
    run_id: int, payment_id: int, money_id: int | None, finding: Finding, said: str, *, who: str
) -> None:
    """Write what a run found, and call for a person where money is in doubt, in one commit.

    IntegrityError where this run has found something there already.
    """
    with writing(db.session):
        payment = payments.take(payment_id)
        row = ReconcileCheck(
            run_id=run_id,
            payment_id=payment_id,
            transaction_id=money_id,
            finding=finding,
            said=said[:MOST_SAID],
            at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        if finding in DOUBTS and money_id is not None:
            _call_a_person(payment, row, who)


def _call_a_person(payment: Payment, row: ReconcileCheck, who: str) -> None:
    """Put it on the attention list, unless the payment is there already for something else."""
    if payment.status is not PaymentStatus.PAID or payment.remark in NEEDS_A_PERSON:
        return
    told = {"finding": str(row.finding), "said": row.said, "run": row.run_id}
    payments.mark(payment, Remark.UNCONFIRMED, who=who, facts=told, name=EventName.UNCONFIRMED)
