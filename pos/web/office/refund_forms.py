"""The forms about refunds: as they are drawn, and as they are read."""

from dataclasses import dataclass

from flask import request

from pos.money import Money
from pos.states import RefundStatus
from pos.web.ids import row_id
from pos.words import Words, _


@dataclass(frozen=True)
class RefundForm:
    """The form as it is drawn; its key makes one tap one refund. A PIN is never drawn again."""

    amount: str = ""
    reason: str = ""
    note: str = ""
    reference: str = ""
    manager_id: int | None = None
    error: str = ""
    key: str = ""


@dataclass(frozen=True)
class EndForm:
    """The form that ends an open refund, or takes note of one."""

    end: str = ""
    note: str = ""
    manager_id: int | None = None
    error: str = ""


@dataclass(frozen=True)
class RetypeForm:
    """The form in which a transfer is typed again."""

    reference: str = ""
    manager_id: int | None = None
    error: str = ""


def read_form() -> RefundForm:
    """Return what was typed into the form that gives back, but for the PIN."""
    form = request.form
    return RefundForm(
        amount=form.get("amount", "")[:40],
        reason=form.get("reason", ""),
        note=form.get("note", "")[:600],
        reference=form.get("reference", "")[:200],
        manager_id=form.get("manager_id", type=row_id),
        key=form.get("key", "")[:80],
    )


def read_end() -> EndForm:
    """Return what was typed into the form that ends a refund, but for the PIN."""
    sent = request.form
    return EndForm(
        end=sent.get("end", ""),
        note=sent.get("note", "")[:600],
        manager_id=sent.get("manager_id", type=row_id),
    )


def read_retyped() -> RetypeForm:
    """Return what was typed into the form of a transfer typed again, but for the PIN."""
    sent = request.form
    reference, manager_id = sent.get("reference", "")[:200], sent.get("manager_id", type=row_id)
    return RetypeForm(reference, manager_id)


def told(status: RefundStatus, amount: Money) -> Words:
    """Return what became of a refund, as the page says it once."""
    return {
        RefundStatus.DONE: _("%(amount)s went back.", amount=amount),
        RefundStatus.REFUSED: _("Nothing went back."),
        RefundStatus.UNKNOWN: _(
            "It is not known yet whether %(amount)s went back. Do not refund it again.",
            amount=amount,
        ),
        RefundStatus.SENDING: _("%(amount)s is being sent back.", amount=amount),
        RefundStatus.FOUND: _("%(amount)s went back at the bank.", amount=amount),
    }[status]
