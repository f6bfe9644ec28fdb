"""A QR for a sale that another system registered, and taking it back.

All of it goes through `selling/checkout.py`: a program's QR is a payment like a cashier's.
"""

import secrets

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import BeingPaid, Refused, SaleAlreadyPaid
from pos.extensions import db
from pos.models import OutsidePart, OutsideSale, Payment, Sale, Shift
from pos.reports.online import outside
from pos.services.online import orders, tills
from pos.services.selling import checkout, issuing, sales
from pos.services.selling.keypad import Keyed
from pos.services.settling import payments
from pos.states import UNVERIFIED, PaymentStatus, SaleStatus

PAID = "This order has already been paid"
PROCESSING = "A payment is already being processed for this order"
ODD_MONEY = "Money came for it that does not fit. A person of the shop has to look at it first."

_P = PaymentStatus


def pay(sale: OutsideSale, *, who: str, again_ok: bool) -> Payment:
    """Return a payment over a sale with its QR; one that waits already, where `again_ok`.

    BadAmount where it is more than the shop takes by now; SaleAlreadyPaid where it is paid;
    BeingPaid where another payment may still bring the money.
    Writes the payment before any gateway is asked.
    """
    orders.refuse_bad_amount(sale.amount, sale.store_id)
    outside_id, shift_id = sale.id, tills.open_shift(sale.store_id)
    with writing(db.session):
        shift = checkout.selling_shift(shift_id)
        row = db.session.get_one(
            OutsideSale, outside_id, populate_existing=True, with_for_update=True
        )
        known = _waiting(row, again_ok=again_ok)
        payment = known or _add(row, shift, who)
        payment_id = payment.id
    (issuing.issue_again if known else issuing.issue_qr)(payment_id, who=who)
    return payments.read(payment_id)


def _waiting(sale: OutsideSale, *, again_ok: bool) -> Payment | None:
    """Return the payment whose QR can be paid now; Refused where there may be no other."""
    if outside.is_paid(sale.id):
        raise SaleAlreadyPaid(PAID)
    last = outside.newest_payment(sale.id)
    if last is None:
        return None
    if last.status is _P.MISMATCH:
        raise Refused(ODD_MONEY)
    is_out = last.status in (_P.CREATING, _P.AWAITING)
    if last.status in UNVERIFIED or (is_out and not (again_ok and last.expires_at > clock.now())):
        raise BeingPaid(PROCESSING)
    return last if is_out else None


def _add(outside_sale: OutsideSale, shift: Shift, who: str) -> Payment:
    """Add one more payment: to the sale of this shift that is open, else to a new one."""
    parts = select(OutsidePart).where(OutsidePart.outside_id == outside_sale.id)
    part = db.session.scalar(parts.order_by(OutsidePart.id.desc()).limit(1))
    sale = part.sale if part else None
    if sale is not None and (sale.shift_id != shift.id or not _can_be_paid(sale)):
        _give_up(sale)
        sale = None
    if sale is None:
        note = Keyed(note=outside_sale.note or outside_sale.number)
        key = f"api-{secrets.token_hex(24)}"
        sale = checkout.open_sale(shift, outside_sale.amount, key, who, note)
        db.session.add(OutsidePart(outside_id=outside_sale.id, sale_id=sale.id))
    return checkout.add_payment(sale, shift.till, sale.amount)


def _can_be_paid(sale: Sale) -> bool:
    return sale.status is SaleStatus.OPEN and sale.void_asked_at is None


def _give_up(sale: Sale) -> None:
    """Void the sale of a shift that is over, so that no money settles both it and the next."""
    if sale.void_asked_at is None:
        sale.void_asked_at = clock.now()
    sales.void_if_given_up(sale)


def cancel(payment: Payment, *, who: str) -> Payment:
    """Take a QR back; the bank has the last word. SaleAlreadyPaid where the money is here."""
    payment_id = payment.id
    checkout.cancel(payment, who=who)
    return payments.read(payment_id)
