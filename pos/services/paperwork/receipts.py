"""Issuing receipts: one for each paid sale, numbered in its store."""

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import NotFound, Refused
from pos.extensions import db
from pos.models import Receipt, Sale, Store, Till, User
from pos.reports.paperwork import receipt as report
from pos.services.bookkeeping import shifts
from pos.states import SaleStatus
from pos.words import _


def may_see(shift_id: int, user: User) -> bool:
    """Return whether a person may see the papers of a shift: as they may see the shift."""
    try:
        shifts.find(shift_id, user)
    except NotFound:
        return False
    return True


def find_sale(sale_id: int, user: User) -> Sale:
    """Return a sale that this person may see: of their own shift, or of a manager's store."""
    sale = db.session.get(Sale, sale_id)
    if sale is None or not may_see(sale.shift_id, user):
        raise NotFound(_("There is no such sale."))
    return sale


def issued(sale_id: int) -> Receipt | None:
    """Return the receipt of a sale, if it has one."""
    return db.session.scalar(select(Receipt).where(Receipt.sale_id == sale_id))


def issue(sale_id: int) -> Receipt:
    """Return the receipt of a paid sale, written at the first time under the store's next number.

    Refused while the sale is not paid.
    """
    with writing(db.session):
        sale = db.session.get_one(Sale, sale_id)
        till = db.session.get_one(Till, sale.till_id)
        # The store's own row hands out the numbers, to one at a time.
        store = db.session.get_one(
            Store, till.store_id, populate_existing=True, with_for_update=True
        )
        if found := issued(sale_id):
            return found
        if sale.status is not SaleStatus.PAID:
            raise Refused(_("Only a paid sale has a receipt."))
        store.last_receipt_number += 1
        new = Receipt(
            store_id=store.id,
            sale_id=sale.id,
            number=store.last_receipt_number,
            written_at=clock.now(),
            body=report.to_json(report.gather(sale, store.last_receipt_number)),
        )
        db.session.add(new)
        db.session.flush()
    return new
