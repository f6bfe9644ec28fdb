"""What a relay says of a Bakong payment: it only makes it due to be asked about.

Bakong itself sends nothing. A relay asks it in a shop's stead and posts what it heard.
Source: NBC, Bakong Open API v1.0.5, which has no callback of any kind.
"""

import hashlib
import hmac
from datetime import timedelta

from pos import clock
from pos.database import writing
from pos.extensions import db, settings
from pos.models import Payment
from pos.services.banking import callback_keeping
from pos.states import UNVERIFIED, PaymentStatus

RESTED = timedelta(seconds=3)
METERED_RESTED = timedelta(seconds=30)
"""A hint about a payment that was asked about within this time asks nothing more."""

_OPEN = UNVERIFIED | {PaymentStatus.AWAITING, PaymentStatus.FAILED, PaymentStatus.EXPIRED}


def is_signed(body: bytes, signature: str) -> bool:
    """Return whether the shop's webhook secret made this signature of a body (hex HMAC-SHA256)."""
    secret = settings().webhook_secret.get_secret_value().encode()
    right = hmac.new(secret, body, hashlib.sha256).hexdigest()
    told = signature.removeprefix("sha256=").strip().lower().encode()
    return bool(secret) and hmac.compare_digest(right.encode(), told)


def hear(payment: Payment) -> None:
    """Make a payment due now, unless it was asked about a moment ago or has its last word."""
    rested = METERED_RESTED if payment.account.daily_quota else RESTED
    now = clock.now()
    asked = payment.asked_at
    if payment.status in _OPEN and (asked is None or now - asked >= rested or asked > now):
        payment_id = payment.id
        with writing(db.session):
            callback_keeping.wake(payment_id, now)
