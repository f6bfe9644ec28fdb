"""Giving money back: once, with a manager's word, and never more than was paid.

The bank is asked first what it has given back already. Then the amount is reserved and written
down, and only then is the refund sent, with no transaction open. Without a clear answer the
refund stays open (`refund_looks.py`): it is never sent again.
"""

import logging
from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import is_writing, writing
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.gateways.deeds import RefundResult
from pos.gateways.words import Done
from pos.models import Deed, GatewayTransaction, Refund
from pos.money import Money
from pos.reports.wording import trouble_text
from pos.services.asking.quota import Purpose
from pos.services.auditing import audit
from pos.services.banking import accounts
from pos.services.reconciling import returned
from pos.services.refunding import refund_moves, refund_proofs, refund_wishes
from pos.services.refunding.refund_wishes import Wish
from pos.services.settling import payments
from pos.states import REFUND_OPEN, RefundKind, RefundProof, RefundStatus
from pos.words import _

log = logging.getLogger(__name__)

RAW_LIMIT = 4_000
FIRST_LOOK = timedelta(seconds=15)


def give_back(money_id: int, wish: Wish, *, who: str) -> Refund:
    """Give money back through its gateway, or record that a person did; return the refund.

    Its status says what came of it. The same key again returns the same refund and sends
    nothing. Refused, and nothing sent, where it may not be.
    """
    money = db.session.get(GatewayTransaction, money_id)
    if money is None:
        raise NotFound(_("There is no such money."))
    by_hand = refund_wishes.is_by_hand(money)
    refund_wishes.refuse_bad(wish, by_hand=by_hand)
    known = refund_wishes.of_key(wish.key)
    if known is not None:
        return _same(known, money_id)
    refund_wishes.refuse_unfit(money)
    if wish.amount.currency is not money.currency or wish.amount.minor > money.left.minor:
        raise BadInput(_("At most %(amount)s can go back.", amount=money.left))
    if by_hand:
        return _record(money_id, wish, who)
    before = _look_first(money, who)
    refund, is_new = _write(money_id, wish, before)
    if is_new:
        _send(refund.id, who)
    return db.session.get_one(Refund, refund.id, populate_existing=True)


def _same(known: Refund, money_id: int) -> Refund:
    if known.transaction_id != money_id:
        raise BadInput(_("This form is not complete. Reload the page and try again."))
    return known


def _record(money_id: int, wish: Wish, who: str) -> Refund:
    """Write down a transfer that a person made in the bank's app; nothing is sent."""
    refund, is_new = _write(money_id, wish, None, who=who)
    log.info("a refund of %s was recorded by hand", refund.amount)
    if is_new and refund.is_alone:
        about, store_id = f"refund {refund.id}", refund.payment.till.store_id
        audit.note(Deed.REFUND_ALONE, who, about, store_id, amount=str(refund.amount))
    if is_new:
        refund_proofs.seek(refund.id, who=who, purpose=Purpose.PERSON)
    return db.session.get_one(Refund, refund.id, populate_existing=True)


def _look_first(money: GatewayTransaction, who: str) -> Money:
    """Return what the bank has given back so far; Refused, and nothing sent, where it is dumb."""
    money_id, payment = money.id, money.payment
    gateway, lookup = accounts.open_account(payment.account), payment.lookup or ""
    reference, amount, payment_id = money.reference, money.amount, money.payment_id
    db.session.rollback()
    assert not is_writing(db.session), "no transaction may be open while a gateway is asked"
    listing = gateway.detail(lookup)
    rows = [row for row in listing.rows if row.tran_id == reference]
    if not listing.is_whole or len(rows) != 1:
        why = trouble_text(listing.trouble or "") or _("The bank does not show this payment.")
        raise Refused(_("%(why)s Nothing was sent. Try again in a minute.", why=why))
    if rows[0].amount != amount:
        raise Refused(_("The bank has this payment with another amount. Nothing was sent."))
    with writing(db.session):
        payments.take(payment_id)
        returned.hear(db.session.get_one(GatewayTransaction, money_id), rows[0].refunded, who=who)
    return rows[0].refunded


