"""What a restore writes into the books that it puts back, before the shop opens on them.

All of it is one transaction: numbers that were lost, doors that are shut, questions that are due.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update

from pos import clock
from pos.database import writing
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.models import (
    ApiToken,
    Backup,
    Deed,
    Display,
    GatewayAccount,
    Login,
    LostNumbers,
    Restore,
    Store,
    Terminal,
)
from pos.services.auditing import audit
from pos.services.backups import gap, lost
from pos.services.backups.archive import Manifest
from pos.services.backups.lost import Highest


@dataclass(frozen=True)
class Written:
    """What a restore did: spans of lost numbers, QRs asked about again, accounts without lists."""

    lost: tuple[str, ...]
    asked: int
    without_list: tuple[str, ...]


def write(manifest: Manifest, name: str, highest: Highest) -> Written:
    """Make the books that were put back ready to sell on; BackupFailed for a wrong number.

    Every login ends, every program's token and every enrolled till is revoked, every screen
    unpaired: what was taken back since the backup must not be good again.
    """
    now = clock.now()
    restore = Restore(at=now, taken_at=manifest.instant, name=name, revision=manifest.revision)
    with writing(db.session):
        db.session.add(restore)
        db.session.flush()
        rows = lost.write(restore, highest)
        spans = tuple(_told(row) for row in rows)
        _shut_doors()
        # Those that had not ended, and among them the one that is being put back.
        db.session.execute(delete(Backup).where(Backup.ended_at.is_(None)))
        asked = gap.ask_again(restore)
        audit.note(
            *(Deed.BOOKS_RESTORED, audit.OPERATOR, name, None),
            taken_at=manifest.taken_at,
            asked=asked,
            lost="; ".join(spans),
        )
    return Written(spans, asked, _without_list())


def _told(row: LostNumbers) -> str:
    where = row.till.name if row.till else "receipts"
    return f"{db.session.get_one(Store, row.store_id).name}, {where}: {row.name}"


def _shut_doors() -> None:
    now = clock.now()
    _set(Login, Login.ended_at.is_(None), ended_at=now)
    _set(ApiToken, ApiToken.revoked_at.is_(None), revoked_at=now)
    _set(Terminal, Terminal.revoked_at.is_(None), revoked_at=now)
    db.session.execute(delete(Display))


def _set(table: type, which: ColumnElement[bool], **values: object) -> None:
    change = update(table).where(which).values(**values)
    db.session.execute(change, execution_options={"synchronize_session": False})


def _without_list() -> tuple[str, ...]:
    """Return the accounts whose bank gives no list of payments to find lost ones in."""
    rows = db.session.scalars(select(GatewayAccount).order_by(GatewayAccount.id))
    return tuple(row.account_id for row in rows if not capabilities_of(row.gateway).can_list)
