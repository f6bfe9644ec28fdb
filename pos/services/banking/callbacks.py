"""What gateways post to us: kept before it is acknowledged, and turned into a question.

A callback never settles anything. It makes a payment due to be asked about now; the answer
goes the way of every answer. Until the gateway has answered since, the worker sees to it that
it is asked again, so a gateway that is down, or a program that dies, loses nothing.
"""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from pos import clock
from pos.database import writing
from pos.errors import BadSignature, ConfigError
from pos.extensions import db, settings
from pos.gateways import callbacks_of
from pos.gateways.callbacks import CallbackReader, Hint
from pos.models import (
    CallbackVerdict,
    GatewayAccount,
    GatewayCallback,
    GatewayTransaction,
    Payment,
)
from pos.reports.office import callback_alarms
from pos.services.banking import callback_keeping, vault
from pos.states import PaymentStatus

log = logging.getLogger(__name__)

WAITS_SECONDS = (2, 5, 10, 15, 30, 60, 300, 900, 3_600)
"""Between two looks at whether the gateway has answered since; the last one for ever."""

LAG = timedelta(seconds=30)
"""How long a gateway may not know yet what it told us itself. Source: PayWay's test host, 2026."""

KEPT = timedelta(days=7)
"""How long callbacks are kept that are about no payment of ours, or not proven."""

REFUSED_A_MINUTE = 20
"""So many refused callbacks are written down in a minute; the others are refused all the same."""

NOT_SIGNED = "no signature"
"""What is written of a callback without one."""

UNSIGNED = "Missing webhook signature"
"""What its sender is told."""

_V = CallbackVerdict


def hear(gateway: str, headers: Mapping[str, str], body: bytes, *, sender: str) -> None:
    """Keep a callback and make its payment due to be asked about; returns once it is committed.

    BadSignature where it is not proven, GatewayGarbled where it cannot be read, ConfigError
    where the shop has no account there whose key could prove it, TooMany in a flood of them.
    """
    reader = callbacks_of(gateway)
    if not reader.is_signed(headers):
        _refuse(gateway, "", None, sender, NOT_SIGNED)
    hint = reader.read_hint(body)
    payment = _payment_of(gateway, hint)
    account, key = _prove(gateway, reader, headers, body, payment, sender, hint)
    callback_keeping.refuse_flood(sender[:64], clock.now())
    row = GatewayCallback(
        gateway=gateway,
        account_id=account.id,
        payment_id=payment.id if payment else None,
        tran_id=payment.tran_id if payment else hint.tran_id,
        said=hint.status,
        tells_of_money=hint.tells_of_money,
        digest=hashlib.sha256(body).hexdigest(),
        body=reader.kept_body(body, key),
        sender=sender[:64],
        received_at=clock.now(),
        verdict=_V.WAITING if payment else _V.UNKNOWN,
        try_at=clock.now() + timedelta(seconds=WAITS_SECONDS[0]) if payment else None,
    )
    callback_keeping.keep(row)


def _payment_of(gateway: str, hint: Hint) -> Payment | None:
    """Return the payment that is meant: the first of the names that is one of ours."""
    query = (
        select(Payment)
        .join(GatewayAccount, Payment.account_id == GatewayAccount.id)
        .where(GatewayAccount.gateway == gateway, Payment.tran_id.in_(hint.names))
    )
    found = {payment.tran_id: payment for payment in db.session.scalars(query)}
    return next((found[name] for name in hint.names if name in found), None)


def _prove(
    gateway: str,
    reader: CallbackReader,
    headers: Mapping[str, str],
    body: bytes,
    payment: Payment | None,
    sender: str,
    hint: Hint,
) -> tuple[GatewayAccount, str]:
    """Return the account whose key signed it: the payment's own, else whichever of ours."""
    own = [payment.account] if payment else _accounts(gateway)
    keys = [(one, vault.unseal(settings(), one.token_sealed).strip()) for one in own]
    keys = [(one, key) for one, key in keys if key]
    if not keys:
        raise ConfigError(f"no account at {gateway} has a key")
    reason = ""
    for account, key in keys:
        try:
            reader.verify(headers, body, key, takes_raw_style=account.takes_raw_callbacks)
            return account, key
        except BadSignature as problem:
            reason = str(problem)
    return _refuse(gateway, hint.tran_id, payment, sender, reason)


