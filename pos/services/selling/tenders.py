"""Cash taken for a sale: all of it, or a part with a QR for the rest; and given back."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from pos import clock
from pos.cash import Cash, Reckoned, reckon
from pos.database import writing
from pos.errors import NoOpenShift, Refused, SaleAlreadyPaid
from pos.extensions import db
from pos.models import CashMovement, Payment, Sale, Shift, Tender
from pos.money import Money
from pos.services.bookkeeping import corrections
from pos.services.paperwork import printing
from pos.services.selling import checkout, keypad, rates, sales
from pos.services.selling.issuing import issue_qr
from pos.services.selling.keypad import PLAIN, Keyed
from pos.services.settling import payments
from pos.services.shop import limits
from pos.states import MovementKind, PaymentStatus, SaleStatus, ShiftStatus
from pos.words import _

_OF_KEY = select(Tender).where(Tender.key == bindparam("form_key"))

USED = _("This form was used for another sale. Type the amount again.")


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What lies on the counter, and how the customer wants the change or pays the rest."""

    given: Cash
    all_riel: bool = False
    rest_by_qr: bool = False


def take_for_new_sale(
    shift_id: int,
    amount: Money,
    offer: Offer,
    key: str,
    *,
    who: str,
    version: int | None = None,
    keyed: Keyed = PLAIN,
) -> Tender:
    """Open a sale and take cash for it; the same key again gives the same tender.

    Cash for all of it settles the sale. For a part, `rest_by_qr` opens a QR for the rest;
    else it is Refused, and nothing is written. The rest as for `checkout.charge`.
    """
    with writing(db.session):
        shift = checkout.selling_shift(shift_id, version)
        till_id, known, payment_id = shift.till_id, _of_key(key, shift), None
        if known is not None and known.sale.amount != amount:
            raise Refused(USED)
        if known is None:
            keypad.check_limit(amount, limits.of(shift.till.store))
            sale = checkout.open_sale(shift, amount, _unused(key), who, keyed)
            tender = _take(sale, shift, offer, key)
            rest = sales.rest_of(sale)
            if rest.minor:
                payment_id = checkout.add_payment(sale, shift.till, rest).id
    if known is not None:
        checkout.go_on_making(till_id, who=who)
    elif payment_id is not None:
        issue_qr(payment_id, who=who)
    return known or tender


def _unused(key: str) -> str:
    if db.session.scalar(select(Sale.id).where(Sale.key == key)) is not None:
        raise Refused(USED)
    return key


def take_for(
    payment: Payment,
    shift_id: int,
    offer: Offer,
    key: str,
    *,
    who: str,
    version: int | None = None,
) -> Tender:
    """Take cash for all that is left of a sale whose QR was not paid, and withdraw the QR.

    Money that comes by that QR all the same finds the sale paid, and calls for a manager.
    Refused for less than the rest: a QR that is out may be paid whole.
    """
    with writing(db.session):
        payment = payments.retake(payment)
        sale = payment.sale
        shift = checkout.selling_shift(shift_id, version)
        known = _of_key(key, shift)
        if known is not None:
            return known
        refuse_unfit(payment)
        tender = _take(sale, shift, Offer(given=offer.given, all_riel=offer.all_riel), key)
        sales.withdraw_qrs(sale.id, who=who)
    return tender


def refuse_unfit(payment: Payment) -> None:
    """Raise Refused unless the sale of this payment may be paid in cash now."""
    sale = payment.sale
    if sale.status is SaleStatus.PAID:
        raise SaleAlreadyPaid(_("This sale is already paid."))
    if sale.status is SaleStatus.VOIDED or sale.void_asked_at is not None:
        raise Refused(_("This sale was cancelled. Type the amount again."))
    if sale.shift.status is not ShiftStatus.OPEN:
        raise Refused(_("The shift of this sale is closed."))
    if payment.status is PaymentStatus.CREATING:
        raise Refused(_("The QR is being made. Wait a moment."))
    if payment.remark is not None:
        raise Refused(_("The bank has reported money for this payment. See Attention."))