def _write(
    money_id: int, wish: Wish, before: Money | None, *, who: str = ""
) -> tuple[Refund, bool]:
    """Reserve the amount and write the refund, in one commit; also whether this call did.

    `before` is the bank's total, None for a refund by hand, which is done with that.
    """
    try:
        with writing(db.session):
            money = db.session.get_one(GatewayTransaction, money_id)
            payments.take(money.payment_id)
            db.session.refresh(money)
            known = refund_wishes.of_key(wish.key)
            if known is not None:
                return _same(known, money_id), False
            refund_wishes.refuse_unfit(money)
            _refuse_odd_total(money, before)
            refund_moves.reserve(money, wish.amount)
            refund = _row(money, wish, before)
            db.session.add(refund)
            db.session.flush()
            if before is None:
                refund_moves.move(refund, RefundStatus.DONE, who=who)
    except IntegrityError:
        known = refund_wishes.of_key(wish.key)
        if known is None:
            raise Refused(_("This transfer, or another refund, is written down already.")) from None
        return _same(known, money_id), False
    return refund, True


def _refuse_odd_total(money: GatewayTransaction, before: Money | None) -> None:
    """Refuse where the bank's total is not ours: by it a lost answer could not be found again."""
    if before is None:
        return
    ours = returned.our_total(money.id) + money.returned_minor
    if before.minor != ours:
        raise Refused(
            _(
                "The bank has given back %(theirs)s, our books say %(ours)s. Nothing was sent."
                " Look again in a minute.",
                theirs=before,
                ours=Money(ours, money.currency),
            )
        )


def _row(money: GatewayTransaction, wish: Wish, before: Money | None) -> Refund:
    reference = wish.reference.strip() if before is None else ""
    to_prove = before is None and refund_proofs.is_hash(reference)
    return Refund(
        payment_id=money.payment_id,
        transaction_id=money.id,
        key=wish.key,
        kind=RefundKind.MANUAL if before is None else RefundKind.GATEWAY,
        status=RefundStatus.SENDING,
        amount_minor=wish.amount.minor,
        currency=wish.amount.currency,
        before_minor=before.minor if before else 0,
        reason=wish.reason,
        note=wish.note.strip(),
        reference=reference,
        proof=RefundProof.UNPROVEN if before is None else None,
        next_look_at=clock.now() if to_prove else None,
        asked_by_id=wish.asked_by_id,
        approved_by_id=wish.approved_by_id,
        made_at=clock.now(),
    )


def _send(refund_id: int, who: str) -> None:
    """Send a refund that was written down, once, and write what came of it."""
    refund = db.session.get_one(Refund, refund_id)
    gateway = accounts.open_account(refund.payment.account)
    lookup, amount = refund.payment.lookup or "", refund.amount
    db.session.rollback()
    assert not is_writing(db.session), "no transaction may be open while a gateway is asked"
    hear(refund_id, gateway.refund(lookup, amount), who=who)


def hear(refund_id: int, result: RefundResult, *, who: str) -> None:
    """Write what the gateway answered. A total that does not fit is no answer."""
    with writing(db.session):
        refund = refund_moves.take(refund_id)
        if refund.status not in REFUND_OPEN:
            log.error("refund %d is %s, and now: %s", refund_id, refund.status, result.done)
            return
        refund.trouble, refund.code = result.trouble or "", result.code[:16]
        refund.says, refund.raw = result.says, result.raw[:RAW_LIMIT]
        db.session.flush()
        if result.done is Done.REFUSED:
            refund_moves.move(refund, RefundStatus.REFUSED, who=who)
        elif _fits(refund, result):
            refund_moves.move(refund, RefundStatus.DONE, who=who)
            returned.hear(refund.transaction, result.total, who=who)
        elif refund.status is RefundStatus.SENDING:
            first = clock.now() + FIRST_LOOK
            refund_moves.move(refund, RefundStatus.UNKNOWN, who=who, next_look_at=first)


def _fits(refund: Refund, result: RefundResult) -> bool:
    if result.done is not Done.DONE or result.total is None:
        return False
    return result.total.minor >= refund.before_minor + refund.amount_minor
