"""What a bank may say of a payment, made by hand, and telling it to the books."""

from dataclasses import replace
from typing import Any

from pos import clock
from pos.gateways.base import Answer, Outcome, PaidFacts, Trouble
from pos.models import Payment
from pos.services.settling import answers

NOT_FOUND = Answer(outcome=Outcome.NOT_FOUND, code="1", http_status=200)
FAILED = Answer(outcome=Outcome.FAILED, code="3", http_status=200)


def unknown(trouble: Trouble) -> Answer:
    return Answer(outcome=Outcome.UNKNOWN, trouble=trouble)


def facts(payment: Payment, **changes: Any) -> PaidFacts:
    """The right money for a payment, sent now; `changes` make it wrong."""
    right = PaidFacts(
        reference=f"hash-of-{payment.tran_id}",
        amount=payment.amount,
        payer="customer@practice",
        receiver=payment.receiver,
        paid_at=clock.now(),
    )
    return replace(right, **changes)


def paid(payment: Payment, **changes: Any) -> Answer:
    return Answer(outcome=Outcome.PAID, facts=facts(payment, **changes), http_status=200)


def tell(payment: Payment, answer: Answer, **more: Any) -> None:
    """Record an answer to a question that was asked just now."""
    answers.record(
        payment.id, answer, **{"asked_at": clock.now(), "took_ms": 1, "who": "worker", **more}
    )
