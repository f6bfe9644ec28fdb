"""A QR for a sale that another system registered, and taking it back.

All of it goes through `selling/checkout.py`: a program's QR is a payment like a cashier's. A
sale that is paid in parts is charged for the part that is due, online or at any till.
"""

import secrets

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import BeingPaid, NotFound, Refused, SaleAlreadyPaid
from pos.extensions import db
from pos.models import Instalment, OutsidePart, OutsideSale, Payment, Sale, Shift
from pos.money import Money
from pos.plans import PartName
from pos.reports.online import outside, planned
from pos.services.online import orders, tills
from pos.services.plans import choosing
from pos.services.selling import checkout, issuing, sales
from pos.services.selling.keypad import LONGEST_NOTE, PLAIN, Keyed
from pos.services.settling import payments
from pos.states import UNVERIFIED, PaymentStatus, SaleStatus
from pos.words import _

PAID = _("This order has already been paid")
PROCESSING = _("A payment is already being processed for this order")
ODD_MONEY = _("Money came for it that does not fit. A person of the shop has to look at it first.")
CASH_TAKEN = _("Cash was taken for it at a till, where the rest is paid or the cash given back.")

_P = PaymentStatus


def pay(
    sale: OutsideSale, *, who: str, again_ok: bool, instalment: PartName | None = None
) -> Payment:
    """Return a payment over what is due of a sale, with its QR, at the store's online till.

    BadAmount where it is more than the shop takes by now; the rest as for `begin`.
    """
    view = planned.standing(sale)
    part = view.next if view else None
    orders.refuse_bad_amount(part.amount if part else sale.amount, sale.store_id)
    outside_id, shift_id = sale.id, tills.open_shift(sale.store_id)
    return begin(outside_id, shift_id, who=who, again_ok=again_ok, instalment=instalment)


def begin(
    outside_id: int,
    shift_id: int,
    *,
    who: str,
    again_ok: bool,
    instalment: PartName | None = None,
    version: int | None = None,
) -> Payment:
    """Return a payment with its QR in a shift; one that waits there already, where `again_ok`.

    SaleAlreadyPaid where it is paid; BeingPaid where another payment, here or at another till,
    may still bring the money; NotFound where it is another store's. `version` as for a charge.
    Writes the payment before any gateway is asked.
    """
    with writing(db.session):
        turns = choosing.take_turns(outside_id, shift_id)
        shift = checkout.selling_shift(shift_id, version)
        row = db.session.get_one(
            OutsideSale, outside_id, populate_existing=True, with_for_update=True
        )
        if row.store_id != shift.till.store_id:
            raise NotFound(orders.NOT_THERE)
        if outside.is_paid(row.id):
            raise SaleAlreadyPaid(PAID)
        part = choosing.to_charge(row, instalment)
        known = _waiting(row, part, shift, again_ok=again_ok)
        payment = known or _add(row, part, shift, who, turns)
        payment_id = payment.id
    (issuing.issue_again if known else issuing.issue_qr)(payment_id, who=who)
    return payments.read(payment_id)


def _waiting(
    sale: OutsideSale, part: Instalment | None, shift: Shift, *, again_ok: bool
) -> Payment | None:
    """Return the payment whose QR can be paid now; Refused where there may be no other."""
    last = outside.newest_payment(sale.id, part.id if part else None)
    if last is None:
        return None
    if last.status is _P.MISMATCH:
        raise Refused(ODD_MONEY)
    is_out = last.status in (_P.CREATING, _P.AWAITING)
    is_ours = again_ok and last.till_id == shift.till_id
    if last.status in UNVERIFIED or (is_out and not (is_ours and last.expires_at > clock.now())):
        raise BeingPaid(PROCESSING)
    return last if is_out else None


def _add(
    outside_sale: OutsideSale,
    part: Instalment | None,
    shift: Shift,
    who: str,
    turns: frozenset[int],
) -> Payment:
    """Add one more payment: to the sale of this shift that is open, else to a new one."""
    sale = _last_sale(outside_sale, part)
    if sale is not None and (sale.shift_id != shift.id or not _can_be_paid(sale)):
        _give_up(sale, turns)
        sale = None
    if sale is None:
        amount = part.amount if part else outside_sale.amount
        sale = _open(outside_sale, part, shift, amount, who)
    else:
        checkout.refuse_new_sale(shift, sale.amount, who, PLAIN)
    return checkout.add_payment(sale, shift.till, sales.rest_of(sale))


def _last_sale(outside_sale: OutsideSale, part: Instalment | None) -> Sale | None:
    query = (
        select(Sale)
        .join(OutsidePart, OutsidePart.sale_id == Sale.id)
        .where(OutsidePart.outside_id == outside_sale.id)
        .order_by(OutsidePart.id.desc())
        .execution_options(populate_existing=True)
    )
    if part is not None:
        query = query.where(OutsidePart.instalment_id == part.id)
    return db.session.scalar(query.limit(1))


def _open(
    outside_sale: OutsideSale, part: Instalment | None, shift: Shift, amount: Money, who: str
) -> Sale:
    note = (outside_sale.note or outside_sale.number)[:LONGEST_NOTE]
    key = f"api-{secrets.token_hex(24)}"
    sale = checkout.open_sale(shift, amount, key, who, Keyed(note=note))
    part_id = part.id if part else None
    row = OutsidePart(outside_id=outside_sale.id, sale_id=sale.id, instalment_id=part_id)
    db.session.add(row)
    return sale


def _can_be_paid(sale: Sale) -> bool:
    return sale.status is SaleStatus.OPEN and sale.void_asked_at is None


def _give_up(sale: Sale, turns: frozenset[int]) -> None:
    """Void a sale of another shift, so that no money settles both it and the next.

    BeingPaid where cash lies in a drawer for it, or its till came into it only just now.
    """
    if sale.status is not SaleStatus.OPEN:
        return
    if sale.till_id not in turns:
        raise BeingPaid(PROCESSING)
    if sales.tenders_of(sale.id):
        raise BeingPaid(CASH_TAKEN)
    if sale.void_asked_at is None:
        sale.void_asked_at = clock.now()
    sales.void_if_given_up(sale)


def cancel(payment: Payment, *, who: str) -> Payment:
    """Take a QR back; the bank has the last word. SaleAlreadyPaid where the money is here."""
    payment_id = payment.id
    checkout.cancel(payment, who=who)
    return payments.read(payment_id)
