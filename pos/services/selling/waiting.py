"""Whether a customer may be about to pay at a till."""

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Payment, Till
from pos.services.selling import checkout
from pos.states import LIVE


def is_waited_for(till: Till) -> bool:
    """Return whether somebody may be paying a QR of a till; online, whichever of its many."""
    if not till.is_online:
        return checkout.live_payment(till.id) is not None
    waiting = select(Payment.id).where(
        Payment.till_id == till.id,
        Payment.status.in_(LIVE),
        Payment.expires_at > clock.now(),
    )
    return db.session.scalar(waiting.limit(1)) is not None