def _accounts(gateway: str) -> Iterable[GatewayAccount]:
    query = select(GatewayAccount).where(GatewayAccount.gateway == gateway)
    return db.session.scalars(query.order_by(GatewayAccount.id)).all()


def _refuse(
    gateway: str, tran_id: str, payment: Payment | None, sender: str, reason: str
) -> tuple[GatewayAccount, str]:
    """Write one line of it, unless many were written just now, and raise BadSignature."""
    now = clock.now()
    recent = select(func.count(GatewayCallback.id)).where(
        GatewayCallback.verdict == _V.REFUSED,
        GatewayCallback.received_at > now - timedelta(minutes=1),
    )
    if (db.session.scalar(recent) or 0) < REFUSED_A_MINUTE:
        log.warning("callback of %s refused: %s (from %s)", gateway, reason, sender)
        row = GatewayCallback(
            gateway=gateway,
            account_id=payment.account_id if payment else None,
            tran_id=tran_id,
            said=reason[:64],
            # Not the body's: the same forgery twice is two lines.
            digest=secrets.token_hex(32),
            sender=sender[:64],
            received_at=now,
            verdict=_V.REFUSED,
        )
        with writing(db.session):
            db.session.add(row)
    raise BadSignature(reason, gateway=gateway)


def follow(limit: int = 100) -> None:
    """See of each callback whether the gateway has answered since; ask again where not."""
    due = select(GatewayCallback.id).where(GatewayCallback.try_at <= clock.now())
    query = due.order_by(GatewayCallback.try_at).limit(limit)
    for callback_id in db.session.scalars(query).all():
        with writing(db.session):
            row = db.session.get_one(GatewayCallback, callback_id, populate_existing=True)
            if row.payment is not None and row.try_at is not None:
                _follow(row, row.payment, clock.now())


def _follow(row: GatewayCallback, payment: Payment, now: datetime) -> None:
    verdict = _verdict(row, payment, now)
    if verdict is not None:
        row.verdict, row.try_at, row.handled_at = verdict, None, payment.answered_at
        if verdict is _V.CONTRADICTED:
            _alarm(row, now)
        return
    if payment.status is PaymentStatus.CREATING:
        row.try_at = now + timedelta(seconds=1)
        return
    wait = WAITS_SECONDS[min(row.tries + 1, len(WAITS_SECONDS) - 1)]
    row.tries, row.try_at = row.tries + 1, now + timedelta(seconds=wait)
    callback_keeping.wake(payment.id, now)


def _verdict(row: GatewayCallback, payment: Payment, now: datetime) -> CallbackVerdict | None:
    """Return what came of it, or None while the gateway has not answered since."""
    # A question of the same millisecond may have been asked before it came.
    if payment.answered_at is None or payment.answered_at <= row.received_at:
        return None
    money = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == payment.id)
    if not row.tells_of_money or db.session.scalar(money.limit(1)) is not None:
        return _V.CHECKED
    return _V.CONTRADICTED if now >= row.received_at + LAG else None


def _alarm(row: GatewayCallback, now: datetime) -> None:
    db.session.flush()
    many = select(func.count(GatewayCallback.id)).where(
        GatewayCallback.account_id == row.account_id,
        GatewayCallback.verdict == _V.CONTRADICTED,
        GatewayCallback.received_at > now - callback_alarms.WITHIN,
    )
    if (db.session.scalar(many) or 0) >= callback_alarms.COUNT:
        log.error("callbacks of %s tell of money that it has not, again", row.gateway)


def forget_old() -> None:
    """Delete callbacks of more than a week ago that are about nothing of ours."""
    old = delete(GatewayCallback).where(
        GatewayCallback.verdict.in_((_V.UNKNOWN, _V.REFUSED)),
        GatewayCallback.received_at < clock.now() - KEPT,
    )
    with writing(db.session):
        db.session.execute(old)
