"""The forms about disputes: as they are drawn, and as they are read."""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from pos import clock
from pos.errors import BadInput
from pos.models import Payment
from pos.web.ids import row_id
from pos.words import _

_TEXT = 600
_REFERENCE = 200
_WORD = 80
"""What is kept of a field that is too long: enough to be told so."""


@dataclass(frozen=True)
class ClaimForm:
    """The form that opens one, as it is drawn; its key makes one tap one dispute."""

    kind: str = ""
    amount: str = ""
    currency: str = "USD"
    paid_at: str = ""
    payer_digits: str = ""
    says: str = ""
    till_id: int | None = None
    key: str = ""
    error: str = ""


@dataclass(frozen=True)
class EntryForm:
    """The two forms of one dispute. A PIN is never drawn again; `about` says which was sent."""

    about: str = ""
    note: str = ""
    reference: str = ""
    number: str = ""
    status: str = ""
    why: str = ""
    manager_id: int | None = None
    error: str = ""


def of_payment(payment: Payment | None) -> ClaimForm:
    """Return the form of a new claim, with what the books know of its payment."""
    if payment is None:
        return ClaimForm()
    made = clock.shop_time(payment.made_at).strftime("%Y-%m-%dT%H:%M")
    return ClaimForm(
        amount=payment.amount.plain, currency=str(payment.amount.currency), paid_at=made
    )


def read_claim() -> ClaimForm:
    """Return what was typed into the form of a claim."""
    form = request.form
    return ClaimForm(
        kind=form.get("kind", "")[:40],
        amount=form.get("amount", "")[:40],
        currency=form.get("currency", "")[:8],
        paid_at=form.get("paid_at", "")[:40],
        payer_digits=form.get("payer_digits", "")[:40].strip(),
        says=form.get("says", "")[:_TEXT],
        till_id=form.get("till_id", type=row_id),
        key=form.get("key", "")[:_WORD],
    )


def read_evidence() -> EntryForm:
    """Return what was typed into the form that adds evidence."""
    form = request.form
    return EntryForm(
        "evidence",
        note=form.get("note", "")[:_TEXT],
        reference=form.get("reference", "")[:_REFERENCE],
        number=form.get("number", "")[:_WORD].strip(),
    )


def read_end() -> EntryForm:
    """Return what was typed into the form that ends a dispute, but for the PIN."""
    form = request.form
    return EntryForm(
        "end",
        status=form.get("status", "")[:_WORD],
        why=form.get("why", "")[:_TEXT],
        manager_id=form.get("manager_id", type=row_id),
    )


def moment(typed: str) -> datetime | None:
    """Return the instant of a typed time of the shop, None for none; BadInput for nonsense."""
    if not typed:
        return None
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=clock.SHOP_ZONE)
    except ValueError:
        raise BadInput(_("Type a day and a time.")) from None
