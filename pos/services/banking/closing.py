"""Closing withdrawn QRs at gateways that can: asked until it is done, never relied upon.

A closed QR is watched like any other, because gateways are known to close and to be paid all
the same. Source: ABA PayWay's test host, 2026.
"""

import logging
from datetime import timedelta

from sqlalchemy import select, update

from pos import clock
from pos.database import is_writing, rows_changed, writing
from pos.extensions import db, settings
from pos.gateways.deeds import CloseResult
from pos.gateways.words import Done
from pos.models import Payment
from pos.services.banking import accounts
from pos.services.settling import payments

log = logging.getLogger(__name__)

RETRY = timedelta(seconds=60)
LONGEST = timedelta(minutes=30)
"""After a QR's end; by then it is over at the gateway, too."""


def due(limit: int = 50) -> list[int]:
    """Return the payments whose QR should be closed by now, the longest due first."""
    query = select(Payment.id).where(Payment.close_at <= clock.now())
    return list(db.session.scalars(query.order_by(Payment.close_at, Payment.id).limit(limit)))


def close_if_due(payment_id: int) -> bool:
    """Ask the gateway to close one QR, if it is due and nobody else took it.

    Returns whether this call did. Nothing is closed of a payment that was paid in the meantime.
    """
    if not _claim(payment_id):
        return False
    payment = db.session.get_one(Payment, payment_id)
    gateway, lookup = accounts.open_account(payment.account), payment.lookup or ""
    db.session.rollback()
    assert not is_writing(db.session), "no transaction may be open while a gateway is asked"
    _hear(payment_id, gateway.close(lookup))
    return True


def _claim(payment_id: int) -> bool:
    now = clock.now()
    pause = max(RETRY, timedelta(seconds=settings().gateway_seconds * 2))
    claim = update(Payment).where(Payment.id == payment_id, Payment.close_at <= now)
    with writing(db.session):
        return rows_changed(db.session, claim.values(close_at=now + pause)) == 1


def _hear(payment_id: int, result: CloseResult) -> None:
    with writing(db.session):
        payment = payments.take(payment_id)
        log.info("closing %s at the gateway: %s %s", payment.tran_id, result.done, result.code)
        is_over = clock.now() > payment.expires_at + LONGEST
        if result.done is not Done.UNKNOWN or is_over:
            payment.close_at = None
        if result.is_paid:
            # Its money is on the way into the books; ask for it now.
            payment.next_check_at = clock.now()
