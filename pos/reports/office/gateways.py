"""How the shop stands with its gateways: today's questions, the circuit, and the key's end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pos import clock
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayAccount, GatewayCircuit, GatewayDay, Store, Till
from pos.reports import wording
from pos.reports.office import callbacks
from pos.reports.office.callbacks import CallbackLine

KEY_ENDS_SOON_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """One account; `limit` 0 stands for no daily limit, and then the next three say nothing.

    `used_by` names tills, `callbacks` is None where the gateway posts nothing to us.
    `paused_until` is None while the gateway may be asked; `key_days` where the end is unknown.
    """

    account_id: str
    is_practice: bool
    limit: int
    asked: int
    left: int
    kept: int
    rungs: tuple[float, ...]
    paused_until: datetime | None
    trouble_text: str
    key_days: int | None
    key_ends_soon: bool
    used_by: tuple[str, ...]
    callbacks: CallbackLine | None


def of_merchant(merchant_id: int, reserve_of: Callable[[int], int]) -> tuple[AccountLine, ...]:
    """Return a merchant's accounts; `reserve_of` says how many of a day's questions are kept."""
    query = select(GatewayAccount).where(GatewayAccount.merchant_id == merchant_id)
    rows = db.session.scalars(query.order_by(GatewayAccount.id))
    return tuple(_line(row, reserve_of) for row in rows)


def _line(row: GatewayAccount, reserve_of: Callable[[int], int]) -> AccountLine:
    now = clock.now()
    today = db.session.get(GatewayDay, (row.id, clock.business_date(now)))
    asked, circuit = today.asked if today else 0, db.session.get(GatewayCircuit, row.id)
    ends = row.token_expires_at
    days = max((ends - now).days, 0) if ends else None
    until = circuit.paused_until if circuit else None
    is_paused = until is not None and until > now
    is_used_up = circuit is not None and is_paused and circuit.paused_for == Trouble.QUOTA
    return AccountLine(
        account_id=row.account_id,
        is_practice=row.is_practice,
        limit=row.daily_quota,
        asked=asked,
        # The bank's own word counts more than our counter: others may use the same key.
        left=0 if is_used_up else max(row.daily_quota - asked, 0),
        kept=reserve_of(row.daily_quota),
        rungs=tuple(today.ladder or ()) if today else (),
        paused_until=until if is_paused else None,
        trouble_text=wording.trouble_text(circuit.paused_for) if circuit and is_paused else "",
        key_days=days,
        key_ends_soon=days is not None and days < KEY_ENDS_SOON_DAYS,
        used_by=_used_by(row.id),
        callbacks=callbacks.of_account(row),
    )


def _used_by(account_id: int) -> tuple[str, ...]:
    """Name the tills whose next QR is paid on an account."""
    used = func.coalesce(Till.own_account_id, Store.account_id) == account_id
    query = select(Till.name).join(Till.store).where(used).order_by(Till.id)
    return tuple(db.session.scalars(query))
