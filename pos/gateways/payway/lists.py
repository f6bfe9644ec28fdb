"""PayWay's own list of payments, and its detail of one.

Unpaid QRs are not in the list, so what is open is known to the shop alone.
Source: ABA, transaction-list-2 and transaction-detail (2026); what is missing, its test host.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pos.errors import GatewayError, GatewayGarbled
from pos.gateways.deeds import ListedTransaction, Listing
from pos.gateways.payway.answers import WORDS
from pos.gateways.payway.asking import Asker
from pos.gateways.payway.deeds import local_text
from pos.gateways.payway.facts import read_row
from pos.gateways.payway.frame import Heard
from pos.gateways.reply import redacted
from pos.gateways.troubles import trouble_of
from pos.gateways.words import Outcome, Trouble

PAGE_ROWS = 200
MOST_PAGES = 40
"""PayWay takes fifty lists a minute."""

LONGEST = timedelta(days=2)
"""A list may span three days at the bank, and this many hours never touch a fourth."""


def list_paid(asker: Asker, since: datetime, until: datetime) -> Listing:
    """Return what PayWay has of a time of two days at most, page by page, without repeats.

    What was never money, such as a hold or a refused try, is left out.
    """
    if until - since > LONGEST:
        return Listing(is_whole=False, says="A list may span two days at most.")
    rows: dict[str, ListedTransaction] = {}
    unread = 0
    for page in range(1, MOST_PAGES + 1):
        try:
            heard = asker.ask("transaction-list-2", _page(since, until, page))
        except GatewayError as error:
            return _stopped(rows, unread, error)
        if heard.said is not None:
            return _refused(heard, tuple(rows.values()), unread)
        found, spoilt = _read(heard.frame.rows)
        rows |= {row.tran_id: row for row in found if WORDS.get(row.status) is Outcome.PAID}
        unread += spoilt
        if len(heard.frame.rows) < PAGE_ROWS:
            return Listing(rows=tuple(rows.values()), is_whole=unread == 0, unread=unread)
    return Listing(rows=tuple(rows.values()), is_whole=False, unread=unread)


def detail(asker: Asker, tran_id: str) -> Listing:
    """Return the one payment; no row, and whole, where PayWay has none of this number."""
    try:
        heard = asker.ask("transaction-detail", {"tran_id": tran_id})
    except GatewayError as error:
        return _stopped({}, 0, error)
    if heard.said is not None:
        if heard.said.means is Outcome.NOT_FOUND:
            return Listing(code=heard.frame.code, says=heard.said.text, raw=heard.raw)
        return _refused(heard, (), 0)
    found, spoilt = _read([{**heard.frame.data, "tran_id": tran_id}])
    trouble = Trouble.GARBLED if spoilt else None
    whole = not spoilt
    return Listing(rows=tuple(found), is_whole=whole, unread=spoilt, trouble=trouble, raw=heard.raw)


def _page(since: datetime, until: datetime, page: int) -> dict[str, str]:
    return {
        "from_date": local_text(since),
        "to_date": local_text(until),
        "page": str(page),
        "pagination": str(PAGE_ROWS),
    }


def _read(rows: Sequence[object]) -> tuple[list[ListedTransaction], int]:
    """Return the rows that can be read, and how many cannot."""
    found = []
    for row in rows:
        try:
            if not isinstance(row, dict):
                raise GatewayGarbled("no row")
            found.append(read_row(row))
        except GatewayGarbled:
            continue
    return found, len(rows) - len(found)


def _stopped(rows: dict[str, ListedTransaction], unread: int, error: GatewayError) -> Listing:
    return Listing(
        rows=tuple(rows.values()),
        is_whole=False,
        unread=unread,
        trouble=trouble_of(error),
        raw=redacted(str(error)),
    )


def _refused(heard: Heard, rows: tuple[ListedTransaction, ...], unread: int) -> Listing:
    return Listing(
        rows=rows,
        is_whole=False,
        unread=unread,
        trouble=heard.trouble or Trouble.OTHER,
        code=heard.frame.code,
        says=heard.said.text if heard.said else "",
        raw=heard.raw,
    )
