"""The merchant's accounts at gateways: opened for a call, their keys renewed and stored."""

from datetime import timedelta

from sqlalchemy import or_, select, update

from pos import clock
from pos.database import rows_changed, writing
from pos.errors import BadInput, GatewayError, GatewayRejected
from pos.extensions import db, settings
from pos.gateways import open_gateway
from pos.gateways.base import Account, Gateway
from pos.models import GatewayAccount
from pos.services.asking import circuit
from pos.services.banking import vault

RENEW_BEFORE = timedelta(days=7)
"""A token is renewed this long before its end. Bakong's lives 90 days."""

_RENEWAL_PAUSE = timedelta(minutes=5)
"""One process renews at a time, and not more often: the older token may die of it."""

_RENEWED_PAUSE = timedelta(minutes=1)
"""After a fresh key was heard to work: by then nobody holds the older one, and this may end too."""

_RETRY_PAUSE = timedelta(seconds=15)
"""Until the next try where a renewal got no usable answer: a bank that was down for a moment
must not keep the shop from asking for minutes. A renewal that was refused waits the whole pause.
"""


def open_account(row: GatewayAccount) -> Gateway:
    """Return the gateway of an account, ready to be asked."""
    return open_gateway(
        Account(
            gateway=row.gateway,
            base_url=row.base_url,
            account_id=row.account_id,
            merchant_id=row.acquirer_merchant_id,
            acquiring_bank=row.acquiring_bank,
            token_email=row.token_email,
            token=vault.unseal(settings(), row.token_sealed),
            refund_key=vault.unseal(settings(), row.refund_key_sealed),
            payment_option=row.payment_option,
            callback_url=row.callback_url,
        ),
        seconds=settings().gateway_seconds,
    )


def store_token(account_id: int, token: str) -> None:
    """Keep a token, sealed, with the end that it says itself."""
    with writing(db.session):
        row = db.session.get_one(GatewayAccount, account_id)
        row.token_sealed = vault.seal(settings(), token)
        row.token_expires_at = open_account(row).token_ends_at(token)
    circuit.open_again(account_id)


def note_verified(account_id: int, *, is_there: bool) -> None:
    """Write down that the bank said it has the account, or that this is open again."""
    with writing(db.session):
        row = db.session.get_one(GatewayAccount, account_id)
        row.verified_at = clock.now() if is_there else None


def set_quota(account_id: int, limit: int) -> None:
    """Let an account ask so many questions a day, 0 for no limit; BadInput for less than none.

    What had to wait for the old limit is due at once.
    """
    if limit < 0:
        raise BadInput("A day has 0 questions or more; 0 stands for no limit.")
    with writing(db.session):
        db.session.get_one(GatewayAccount, account_id).daily_quota = limit
    circuit.wake(account_id)


def store_refund_key(account_id: int, public_key: str) -> None:
    """Keep the key under which refunds are asked for, sealed."""
    with writing(db.session):
        row = db.session.get_one(GatewayAccount, account_id)
        row.refund_key_sealed = vault.seal(settings(), public_key)


def renew_token(account_id: int) -> bool:
    """Ask the gateway for a fresh token and keep it; return whether one came.

    One caller at a time: another gets False at once and goes on with what is stored.
    """
    if not _claim_renewal(account_id):
        return False
    gateway = open_account(db.session.get_one(GatewayAccount, account_id))
    db.session.rollback()
    try:
        token = gateway.renew_token()
    except GatewayRejected:
        return False
    except GatewayError:
        _let_renew(account_id, _RETRY_PAUSE)
        return False
    store_token(account_id, token.value)
    return True


def hear_renewed(account_id: int) -> None:
    """Learn that a fresh key was taken: it may be renewed again sooner than one that was not."""
    _let_renew(account_id, _RENEWED_PAUSE)


def renew_ending_tokens() -> None:
    """Renew each token that ends within a week."""
    soon = clock.now() + RENEW_BEFORE
    query = select(GatewayAccount.id).where(
        GatewayAccount.token_email != "", GatewayAccount.token_expires_at <= soon
    )
    for account_id in db.session.scalars(query).all():
        renew_token(account_id)


def _let_renew(account_id: int, pause: timedelta) -> None:
    """Let the next renewal begin after this pause, instead of the whole one."""
    claimed_at = clock.now() - _RENEWAL_PAUSE + pause
    with writing(db.session):
        row = update(GatewayAccount).where(GatewayAccount.id == account_id)
        db.session.execute(row.values(renewal_claimed_at=claimed_at))


def _claim_renewal(account_id: int) -> bool:
    now = clock.now()
    free = or_(
        GatewayAccount.renewal_claimed_at.is_(None),
        GatewayAccount.renewal_claimed_at <= now - _RENEWAL_PAUSE,
        # Claimed in what is now the future: the clock was set back.
        GatewayAccount.renewal_claimed_at > now,
    )
    with writing(db.session):
        claim = (
            update(GatewayAccount)
            .where(GatewayAccount.id == account_id, GatewayAccount.token_email != "", free)
            .values(renewal_claimed_at=now)
        )
        return rows_changed(db.session, claim) == 1
