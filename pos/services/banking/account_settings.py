"""Changing how an account at a gateway is used, without setting it up anew.

Who is paid, and at which address, is never changed: that is another account.
"""

import logging
from dataclasses import dataclass, field, fields, replace

from pos.database import writing
from pos.errors import BadInput
from pos.extensions import db, settings
from pos.gateways import capabilities_of, has_callbacks, open_gateway
from pos.gateways.base import Account
from pos.models import Deed, GatewayAccount
from pos.services.auditing import audit
from pos.services.banking import vault

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What is to change; None leaves a thing as it is, and "" takes it away."""

    payment_option: str | None = None
    callback_url: str | None = None
    takes_raw_callbacks: bool | None = None
    token_email: str | None = None
    refund_key: str | None = field(default=None, repr=False)


_NAMES = {
    "payment_option": "payment option",
    "callback_url": "address for callbacks",
    "takes_raw_callbacks": "takes X-PayWay-Signature",
    "token_email": "e-mail address",
    "refund_key": "refund key",
}


def change(account_id: int, wanted: Changes, *, who: str) -> tuple[str, ...]:
    """Change an account, whole or not at all; return what became of what, a line each.

    BadInput for what the gateway cannot have, or where nothing is wanted. A QR that was made
    before stays as it is. Each change is logged, with who made it.
    """
    given = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    given = {name: value for name, value in given.items() if value is not None}
    if not given:
        raise BadInput("Say what is to be changed.")
    with writing(db.session):
        row = db.session.get_one(
            GatewayAccount, account_id, populate_existing=True, with_for_update=True
        )
        _refuse_strange(row.gateway, given)
        _refuse_wrong(row, given)
        lines = [_set(row, name, value) for name, value in given.items()]
        changed = tuple(line for line in lines if line)
        for line in changed:
            audit.note(Deed.ACCOUNT_CHANGED, who, row.account_id, None, now=line)
    for line in changed:
        log.info("%s changed %s: %s", who, row.account_id, line)
    return changed


def _refuse_strange(gateway: str, given: dict[str, str | bool]) -> None:
    """Refuse what this gateway would never read: it would look as if it had an effect."""
    known = capabilities_of(gateway)
    has = {
        "payment_option": known.needs_call_to_make_qr,
        "callback_url": has_callbacks(gateway),
        "takes_raw_callbacks": has_callbacks(gateway),
        "refund_key": known.can_refund,
        # Where a key can be asked for anew, it is by this address.
        "token_email": not known.needs_call_to_make_qr,
    }
    for name in given:
        if not has[name]:
            raise BadInput(f"An account at {gateway} has no such thing: {_NAMES[name]}.")


def _refuse_wrong(row: GatewayAccount, given: dict[str, str | bool]) -> None:
    seen = Account(
        gateway=row.gateway,
        base_url=row.base_url,
        account_id=row.account_id,
        token_email=row.token_email,
        payment_option=row.payment_option,
        callback_url=row.callback_url,
    )
    texts = {name: str(value) for name, value in given.items() if name != "takes_raw_callbacks"}
    open_gateway(replace(seen, **texts)).refuse_wrong_account()


def _set(row: GatewayAccount, name: str, value: str | bool) -> str:
    """Write one thing, and return the line that tells of it; "" where it was so before."""
    if name == "refund_key":
        row.refund_key_sealed = vault.seal(settings(), str(value))
        return f"{_NAMES[name]}: {'a new one' if value else 'none'}"
    old = getattr(row, name)
    if old == value:
        return ""
    setattr(row, name, value)
    return f"{_NAMES[name]}: {_told(old)} -> {_told(value)}"


def _told(value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value or "none"
