"""Numbers that were printed after the backup: written down as lost, and the numbering goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from pos.errors import BackupFailed
from pos.extensions import db
from pos.models import LostNumbers, NumberKind, Restore, Store, Till
from pos.services.auditing import chaining

MOST = 100_000
"""More numbers than this are a typing error."""


@dataclass(frozen=True)
class Highest:
    """The highest numbers that were printed, by till or store; who is not in it lost none."""

    z_reports: Mapping[int, int] = field(default_factory=dict)
    corrections: Mapping[int, int] = field(default_factory=dict)
    receipts: Mapping[int, int] = field(default_factory=dict)


def refuse_wrong(highest: Highest) -> None:
    """Raise BackupFailed for a number that is below the one in the books, or far above."""
    for till in _tills():
        name = f"{till.store.name}, {till.name}"
        _refuse(f"{name}, Z", till.last_z_number, highest.z_reports.get(till.id))
        _refuse(f"{name}, C", till.last_correction_number, highest.corrections.get(till.id))
    for store in db.session.scalars(select(Store)):
        wanted = highest.receipts.get(store.id)
        _refuse(f"{store.name}, receipts", store.last_receipt_number, wanted)


def _refuse(name: str, known: int, wanted: int | None) -> None:
    if wanted is not None and wanted < known:
        raise BackupFailed(f"{name}: the backup has number {known}, so {wanted} is not highest.")
    if wanted is not None and wanted - known > MOST:
        raise BackupFailed(f"{name}: {wanted} is far above {known}. Is it typed right?")


def _tills() -> list[Till]:
    return list(db.session.scalars(select(Till).order_by(Till.id)))


def write(restore: Restore, highest: Highest) -> list[LostNumbers]:
    """Write each span of lost numbers down, in the open transaction; return them.

    Those of a till become a link of its chain: the next Z report names it as the one before.
    """
    refuse_wrong(highest)
    rows = []
    for till in _tills():
        z, c = highest.z_reports.get(till.id, 0), highest.corrections.get(till.id, 0)
        if z > till.last_z_number:
            rows.append(_of_till(restore, till, NumberKind.Z_REPORT, till.last_z_number, z))
            till.last_z_number = z
        if c > till.last_correction_number:
            known = till.last_correction_number
            rows.append(_of_till(restore, till, NumberKind.CORRECTION, known, c))
            till.last_correction_number = c
    return rows + _receipts(restore, highest.receipts)


def _of_till(restore: Restore, till: Till, kind: NumberKind, known: int, last: int) -> LostNumbers:
    row = _span(restore, till.store_id, kind, known, last)
    row.till_id = till.id
    chaining.add(till, row)
    db.session.flush()
    return row


def _receipts(restore: Restore, highest: Mapping[int, int]) -> list[LostNumbers]:
    rows = []
    for store in db.session.scalars(select(Store).order_by(Store.id)):
        last = highest.get(store.id, 0)
        if last > store.last_receipt_number:
            known = store.last_receipt_number
            rows.append(_span(restore, store.id, NumberKind.RECEIPT, known, last))
            store.last_receipt_number = last
    db.session.add_all(rows)
    db.session.flush()
    return rows


def _span(restore: Restore, store_id: int, kind: NumberKind, known: int, last: int) -> LostNumbers:
    return LostNumbers(
        restore_id=restore.id,
        store_id=store_id,
        kind=kind,
        first=known + 1,
        last=last,
        written_at=restore.at,
    )
