"""Held money for paper: what was taken to hold, released and given back."""

from collections.abc import Iterable

from pos.paper.document import Section, Table
from pos.reports.closing.held_money import HeldTotal
from pos.reports.remembered import again
from pos.words import _

_COLUMNS = (_("What"), _("Currency"), _("Count"), _("Amount"))

NOTE = _(
    "Deposits and milestones, within what was paid. They are owed until the sale is completed."
)


def section(totals: Iterable[HeldTotal]) -> Section:
    """Return the sums, each kind and currency on a line."""
    rows = tuple(
        (again(one.kind_text), str(one.currency), str(one.count), str(one.amount)) for one in totals
    )
    table = Table(columns=_COLUMNS, rows=rows, figures=frozenset({2, 3}))
    return Section(heading=_("Held money"), notes=(NOTE,), table=table)
