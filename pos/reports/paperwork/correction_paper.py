"""A correction as a document for paper: which Z it is about, and what was learned."""

from collections.abc import Iterable
from datetime import datetime

from pos.models.books import KIND
from pos.money import Currency
from pos.paper.document import Document, Line, Section
from pos.reports.closing.corrections import CorrectionView, CountChange, Told
from pos.reports.paperwork.z_cash_paper import pieces_of
from pos.reports.writing import day, time_of_day

_NAMES = {Currency.USD: "dollars", Currency.KHR: "riel"}


def document(view: CorrectionView) -> Document:
    """Return the whole correction, without a word about copies."""
    told = view.told
    return Document(
        shop=view.store_name,
        subtitle=view.merchant_name if view.merchant_name != view.store_name else "",
        title=f"CORRECTION C-{view.number}",
        flags=(f"To Z REPORT {view.z_number}",),
        facts=(
            Line(label="Till", value=view.till_name),
            Line(label="Shift of", value=f"{view.opened_by}, {day(view.business_day)}"),
            *_said("Entered by", told.entered_by),
            *_said("Agreed by", told.approved_by),
        ),
        sections=tuple(_sections(view)),
        signs=("Counted by", "Manager") if told.counts else (),
        foot=f"Written {_moment(view.written_at)}. KHQR POS {view.version}",
    )


def _moment(instant: datetime) -> str:
    return f"{day(instant)}, {time_of_day(instant)}"


def _said(label: str, value: str) -> tuple[Line, ...]:
    return (Line(label=label, value=value),) if value else ()


def _sections(view: CorrectionView) -> Iterable[Section]:
    told = view.told
    yield Section(heading=KIND[view.kind], notes=_notes(told), lines=tuple(_lines(told)))
    for change in told.counts:
        heading = f"Drawer, {_NAMES[change.currency]}"
        yield Section(heading=heading, lines=tuple(_change(change, told)))


def _notes(told: Told) -> tuple[str, ...]:
    return (told.what,) if told.what else ()


def _lines(told: Told) -> Iterable[Line]:
    if told.sale_number is not None:
        yield Line(label="Sale", value=str(told.sale_number))
    if told.amount is not None:
        yield Line(label="Amount", value=str(told.amount), is_strong=True)
    if told.at is not None:
        yield Line(label="Counted" if told.counts else "When", value=_moment(told.at))
    yield from _said("Number", told.tran_id)
    yield from _said("Reference", told.reference)
    yield from _said("Reason", told.reason_text)
    yield from _said("Note", told.note)


def _change(change: CountChange, told: Told) -> Iterable[Line]:
    before = "not counted" if change.before is None else str(change.before)
    yield Line(label="Expected", value=str(change.expected))
    yield Line(label="Counted before", value=before)
    yield Line(label="Counted now", value=str(change.counted), is_strong=True)
    yield Line(label="Over, or short (-)", value=str(change.over), is_strong=True)
    if pieces := told.notes.get(str(change.currency)):
        yield Line(label="Notes", value=pieces_of(pieces, change.currency))
