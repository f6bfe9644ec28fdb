"""A bank's own list of payments held against ours, in both directions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pos.gateways.deeds import ListedTransaction
from pos.models import ListFinding
from pos.money import Money


@dataclass(frozen=True, kw_only=True)
class Booked:
    """Money in our books; of it, what went back for certain and at most, as we know it."""

    reference: str
    amount: Money
    paid_at: datetime
    back_least: Money
    back_most: Money


@dataclass(frozen=True, kw_only=True)
class ListDifference:
    """One payment on which list and books differ, with what each says of it."""

    finding: ListFinding
    reference: str
    ours: Money | None
    theirs: Money | None


def compare(
    booked: Mapping[str, Booked],
    rows: Sequence[ListedTransaction],
    *,
    is_whole: bool,
    since: datetime,
    until: datetime,
) -> tuple[ListDifference, ...]:
    """Return all differences of a time, by reference; a payment may have two.

    `booked` has every piece of our money that is named in the rows, and all of that time. Of a
    list that is not whole it is only compared what stands in it: absence proves nothing.
    """
    listed = {row.tran_id: row for row in rows}
    found = [one for row in rows for one in _of_row(row, booked.get(row.tran_id), since, until)]
    if is_whole:
        missing = (one for one in booked.values() if one.reference not in listed)
        found += [
            ListDifference(
                finding=ListFinding.OURS_ONLY, reference=one.reference, ours=one.amount, theirs=None
            )
            for one in missing
            if since <= one.paid_at < until
        ]
    return tuple(sorted(found, key=lambda one: (one.reference, one.finding)))


def _of_row(
    row: ListedTransaction, ours: Booked | None, since: datetime, until: datetime
) -> list[ListDifference]:
    if ours is None:
        if not since <= row.at < until:
            return []
        return [_difference(ListFinding.THEIRS_ONLY, row, None, row.amount)]
    found = []
    if row.amount != ours.amount:
        found.append(_difference(ListFinding.AMOUNT_DIFFERS, row, ours.amount, row.amount))
    if row.refunded.currency is not ours.back_least.currency:
        return found
    if not ours.back_least.minor <= row.refunded.minor <= ours.back_most.minor:
        found.append(_difference(ListFinding.RETURNED, row, ours.back_least, row.refunded))
    return found


def _difference(
    finding: ListFinding, row: ListedTransaction, ours: Money | None, theirs: Money
) -> ListDifference:
    return ListDifference(finding=finding, reference=row.tran_id, ours=ours, theirs=theirs)
