"""Disputes as the tests of them open and end them."""

from datetime import timedelta

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import Dispute, DisputeEntry, Payment
from pos.services.disputing import disputes
from pos.services.disputing.dispute_wishes import Claim, End, Evidence
from pos.states import DisputeKind, DisputeStatus
from tests.factories import new_key, usd

WHO = "cashier:dara"


def claim(shop, tran_id="", **changes):
    """What a customer says, about the payment of a number or about none."""
    found = db.session.scalar(select(Payment).where(Payment.tran_id == tran_id))
    usual = {
        "till_id": found.till_id if found else shop.till_id,
        "payment_id": found.id if found else None,
        "kind": DisputeKind.NOT_CONFIRMED,
        "amount": usd("3.50"),
        "says": "I paid, and the screen stayed as it was",
        "key": new_key(),
        "opened_by_id": shop.cashier.id,
        "paid_at": clock.now() - timedelta(hours=1),
    }
    return Claim(**{**usual, **changes})


def open_one(shop, tran_id="", **changes):
    return disputes.open_dispute(claim(shop, tran_id, **changes), who=WHO)


def bring(dispute, text="The app shows the transfer", **more):
    line = Evidence(**{"text": text, "by_id": dispute.opened_by_id, **more})
    disputes.add_evidence(dispute.id, line, who=WHO)


def finish(dispute, shop, status=DisputeStatus.REJECTED, why="No such transfer at the bank"):
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    disputes.end(dispute.id, End(status=status, why=why, **people), who=WHO)


def all_disputes():
    db.session.rollback()
    return list(db.session.scalars(select(Dispute).order_by(Dispute.id)))


def history(dispute):
    query = select(DisputeEntry).where(DisputeEntry.dispute_id == dispute.id)
    rows = db.session.scalars(query.order_by(DisputeEntry.id))
    return [(str(row.deed), row.text, row.by_id, row.approved_by_id) for row in rows]
