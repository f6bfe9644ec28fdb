"""Bugs that tills in the field have, planted one at a time to see whether the simulation sees.

Only here our own code is replaced: by something wrong.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.gateways.bakong.client import BakongGateway
from pos.gateways.base import Answer, Outcome
from pos.models import Payment, Shift, Till
from pos.services.asking import checks, questions
from pos.services.auditing import chaining
from pos.services.selling import checkout, sales
from pos.services.settling import answers, attention, claims, marks, payments, proofs, receiving
from pos.states import PaymentStatus
from tests import said
from tests.sim import cash_bugs
from tests.sim.world import World

Plant = pytest.MonkeyPatch
P = PaymentStatus


def gateway_error_is_unpaid(plant: Plant, _: World) -> None:
    ask = BakongGateway.check

    def check(self: BakongGateway, lookup: str) -> Answer:
        answer = ask(self, lookup)
        return said.NOT_FOUND if answer.outcome is Outcome.UNKNOWN else answer

    plant.setattr(BakongGateway, "check", check)


def hint_is_trusted(plant: Plant, _: World) -> None:
    """A customer shows a receipt, the cashier presses Check now: taken as money."""

    def check_now(payment: Payment, *, who: str) -> Answer:
        said.tell(payment, said.paid(payment))
        return said.NOT_FOUND

    plant.setattr(questions, "check_now", check_now)


def expired_without_asking(plant: Plant, _: World) -> None:
    take_off = answers.expire_due

    def expire_due(*, who: str = "worker") -> None:
        take_off(who=who)
        for one in db.session.scalars(select(Payment).where(Payment.status == P.EXPIRING)).all():
            payments.move(one, P.EXPIRED, who=who)

    plant.setattr(answers, "expire_due", expire_due)


def no_unique_key(plant: Plant, world: World) -> None:
    world.spoil("DROP INDEX uq_transaction_reference")
    plant.setattr(receiving, "_transaction", lambda gateway, reference: None)


def late_money_is_dropped(plant: Plant, _: World) -> None:
    receive = receiving.receive

    def deaf(payment: Payment, facts: Any, *, who: str) -> Any:
        given_up = payment.status in (P.EXPIRED, P.CANCELLED)
        return None if given_up else receive(payment, facts, who=who)

    plant.setattr(receiving, "receive", deaf)


def amount_is_not_compared(plant: Plant, _: World) -> None:
    plant.setattr(proofs, "wrong_money", lambda facts, amount, receiver: None)


def event_is_written_twice(plant: Plant, _: World) -> None:
    write = payments.write_event

    def twice(*args: Any, **words: Any) -> None:
        write(*args, **words)
        write(*args, **words)

    plant.setattr(payments, "write_event", twice)


def totals_drift(plant: Plant, _: World) -> None:
    """Money found while the till is closed goes to the shift whose report is written."""

    def last_shift(till_id: int) -> int | None:
        newest = select(Shift.id).where(Shift.till_id == till_id).order_by(Shift.id.desc())
        return db.session.scalar(newest.limit(1))

    plant.setattr(sales, "shift_for_money", last_shift)


def cancel_ignores_money(plant: Plant, _: World) -> None:
    ask_to_cancel = checkout.cancel

    def cancel(payment: Payment, *, who: str) -> None:
        ask_to_cancel(payment, who=who)
        if payment.status is P.CANCEL_REQUESTED:
            payments.move(payment, P.CANCELLED, who=who)

    plant.setattr(checkout, "cancel", cancel)


def early_answer_ends_a_qr(plant: Plant, _: World) -> None:
    plant.setattr(checks, "decisive_from", lambda status, *, changed_at, **_: changed_at)


def answer_counts_from_its_arrival(plant: Plant, _: World) -> None:
    record = answers.record

    def late(payment_id: int, answer: Answer, **told: Any) -> None:
        record(payment_id, answer, **{**told, "asked_at": clock.now()})

    plant.setattr(answers, "record", late)


def set_clock_goes_unheard(plant: Plant, _: World) -> None:
    plant.setattr(questions, "ask_open_again", lambda: None)


def new_form_for_each_tap(plant: Plant, _: World) -> None:
    charge = checkout.charge
    taps = iter(range(10**9))

    def forgetful(shift_id: int, amount: Any, key: str, *, who: str) -> Payment:
        live = db.session.scalars(select(Payment).where(Payment.status == P.AWAITING)).all()
        for one in live:
            checkout.cancel(one, who=who)
        return charge(shift_id, amount, f"{key}-{next(taps)}", who=who)

    plant.setattr(checkout, "charge", forgetful)


def claim_of_used_money(plant: Plant, world: World) -> None:
    """A receipt is taken for any sale of its amount, though its money was used for another."""
    world.spoil("DROP INDEX uq_transaction_reference")
    plant.setattr(claims, "_used_for", lambda payment, reference: None)
    plant.setattr(claims, "_rival", lambda payment, facts, who: None)
    judge = claims._judge

    def careless(*told: Any) -> Any:
        with pytest.MonkeyPatch.context() as blind:
            blind.setattr(receiving, "_transaction", lambda gateway, reference: None)
            return judge(*told)

    plant.setattr(claims, "_judge", careless)


def decision_is_taken_twice(plant: Plant, world: World) -> None:
    """What was decided before is not looked at, and no key forbids the same step again."""
    world.spoil("DROP INDEX uq_resolution_money")
    plant.setattr(attention.exceptions, "decisions", lambda payment_id, transaction_id: ())


def mark_needs_no_trouble(plant: Plant, _: World) -> None:
    """A manager may call a payment paid though the bank says that it is not."""
    refuse = marks.refuse_unfit

    def lax(payment: Payment) -> None:
        before, payment.trouble = payment.trouble, "down"
        refuse(payment)
        payment.trouble = before

    plant.setattr(marks, "refuse_unfit", lax)


def accepted_money_settles_again(plant: Plant, _: World) -> None:
    """Money that a manager keeps counts for a sale that other money has paid already."""
    plant.setattr(attention, "_can_settle", lambda payment: True)


def chain_forgets_its_last(plant: Plant, _: World) -> None:
    """Each report says that none came before it, so that one could vanish."""
    add = chaining.add

    def forgetful(till: Till, record: Any) -> None:
        till.last_hash = ""
        add(till, record)

    plant.setattr(chaining, "add", forgetful)


BUGS: dict[str, Callable[[Plant, World], None]] = {
    plant.__name__: plant
    for plant in (
        gateway_error_is_unpaid,
        hint_is_trusted,
        expired_without_asking,
        no_unique_key,
        late_money_is_dropped,
        amount_is_not_compared,
        event_is_written_twice,
        totals_drift,
        cancel_ignores_money,
        early_answer_ends_a_qr,
        answer_counts_from_its_arrival,
        set_clock_goes_unheard,
        new_form_for_each_tap,
        claim_of_used_money,
        decision_is_taken_twice,
        mark_needs_no_trouble,
        accepted_money_settles_again,
        chain_forgets_its_last,
        *cash_bugs.BUGS,
    )
}


@contextmanager
def planted(name: str, world: World) -> Iterator[None]:
    """Let the program have this bug for a while; "" for none."""
    with pytest.MonkeyPatch.context() as plant:
        if name:
            BUGS[name](plant, world)
        yield
