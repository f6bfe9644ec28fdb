"""The audit log of a store: who did what, with the hash that proves each entry."""

from sqlalchemy import or_, select

from pos import clock
from pos.models import AuditEntry
from pos.models.audit import text_of
from pos.reports.exporting.export_table import (
    Cell,
    Column,
    Export,
    Read,
    Rows,
    Sort,
    Span,
    moment,
)


def _query(span: Span) -> Rows:
    first, after_last = clock.day_span(span.first)[0], clock.day_span(span.last)[1]
    return select(
        AuditEntry.link,
        AuditEntry.at,
        AuditEntry.who,
        AuditEntry.deed,
        AuditEntry.about,
        AuditEntry.body,
        AuditEntry.previous_hash,
        AuditEntry.hash,
    ).where(
        or_(AuditEntry.store_id == span.store_id, AuditEntry.store_id.is_(None)),
        AuditEntry.at >= first,
        AuditEntry.at < after_last,
    )


def _cells(row: Read) -> tuple[Cell, ...]:
    return (
        row.link,
        moment(row.at),
        row.who,
        text_of(row.deed),
        row.about,
        row.body,
        row.previous_hash,
        row.hash,
    )


AUDIT = Export(
    title="Audit log",
    columns=(
        Column("Entry", Sort.COUNT),
        Column("At", Sort.MOMENT),
        Column("Who"),
        Column("What"),
        Column("About"),
        Column("Details"),
        Column("Hash before"),
        Column("Hash"),
    ),
    keys=(AuditEntry.link,),
    query=_query,
    cells=_cells,
)
"""The entries of a store, and those of no one store, of the calendar days of the span."""
