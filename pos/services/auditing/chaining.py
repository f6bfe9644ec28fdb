"""Writing a Z report, a correction or lost numbers: each is the next link of its till."""

from pos.extensions import db
from pos.models import Correction, LostNumbers, Till, ZReport
from pos.reports.auditing import chain


def add(till: Till, record: ZReport | Correction | LostNumbers) -> None:
    """Write a record as the till's next link, in the open transaction, which holds the till's row.

    Its hash covers all of it and the hash before. Both are kept with the till as well, so that
    the last record cannot vanish unseen.
    """
    till.last_link += 1
    record.link, record.previous_hash = till.last_link, till.last_hash or chain.FIRST
    record.hash = till.last_hash = chain.hash_of(record)
    db.session.add(record)
