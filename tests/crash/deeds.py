"""What the program does between two crashes: the services as the till and the worker call them."""

from typing import Any

from pos.cash import Cash
from pos.extensions import db
from pos.models import Shift
from pos.money import Money
from pos.reports.auditing import books
from pos.services.asking import questions
from pos.services.bookkeeping import recounts, shifts
from pos.services.bookkeeping.counting import Counted
from pos.services.bookkeeping.recounts import Recount
from pos.services.selling import checkout, issuing
from pos.services.settling import answers, payments
from tests.factories import NO_FLOAT, Person, close_shift, usd

AMOUNT = usd("3.50")


def open_shift(till_id: int, cashier_id: int, floats: tuple[Money, Money] = NO_FLOAT) -> int:
    """Return the number of the row of a fresh shift."""
    return shifts.open_shift(till_id, cashier_id, floats).id


def charge(shift_id: int, key: str) -> dict[str, int]:
    """Send the form of one sale."""
    payment = checkout.charge(shift_id, AMOUNT, key, who="cashier:dara")
    return {"payment": payment.id, "sale": payment.sale_id}


def settle(payment_id: int) -> str:
    """Ask the bank about a payment, as the worker and *Check now* do; return its word."""
    answer = questions.ask(payment_id, who="worker")
    assert answer is not None
    return str(answer.outcome)


def claim_and_settle(payment_id: int) -> bool:
    """Ask the bank about a payment that is due, as the worker does."""
    return questions.ask_if_due(payment_id)


def close(shift_id: int, closed_by_id: int) -> int:
    """Close a shift; return the number of its report."""
    return shifts.close_shift(shift_id, closed_by_id).number


def close_right(shift_id: int, person: Person) -> int:
    """Close a shift, with the right count where its drawer held cash."""
    return close_shift(db.session.get_one(Shift, shift_id), person).number


def recount(shift_id: int, key: str, person_id: int) -> int:
    """Count the drawer of a closed shift; return the number of the correction."""
    people = {"entered_by_id": person_id, "approved_by_id": person_id}
    counted = Counted(pieces={}, other=Cash(1_000, 0))
    wish = Recount(counted=counted, reason="counted_wrong", note="", key=key, **people)
    return recounts.count(shift_id, wish).number


def verify_books() -> list[str]:
    """Say what is damaged, as `flask verify-books` does."""
    return [str(damage) for damage in books.verify().damages]


def work() -> list[int]:
    """Do what a worker does first after its start; return whom it asked about."""
    questions.ask_open_again()
    answers.expire_due()
    issuing.give_up_stuck()
    return [one for one in questions.due() if questions.ask_if_due(one)]


def without_turns(deed: Any) -> Any:
    """Do a deed in a program that has lost its first guard: writers at a till do not queue."""
    payments.take_turn = lambda till_id: None
    payments.take_turn_of = lambda whose, row_id: None
    return deed()
