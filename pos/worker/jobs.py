"""The table of the timed jobs: what is done, and how often.

Each job may run twice, late, or half: every claim is a conditional UPDATE.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pos.services.alerting import alerts, outbox
from pos.services.api import idempotency, throttle
from pos.services.asking import planning, questions
from pos.services.auditing import books
from pos.services.backups import gap, keeping
from pos.services.banking import accounts, callbacks, closing
from pos.services.bookkeeping import auto_close
from pos.services.paperwork import archive, printing
from pos.services.reconciling import reconcile
from pos.services.refunding import refund_looks, refund_proofs
from pos.services.selling import issuing
from pos.services.settling import answers
from pos.services.webhooks import delivering

if TYPE_CHECKING:
    from pos.worker.worker import Worker


@dataclass(frozen=True)
class Job:
    """One timed job: what it does, and every how many seconds."""

    name: str
    seconds: float
    do: Callable[["Worker"], None]


def alone(deed: Callable[[], object]) -> Callable[["Worker"], None]:
    """Give the deed as a job that needs nothing of its worker."""

    def do(_worker: "Worker") -> None:
        deed()

    return do


def _hold_lease(worker: "Worker") -> None:
    worker.hold_lease()


def _refresh_due(worker: "Worker") -> None:
    worker.refresh_due()


def _tell_webhooks(worker: "Worker") -> None:
    worker.tell_webhooks()


def _expire_due(worker: "Worker") -> None:
    if worker.may_end_qrs():
        answers.expire_due()


def _close_withdrawn() -> None:
    for payment_id in closing.due():
        closing.close_if_due(payment_id)


HOLD_LEASE = Job("hold_lease", 3, _hold_lease)
"""The one job that a worker does without the lease."""

CLOCK_SET = Job("clock_set", 0, alone(questions.ask_open_again))
"""Done when the clock was set, and at the start."""

JOBS = (
    Job("expire_due", 0.5, _expire_due),
    Job("refresh_due", 0.5, _refresh_due),
    Job("close_withdrawn", 1, alone(_close_withdrawn)),
    Job("look_for_refunds", 5, alone(refund_looks.look_for_all)),
    Job("prove_refunds", 15, alone(refund_proofs.seek_all)),
    Job("follow_callbacks", 1, alone(callbacks.follow)),
    Job("plan_questions", 60, alone(planning.plan_all)),
    Job("give_up_stuck", 10, alone(issuing.give_up_stuck)),
    Job("close_forgotten", 300, alone(auto_close.close_forgotten)),
    Job("verify_books", 1_800, alone(books.nightly)),
    Job("back_up", 15, alone(keeping.take_due)),
    Job("follow_restore", 60, alone(gap.follow)),
    Job("reconcile", 600, alone(reconcile.nightly)),
    Job("print_due", 0.5, alone(printing.print_due)),
    Job("make_pdfs", 3, alone(archive.make_due)),
    Job("renew_tokens", 3_600, alone(accounts.renew_ending_tokens)),
    Job("look_for_trouble", 20, alone(alerts.look)),
    Job("send_messages", 5, alone(outbox.send_due)),
    Job("tell_webhooks", 1, _tell_webhooks),
    Job("forget_events", 3_600, alone(delivering.forget_old)),
    Job("forget_callbacks", 3_600, alone(callbacks.forget_old)),
    Job("forget_answers", 3_600, alone(idempotency.forget_old)),
    Job("forget_tries", 3_600, alone(throttle.forget_old)),
)
"""Every timed job of the one worker that acts. `refresh_due` finds late money: a given-up QR
stays due for a day."""
