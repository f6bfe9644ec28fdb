"""A correction as a document for paper: which Z it is about, and what was learned."""

from collections.abc import Iterable

from pos.models.books import KIND
from pos.paper.document import Document, Line, Section
from pos.reports.closing.corrections import CorrectionView, CountChange, Told
from pos.reports.paperwork.z_cash_paper import DRAWER, OVER, pieces_of
from pos.reports.remembered import again
from pos.reports.writing import day, moment
from pos.words import _, joined


def document(view: CorrectionView) -> Document:
    """Return the whole correction, without a word about copies."""
    told = view.told
    return Document(
        shop=view.store_name,
        subtitle=view.merchant_name if view.merchant_name != view.store_name else "",
        title=_("CORRECTION C-%(number)s", number=view.number),
        flags=(_("To Z REPORT %(number)s", number=view.z_number),),
        facts=(
            Line(label=_("Till"), value=view.till_name),
            Line(label=_("Shift of"), value=joined(view.opened_by, day(view.business_day))),
            *_said(_("Entered by"), told.entered_by),
            *_said(_("Agreed by"), told.approved_by),
        ),
        sections=tuple(_sections(view)),
        signs=(_("Counted by"), _("Manager")) if told.counts else (),
        foot=_(
            "Written %(when)s. KHQR POS %(version)s",
            when=moment(view.written_at),
            version=view.version,
        ),
    )


def _said(label: str, value: str) -> tuple[Line, ...]:
    return (Line(label=label, value=value),) if value else ()


def _sections(view: CorrectionView) -> Iterable[Section]:
    told = view.told
    yield Section(heading=KIND[view.kind], notes=_notes(told), lines=tuple(_lines(told)))
    for change in told.counts:
        yield Section(heading=DRAWER[change.currency], lines=tuple(_change(change, told)))


def _notes(told: Told) -> tuple[str, ...]:
    return (again(told.what),) if told.what else ()


def _lines(told: Told) -> Iterable[Line]:
    if told.sale_number is not None:
        yield Line(label=_("Sale"), value=str(told.sale_number))
    if told.amount is not None:
        yield Line(label=_("Amount"), value=str(told.amount), is_strong=True)
    if told.at is not None:
        yield Line(label=_("Counted") if told.counts else _("When"), value=moment(told.at))
    yield from _said(_("Number"), told.tran_id)
    yield from _said(_("Reference"), told.reference)
    yield from _said(_("Reason"), again(told.reason_text))
    yield from _said(_("Note"), told.note)


def _change(change: CountChange, told: Told) -> Iterable[Line]:
    before = _("not counted") if change.before is None else str(change.before)
    yield Line(label=_("Expected"), value=str(change.expected))
    yield Line(label=_("Counted before"), value=before)
    yield Line(label=_("Counted now"), value=str(change.counted), is_strong=True)
    yield Line(label=OVER, value=str(change.over), is_strong=True)
    if pieces := told.notes.get(str(change.currency)):
        yield Line(label=_("Notes"), value=pieces_of(pieces, change.currency))
