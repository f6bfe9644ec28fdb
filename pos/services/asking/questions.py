"""Asking a gateway about payments: claimed by one asker, with no transaction open.

The worker asks what is due; a cashier's *Check now* asks at once. Both pay for the question
out of the account's budget first, and both end in `answers.record`, so it does not matter who
was quicker.
"""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import cast

from sqlalchemy import Integer, Table, bindparam, or_, select, update

from pos import clock
from pos.database import rows_changed, writing
from pos.errors import TooSoon
from pos.extensions import db, settings
from pos.gateways.base import Answer, Outcome
from pos.models import GatewayAccount, Payment, Till
from pos.services.asking import budget, presses, quota, sending
from pos.services.asking.budget import Refusal
from pos.services.asking.quota import Purpose
from pos.services.asking.sending import Heard
from pos.services.banking import accounts
from pos.services.settling import answers, payments
from pos.services.shop import lease
from pos.states import UNVERIFIED, PaymentStatus
from pos.words import _

log = logging.getLogger(__name__)

CLAIM_MARGIN_SECONDS = 3
"""How much longer than the gateway's deadline a claimed payment is left to its asker."""

MOST_TOGETHER = 50
"""How many payments one question may be about. Source: NBC, Bakong Open API v1.0.5."""


# The bare tables: an UPDATE by the model is made ready anew each time it is done.
_PAYMENTS, _TILLS = (cast("Table", one.__table__) for one in (Payment, Till))
_P = _PAYMENTS.c
_DUE = (
    select(_P.id)
    .where(_P.next_check_at <= bindparam("now"))
    .order_by(_P.next_check_at, _P.id)
    .limit(bindparam("most", type_=Integer))
)
_CLAIM = (
    update(_PAYMENTS)
    .where(_P.id == bindparam("payment_id"), _P.next_check_at <= bindparam("now"))
    .values(next_check_at=bindparam("busy_until"))
)
_TURN = (
    update(_TILLS)
    .where(
        _TILLS.c.id == bindparam("till_id"),
        # Pressed in what is now the future: the clock was set back.
        or_(
            _TILLS.c.checked_now_at.is_(None),
            _TILLS.c.checked_now_at <= bindparam("rested"),
            _TILLS.c.checked_now_at > bindparam("now"),
        ),
    )
    .values(checked_now_at=bindparam("now"))
)


def due(limit: int = 200) -> list[int]:
    """Return the payments that should be asked about by now, the longest due first."""
    return list(db.session.scalars(_DUE, {"now": clock.now(), "most": limit}))


def ask_open_again() -> None:
    """Make every QR whose last word is out due at once: somebody set the clock.

    What was planned by the old time may lie hours ahead of the new one. A QR that was given
    up and is only watched is due too where it was last touched in what is now the future.
    """
    now = clock.now()
    is_open = Payment.status.in_(UNVERIFIED | {PaymentStatus.AWAITING})
    is_ahead = or_(Payment.changed_at > now, Payment.asked_at > now)
    due_later = update(Payment).where(Payment.next_check_at > now, or_(is_open, is_ahead))
    with writing(db.session):
        db.session.execute(due_later.values(next_check_at=now))


def has_unasked(since: datetime) -> bool:
    """Return whether an open QR made before `since` was not asked about since then."""
    query = select(Payment.id).where(
        Payment.status.in_(UNVERIFIED | {PaymentStatus.AWAITING}),
        Payment.made_at < since,
        or_(Payment.asked_at.is_(None), Payment.asked_at < since),
    )
    return db.session.scalar(query.limit(1)) is not None


def due_together() -> list[list[int]]:
    """Return what is due, with those in one list that one question may be asked about."""
    ids = due()
    query = select(Payment.id, Payment.account_id).where(Payment.id.in_(ids))
    account_of = {row.id: row.account_id for row in db.session.execute(query)}
    alike: dict[int, list[int]] = {}
    for payment_id in ids:
        alike.setdefault(account_of[payment_id], []).append(payment_id)
    groups: list[list[int]] = []
    for account_id, members in alike.items():
        size = MOST_TOGETHER if _pays_together(account_id, len(members)) else 1
        groups += [members[at : at + size] for at in range(0, len(members), size)]
    return groups


def _pays_together(account_id: int, count: int) -> bool:
    """Whether a list may save questions of a day: not where the gateway refused one before."""
    account = db.session.get_one(GatewayAccount, account_id)
    if account.daily_quota == 0 or count < 2:
        return False
    gateway = accounts.open_account(account)
    return gateway.capabilities.can_check_many and gateway.requests_for(count) != count


def ask_if_due(payment_id: int, *, who: str = "worker") -> bool:
    """Ask about a payment if it is due and nobody else took it; return whether this call did."""
    if not _claim(payment_id, clock.now()):
        return False
    ask(payment_id, who=who)
    return True


