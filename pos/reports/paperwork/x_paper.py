"""An X report as a document for paper: the sections of a Z, headed so that nobody files it."""

from dataclasses import replace

from pos.paper.document import Document, Line, Section
from pos.reports.closing.x_report import XView
from pos.reports.paperwork import z_paper
from pos.reports.writing import day, moment
from pos.words import _, joined

TITLE = _("X - not a closing")

_SO_FAR = {"Unverified at close": _("Unverified so far")}


def document(x: XView) -> Document:
    """Return one look at an open shift; it has no number and no place to sign."""
    return Document(
        shop=x.store_name,
        subtitle=x.merchant_name if x.merchant_name != x.store_name else "",
        title=TITLE,
        flags=(_("The shift is still open: these figures are not final"),),
        facts=(
            Line(label=_("Till"), value=x.till_name),
            Line(label=_("Business day"), value=day(x.business_day)),
            Line(label=_("Opened"), value=joined(moment(x.opened_at), x.opened_by)),
            Line(label=_("Seen"), value=moment(x.written_at)),
        ),
        sections=tuple(_so_far(one) for one in z_paper.sections(x)),
        foot=_("Not numbered and not kept. KHQR POS %(version)s", version=x.version),
    )


def _so_far(section: Section) -> Section:
    return replace(section, heading=_SO_FAR.get(section.heading, section.heading))
