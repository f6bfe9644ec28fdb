"""Refunds without an answer: the bank is looked at until it shows what became of them.

Nothing is sent again. What the bank has given back in all, beside what it had before, says
whether this refund is among it; where it cannot say, a manager who has looked into the bank's
own app does.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from pos import clock
from pos.database import is_writing, rows_changed, writing
from pos.errors import AlreadyDecided, Refused
from pos.extensions import db, settings
from pos.gateways.deeds import ListedTransaction, Listing
from pos.models import Refund
from pos.services.banking import accounts
from pos.services.reconciling import returned
from pos.services.refunding import refund_moves
from pos.states import RefundStatus
from pos.words import _

log = logging.getLogger(__name__)

SURE_AFTER = timedelta(minutes=5)
"""A refund that the bank does not show by then did not happen; before, it may be on its way."""

_WAITS = ((60, 15), (600, 60), (7_200, 600))
_LAST_WAIT = 3_600
"""Up to so many seconds after it was sent, look every so many seconds; then each hour."""


def give_up_sending(*, who: str = "worker") -> None:
    """Call a refund open whose sender has died: it may have been sent."""
    oldest = clock.now() - timedelta(seconds=settings().gateway_seconds + 30)
    query = select(Refund.id).where(Refund.status == RefundStatus.SENDING, Refund.made_at <= oldest)
    for refund_id in db.session.scalars(query).all():
        with writing(db.session):
            refund = refund_moves.take(refund_id)
            if refund.status is RefundStatus.SENDING:
                now = clock.now()
                refund_moves.move(refund, RefundStatus.UNKNOWN, who=who, next_look_at=now)


def look_for_all() -> None:
    """Look for every refund that is due, those of a sender that died among them."""
    give_up_sending()
    for refund_id in due():
        look_if_due(refund_id)


def due(limit: int = 5) -> list[int]:
    """Return the refunds that should be looked for by now; few, as a bank tells ten a minute."""
    query = select(Refund.id).where(
        Refund.status == RefundStatus.UNKNOWN, Refund.next_look_at <= clock.now()
    )
    return list(db.session.scalars(query.order_by(Refund.next_look_at, Refund.id).limit(limit)))


def look_if_due(refund_id: int, *, who: str = "worker") -> bool:
    """Look for one refund if it is due and nobody else does; return whether this call did."""
    now = clock.now()
    claim = update(Refund).where(
        Refund.id == refund_id, Refund.status == RefundStatus.UNKNOWN, Refund.next_look_at <= now
    )
    pause = timedelta(seconds=settings().gateway_seconds + 30)
    with writing(db.session):
        if rows_changed(db.session, claim.values(next_look_at=now + pause)) != 1:
            return False
    look(refund_id, who=who)
    return True


def look(refund_id: int, *, who: str) -> RefundStatus:
    """Ask the bank what it has given back, and end the refund where that says enough."""
    refund = db.session.get_one(Refund, refund_id)
    if refund.status is not RefundStatus.UNKNOWN:
        return refund.status
    gateway = accounts.open_account(refund.payment.account)
    lookup, reference = refund.payment.lookup or "", refund.transaction.reference
    db.session.rollback()
    assert not is_writing(db.session), "no transaction may be open while a gateway is asked"
    asked_at = clock.now()
    listing = gateway.detail(lookup)
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        if refund.status is RefundStatus.UNKNOWN:
            _judge(refund, listing, _row_of(listing, reference), asked_at, who)
        return refund.status


def look_now(refund_id: int, *, who: str) -> RefundStatus:
    """Look at once, for a person who waits; Refused where that was done a moment ago."""
    now = clock.now()
    rested = or_(
        Refund.looked_at.is_(None),
        Refund.looked_at <= now - timedelta(seconds=10),
        Refund.looked_at > now,
    )
    claim = update(Refund).where(Refund.id == refund_id, rested).values(looked_at=now)
    with writing(db.session):
        if rows_changed(db.session, claim) != 1:
            raise Refused(_("The bank was asked a moment ago. Wait ten seconds."))
    return look(refund_id, who=who)


def _row_of(listing: Listing, reference: str) -> ListedTransaction | None:
    rows = [row for row in listing.rows if row.tran_id == reference]
    return rows[0] if listing.is_whole and len(rows) == 1 else None


def _judge(
    refund: Refund,
    listing: Listing,
    row: ListedTransaction | None,
    asked_at: datetime,
    who: str,
) -> None:
    refund.looked_at, refund.next_look_at = asked_at, _next_look(refund)
    refund.trouble = listing.trouble or ""
    db.session.flush()
    if row is None or row.amount != refund.transaction.amount:
        return
    total = row.refunded
    if total.minor >= refund.before_minor + refund.amount_minor:
        refund_moves.move(refund, RefundStatus.DONE, who=who)
        returned.hear(refund.transaction, total, who=who)
    elif total.minor == refund.before_minor and asked_at >= refund.made_at + SURE_AFTER:
        says = "The bank shows that nothing was given back."
        refund_moves.move(refund, RefundStatus.REFUSED, who=who, says=says)


def _next_look(refund: Refund) -> datetime:
    now = clock.now()
    age = (now - refund.made_at).total_seconds()
    wait = next((wait for until, wait in _WAITS if age < until), _LAST_WAIT)
    return now + timedelta(seconds=wait)


def decide(refund_id: int, *, went_back: bool, note: str, approved_by_id: int, who: str) -> None:
    """End an open refund by the word of a manager who has looked into the bank's own app.

    That it did not go back is believed only once it can no more be on its way.
    """
    returned.refuse_bad_note(note)
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        if refund.status is not RefundStatus.UNKNOWN:
            raise AlreadyDecided(_("What became of this refund is known by now."))
        if not went_back and clock.now() < refund.made_at + SURE_AFTER:
            raise Refused(_("It may still be on its way. Wait five minutes from when it was sent."))
        refund.note = f"{refund.note}\n{note.strip()}".strip()
        refund.approved_by_id = approved_by_id
        db.session.flush()
        end = RefundStatus.DONE if went_back else RefundStatus.REFUSED
        log.warning("refund %d is %s by a manager's word", refund_id, end)
        refund_moves.move(refund, end, who=who)