def ask_together(payment_ids: list[int], *, who: str = "worker") -> None:
    """Ask about those of the payments that are due and that nobody else took, in one question.

    They are of one account. One by one, where the day has not enough left for all at once.
    """
    now = clock.now()
    claimed = [one for one in payment_ids if _claim(one, now)]
    if len(claimed) < 2 or not _ask_list(claimed, who):
        for payment_id in claimed:
            ask(payment_id, who=who)


def check_now(payment: Payment, *, who: str, insists: bool = False) -> Answer | None:
    """Ask about a payment at once, for a person who waits; TooSoon when asked a moment ago.

    On a daily limit the pause grows with each press about a payment, unless `insists`.
    """
    payment_id = payment.id
    if not insists:
        presses.refuse_hasty(payment)
    _take_turn(payment.till_id)
    return ask(payment_id, who=who, by_person=True)


def find_by_receipt(payment: Payment, receipt: str, *, who: str) -> Heard | None:
    """Ask for the transfer of this payment's amount on a customer's receipt; record nothing.

    None, and nothing sent, where the gateway cannot be asked now. TooSoon when the till asked a
    moment ago; BadInput where no receipt has such characters.
    """
    account, amount = payment.account, payment.amount
    _take_turn(payment.till_id)
    if budget.spend(account, 1, Purpose.PERSON) is not None:
        return None
    log.info("%s asks for a receipt over %s", who, amount)
    return sending.send(account, 1, lambda one: {receipt: one.find_by_receipt(receipt, amount)})


def ask(payment_id: int, *, who: str, by_person: bool = False) -> Answer | None:
    """Ask the gateway about one payment and record its answer; None where there is no QR yet.

    UNKNOWN, and nothing sent, where the budget or a closed circuit has no question for it.
    """
    payment = payments.read(payment_id)
    if payment.lookup is None:
        return None
    lookup, account = payment.lookup, payment.account
    refusal = budget.spend(account, 1, Purpose.PERSON if by_person else _purpose(payment))
    if refusal is not None:
        return _postpone(payment_id, refusal)
    heard = sending.send(account, 1, lambda gateway: {lookup: gateway.check(lookup)})
    record(payment_id, heard.answers[lookup], heard, who)
    return heard.answers[lookup]


def _ask_list(payment_ids: list[int], who: str) -> bool:
    """Ask about several payments in one; False, and nothing sent, where that cannot be."""
    rows = [db.session.get_one(Payment, one) for one in payment_ids]
    lookups = {row.lookup: row.id for row in rows if row.lookup is not None}
    account, purposes = rows[0].account, [_purpose(row) for row in rows]
    gateway = accounts.open_account(account)
    before = gateway.requests_for(len(lookups))
    if budget.spend(account, before, min(purposes, key=list(Purpose).index)) is not None:
        return False
    heard = sending.send(account, before, lambda one: one.check_many(list(lookups)))
    # Money first: it is booked by whoever heard of it.
    for lookup in sorted(lookups, key=lambda one: heard.answers[one].facts is None):
        record(lookups[lookup], heard.answers[lookup], heard, who)
    after = gateway.requests_for(len(lookups))
    if after < len(lookups):
        budget.give_back(account, before - after)
    return True


def record(payment_id: int, answer: Answer, heard: Heard, who: str) -> None:
    """Record what was heard about one payment; an old "not found" of a replaced worker is not."""
    write = partial(
        answers.record, payment_id, answer, asked_at=heard.asked_at, took_ms=heard.took_ms, who=who
    )
    if answer.outcome is Outcome.PAID:
        with lease.unfenced():
            write()
    else:
        # Of a worker that was paused since it asked, this may be an old story.
        write()


def _postpone(payment_id: int, refusal: Refusal) -> Answer:
    answers.postpone(payment_id, refusal.trouble, refusal.until)
    return Answer(outcome=Outcome.UNKNOWN, trouble=refusal.trouble)


def _purpose(payment: Payment) -> Purpose:
    return quota.purpose_of(payment.status, clock.now(), payments.decisive_from(payment))


def _claim(payment_id: int, now: datetime) -> bool:
    busy_until = now + timedelta(seconds=settings().gateway_seconds + CLAIM_MARGIN_SECONDS)
    told = {"payment_id": payment_id, "now": now, "busy_until": busy_until}
    with writing(db.session):
        return rows_changed(db.session, _CLAIM, **told) == 1


def _take_turn(till_id: int) -> None:
    now = clock.now()
    pause = timedelta(seconds=settings().check_now_seconds)
    told = {"till_id": till_id, "rested": now - pause, "now": now}
    with writing(db.session):
        if rows_changed(db.session, _TURN, **told) != 1:
            raise TooSoon(_("The bank was asked a moment ago. Wait two seconds."))
