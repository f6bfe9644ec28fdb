"""All that happened to one payment, in the order in which it happened, with who did it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pos.extensions import db
from pos.models import (
    GatewayCallback,
    GatewayQuestion,
    Kind,
    Mark,
    Payment,
    PaymentEvent,
    Printing,
    Receipt,
    Refund,
    Resolution,
    User,
)
from pos.money import Currency, Money
from pos.reports import wording
from pos.reports.office import audit_words
from pos.reports.office.payment_events import ANSWER, EVENT, VERDICT
from pos.words import _

SHORT = 8
"""Characters of a hash that are shown."""


@dataclass(frozen=True, kw_only=True)
class Moment:
    """One thing that happened. `raw` is what was heard on the wire, without keys."""

    at: datetime
    order: int
    text: str
    tone: str
    who: str = ""
    details: tuple[tuple[str, str], ...] = ()
    raw: str = ""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of the timeline: the same answers in a row are one, with all of them inside."""

    last: Moment
    all: tuple[Moment, ...]


def of_payment(payment: Payment) -> tuple[Step, ...]:
    """Return what happened to a payment, first to last."""
    found = sorted(_moments(payment), key=lambda one: (one.at, one.order))
    steps: list[Step] = []
    for one in found:
        same = steps and steps[-1].last.order == one.order == _ASKED
        if same and (steps[-1].last.text, steps[-1].last.who) == (one.text, one.who):
            steps[-1] = Step(last=one, all=(*steps[-1].all, one))
        else:
            steps.append(Step(last=one, all=(one,)))
    return tuple(steps)


_SOLD, _ASKED, _CALLED, _HAPPENED, _DECIDED, _PAPER = range(6)
"""What comes first of what is of one instant: an answer before what it led to."""


def _moments(payment: Payment) -> Iterator[Moment]:
    sold = _("Amount typed, sale %(number)s", number=payment.sale.number)
    cashier = db.session.get_one(User, payment.sale.cashier_id).display_name
    yield Moment(at=payment.made_at, order=_SOLD, text=sold, tone="quiet", who=cashier)
    yield from (_event(row) for row in _rows(PaymentEvent, payment))
    yield from (_question(row) for row in _rows(GatewayQuestion, payment))
    yield from (_callback(row) for row in _rows(GatewayCallback, payment))
    yield from (_mark(row) for row in _rows(Mark, payment))
    yield from (_decision(row) for row in _rows(Resolution, payment))
    yield from (_refund(row) for row in _rows(Refund, payment))
    yield from _paper(payment)


def _rows(table: Any, payment: Payment) -> list[Any]:
    query = select(table).where(table.payment_id == payment.id).order_by(table.id)
    return list(db.session.scalars(query))


def _event(row: PaymentEvent) -> Moment:
    text, tone = EVENT[row.name]
    was, now = wording.STATUS[row.old][0], wording.STATUS[row.new][0]
    details: list[tuple[str, str]] = []
    if was != now:
        details.append((_("state"), _("%(was)s, then %(now)s", was=was, now=now)))
    details += _facts(row.facts)
    return Moment(
        at=row.at,
        order=_HAPPENED,
        text=text,
        tone=tone,
        who=audit_words.whole(row.who),
        details=tuple(details),
    )


def _facts(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name what an event tells of money; what is not named here stays in the books."""
    if "amount_minor" in facts and facts.get("currency") in set(Currency):
        amount = Money(int(facts["amount_minor"]), Currency(facts["currency"]))
        yield _("amount"), str(amount)
    named = {
        "payer": _("from"),
        "receiver": _("to"),
        "reference": _("hash"),
        "evidence": _("evidence"),
        "said": _("the bank"),
        "restored": _("found after a restore of"),
    }
    yield from ((text, str(facts[key])) for key, text in named.items() if facts.get(key))


def _question(row: GatewayQuestion) -> Moment:
    text, tone = ANSWER.get(row.outcome, (row.outcome, "quiet"))
    told = [(_("took"), f"{row.took_ms} ms"), (_("code"), row.code)]
    told.append((_("HTTP"), str(row.http_status or "")))
    if row.trouble:
        told.append((_("why"), wording.trouble_text(row.trouble)))
    details = tuple((name, value) for name, value in told if value)
    return Moment(
        at=row.asked_at,
        order=_ASKED,
        text=text,
        tone=tone,
        who=audit_words.whole(row.who),
        details=details,
        raw=row.raw,
    )


def _callback(row: GatewayCallback) -> Moment:
    text, tone = VERDICT[row.verdict]
    told = ((_("said"), row.said), (_("sender"), row.sender), (_("hash"), row.digest[:SHORT]))
    copies = ((_("times"), str(row.copies)),) if row.copies > 1 else ()
    details = tuple((name, value) for name, value in (*told, *copies) if value)
    return Moment(
        at=row.received_at, order=_CALLED, text=text, tone=tone, details=details, raw=row.body
    )


def _both(asked_by: User | None, approved_by: User | None) -> str:
    """Name who asked for something and who agreed, once if they are one person."""
    names = [one.display_name for one in (asked_by, approved_by) if one is not None]
    return ", ".join(dict.fromkeys(names))


def _mark(row: Mark) -> Moment:
    return Moment(
        at=row.at,
        order=_DECIDED,
        text=_("Marked as paid by hand"),
        tone="waiting",
        who=_both(row.asked_by, row.approved_by),
        details=((_("evidence"), row.evidence),),
    )


def _decision(row: Resolution) -> Moment:
    return Moment(
        at=row.at,
        order=_DECIDED,
        text=wording.RESOLUTION[row.kind],
        tone="quiet",
        who=_both(row.asked_by, row.approved_by),
        details=((_("note"), row.note),) if row.note else (),
    )


def _refund(row: Refund) -> Moment:
    status, tone = wording.REFUND_STATUS[row.status]
    told = (
        (_("amount"), str(row.amount)),
        (_("state"), status),
        (_("reference"), row.reference),
        (_("note"), row.note),
    )
    return Moment(
        at=row.ended_at or row.made_at,
        order=_DECIDED,
        text=wording.REFUND_KIND[row.kind],
        tone=tone,
        who=_both(row.asked_by, row.approved_by),
        details=tuple((name, value) for name, value in told if value),
    )


def _paper(payment: Payment) -> Iterator[Moment]:
    query = select(Receipt).where(Receipt.sale_id == payment.sale_id)
    receipt = db.session.scalar(query)
    if receipt is None:
        return
    text = _("Receipt %(number)s issued", number=receipt.number)
    yield Moment(at=receipt.written_at, order=_PAPER, text=text, tone="quiet")
    prints = select(Printing).where(
        Printing.kind == Kind.RECEIPT, Printing.document_id == receipt.id
    )
    for row in db.session.scalars(prints.order_by(Printing.id)):
        copy = _("Receipt printed, copy %(number)s", number=row.copy)
        text = copy if row.copy else _("Receipt printed")
        yield Moment(
            at=row.asked_at, order=_PAPER, text=text, tone="quiet", who=audit_words.whole(row.who)
        )


def pretty(raw: str) -> str:
    """Return JSON with its lines laid out, other text as it is."""
    try:
        return json.dumps(json.loads(raw), indent=2, ensure_ascii=False)
    except ValueError:
        return raw
