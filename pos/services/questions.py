"""Asking a gateway about payments: claimed by one asker, with no transaction open.

The worker asks what is due; a cashier's *Check now* asks at once. Both end in
`answers.record`, so it does not matter who was quicker.
"""

import logging
import time
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from pos import clock
from pos.database import is_writing, rows_changed, writing
from pos.errors import TooSoon
from pos.extensions import db, settings
from pos.gateways.base import Answer, Trouble
from pos.models import Payment, Till
from pos.services import accounts, answers
from pos.states import UNVERIFIED, PaymentStatus

log = logging.getLogger(__name__)

CLAIM_MARGIN_SECONDS = 3
"""How much longer than the gateway's deadline a claimed payment is left to its asker."""


def due(limit: int = 200) -> list[int]:
    """Return the payments that should be asked about by now, the longest due first."""
    query = (
        select(Payment.id)
        .where(Payment.next_check_at <= clock.now())
        .order_by(Payment.next_check_at)
        .limit(limit)
    )
    return list(db.session.scalars(query))


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


def ask_if_due(payment_id: int, *, who: str = "worker") -> bool:
    """Ask about a payment if it is due and nobody else took it; return whether this call did."""
    now = clock.now()
    if not _claim(payment_id, now):
        return False
    ask(payment_id, who=who)
    return True


def check_now(payment: Payment, *, who: str) -> Answer | None:
    """Ask about a payment at once, for a person who waits; TooSoon when asked a moment ago."""
    _take_turn(payment.till_id)
    return ask(payment.id, who=who)


def ask(payment_id: int, *, who: str) -> Answer | None:
    """Ask the gateway about one payment and record its answer; None where there is no QR yet."""
    payment = db.session.get_one(Payment, payment_id)
    if payment.lookup is None:
        return None
    lookup, account_id, account = payment.lookup, payment.account_id, payment.account
    gateway = accounts.open_account(account)
    db.session.rollback()
    assert not is_writing(db.session), "no transaction may be open while a gateway is asked"
    asked_at, started = clock.now(), time.monotonic()
    answer = gateway.check(lookup)
    if answer.trouble is Trouble.UNAUTHORISED and accounts.renew_token(account_id):
        fresh = accounts.open_account(db.session.get_one(type(account), account_id))
        db.session.rollback()
        asked_at = clock.now()
        answer = fresh.check(lookup)
    took_ms = round((time.monotonic() - started) * 1000)
    answers.record(payment_id, answer, asked_at=asked_at, took_ms=took_ms, who=who)
    return answer


def _claim(payment_id: int, now: datetime) -> bool:
    busy_until = now + timedelta(seconds=settings().gateway_seconds + CLAIM_MARGIN_SECONDS)
    claim = (
        update(Payment)
        .where(Payment.id == payment_id, Payment.next_check_at <= now)
        .values(next_check_at=busy_until)
    )
    with writing(db.session):
        return rows_changed(db.session, claim) == 1


def _take_turn(till_id: int) -> None:
    now = clock.now()
    pause = timedelta(seconds=settings().check_now_seconds)
    # Pressed in what is now the future: the clock was set back.
    rested = or_(
        Till.checked_now_at.is_(None),
        Till.checked_now_at <= now - pause,
        Till.checked_now_at > now,
    )
    claim = update(Till).where(Till.id == till_id, rested).values(checked_now_at=now)
    with writing(db.session):
        if rows_changed(db.session, claim) != 1:
            raise TooSoon("The bank was asked a moment ago. Wait two seconds.")