def _of_key(key: str, shift: Shift) -> Tender | None:
    known = db.session.scalar(_OF_KEY, {"form_key": key})
    if known is not None and known.shift_id != shift.id:
        raise Refused(USED)
    return known


def _take(sale: Sale, shift: Shift, offer: Offer, key: str) -> Tender:
    if not offer.given:
        raise Refused(_("Type what the customer gave."))
    if sale.rate_id is None:
        row = rates.current(shift.till.store_id)
        sale.rate_id = row.id if row else None
    db.session.flush()
    db.session.refresh(sale)
    done = reckon(sales.rest_of(sale), offer.given, sale.rate, all_riel=offer.all_riel)
    if not done.is_enough and not offer.rest_by_qr:
        raise Refused(_("%(amount)s is missing.", amount=done.missing))
    if done.settles.minor == 0:
        raise Refused(_("That is too little to count towards this sale."))
    tender = _row(sale, shift, offer.given, done, key)
    db.session.add(tender)
    db.session.flush()
    if done.is_enough:
        sales.settle(sale, at=tender.taken_at)
    payments.bump_screens(shift.till_id)
    printing.ask_kick(shift.till_id)
    return tender


def _row(sale: Sale, shift: Shift, given: Cash, done: Reckoned, key: str) -> Tender:
    return Tender(
        sale_id=sale.id,
        shift_id=shift.id,
        cashier_id=shift.cashier_id,
        key=key,
        settles_minor=done.settles.minor,
        currency=sale.currency,
        given_usd_minor=given.usd,
        given_khr_minor=given.khr,
        change_usd_minor=done.change.usd,
        change_khr_minor=done.change.khr,
        rounding_minor=done.rounding,
        taken_at=clock.now(),
    )


def held_for(sale_id: int) -> Cash:
    """Return the cash of a sale that is in the drawer: given, without the change."""
    held = Cash()
    for one in sales.tenders_of(sale_id):
        held = held + one.given - one.change
    return held


def give_back(payment: Payment, *, asked_by_id: int, who: str) -> None:
    """Give up a sale that was paid in part: its cash goes back, its QR is withdrawn, at once.

    Money that comes by the QR all the same settles nothing and calls for a manager. Asking
    twice changes nothing more.
    """
    with writing(db.session):
        payment = payments.retake(payment)
        sale = payment.sale
        if sale.status is SaleStatus.VOIDED:
            return
        if sale.status is SaleStatus.PAID:
            raise SaleAlreadyPaid(_("This sale is already paid."))
        if payment.status is PaymentStatus.CREATING:
            raise Refused(_("The QR is being made. Wait a moment."))
        parts = sales.tenders_of(sale.id)
        if not parts:
            raise Refused(_("No cash was taken for this sale."))
        shift_id = _shift_that_pays_out(payment.till_id)
        sales.withdraw_qrs(sale.id, who=who)
        sale.status, sale.void_asked_at = SaleStatus.VOIDED, clock.now()
        back = _back(sale, parts, shift_id, asked_by_id)
        db.session.add(back)
        db.session.flush()
        corrections.cash_refunded(back)
        payments.bump_screens(payment.till_id)
        printing.ask_kick(payment.till_id)


def _shift_that_pays_out(till_id: int) -> int:
    """Return the till's shift whose drawer cash may leave: not one that is being counted."""
    selling = select(Shift.id).where(Shift.till_id == till_id, Shift.status == ShiftStatus.OPEN)
    shift_id = db.session.scalar(selling)
    if shift_id is None:
        raise NoOpenShift(_("Open a shift first."))
    return shift_id


def _back(sale: Sale, parts: tuple[Tender, ...], shift_id: int, asked_by_id: int) -> CashMovement:
    held = held_for(sale.id)
    return CashMovement(
        shift_id=shift_id,
        sale_id=sale.id,
        key=f"back-{sale.id}",
        kind=MovementKind.REFUND,
        usd_minor=held.usd,
        khr_minor=held.khr,
        worth_minor=sum(one.settles_minor for one in parts),
        rounding_minor=-sum(one.rounding_minor for one in parts),
        reason="given_up",
        asked_by_id=asked_by_id,
        at=clock.now(),
    )
