"""From an amount typed to a QR on the screen, and taking it back."""

from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from pos import clock
from pos.database import writing
from pos.errors import NoOpenShift, QrWaiting, Refused, SaleAlreadyPaid, ShiftClosed
from pos.extensions import db, settings
from pos.models import Payment, Sale, Shift, Till
from pos.models.payment import plain
from pos.money import Money
from pos.services.selling import discounts, keypad, rates, sales, tip_asks, tran_id
from pos.services.selling.issuing import is_stuck, issue_again, issue_qr
from pos.services.selling.keypad import PLAIN, Keyed
from pos.services.settling import payments
from pos.services.shop import limits
from pos.states import PaymentStatus, SaleStatus, ShiftStatus
from pos.words import _

_P = PaymentStatus
_NEW_QR_FROM = frozenset({_P.AWAITING, _P.FAILED, _P.EXPIRING, _P.EXPIRED, _P.CREATE_FAILED})
"""States of a payment from which its sale may get a fresh QR."""

_NEWEST = select(Payment).where(Payment.till_id == bindparam("till_id"))
_NEWEST = _NEWEST.order_by(Payment.id.desc()).limit(1)
_OF_KEY = select(Sale).where(Sale.key == bindparam("form_key"))
_SHIFT = select(Shift).where(Shift.id == bindparam("shift_id"))
_SHIFT = _SHIFT.execution_options(populate_existing=True)
_SHIFT = _SHIFT.options(joinedload(Shift.till).joinedload(Till.store))


def charge(
    shift_id: int,
    amount: Money,
    key: str,
    *,
    who: str,
    version: int | None = None,
    keyed: Keyed = PLAIN,
) -> Payment:
    """Open a sale and make its QR; the same key again gives the same payment.

    Writes the sale and its payment before any gateway is asked. The same key makes a QR that a
    program died before, too, if that asks nobody. Refused for an amount over
    the limit, a closed shift, a till whose QR still waits, or a key used for another sale.
    `version` is the shift's when the form was drawn: what has changed since stops the sale.
    SameAgain where `keyed` asks and the same amount was charged a moment ago.
    """
    with writing(db.session):
        shift = selling_shift(shift_id, version)
        known = _payment_of_key(key, shift, amount)
        if known is None:
            keypad.check_limit(amount, limits.of(shift.till.store))
            sale = open_sale(shift, amount, key, who, keyed)
        payment = known or add_payment(sale, shift.till, amount)
        payment_id = payment.id
    (issue_qr if known is None else issue_again)(payment_id, who=who)
    return payment


def selling_shift(shift_id: int, version: int | None = None) -> Shift:
    """Return a shift that sells, within the open transaction; two taps come one after the other.

    ShiftClosed where it does not, or not any more as it did when a form was drawn.
    """
    payments.take_turn_of(Shift, shift_id)
    shift = db.session.scalar(_SHIFT, {"shift_id": shift_id})
    if shift is None:
        raise NoOpenShift(_("Open a shift before you charge."))
    if shift.status is ShiftStatus.COUNTING:
        raise ShiftClosed(_("The drawer is being counted. Nothing is sold meanwhile."))
    if shift.status is not ShiftStatus.OPEN:
        raise ShiftClosed(_("This shift is closed. Open a new one."))
    if version is not None and shift.version != version:
        raise ShiftClosed(_("This shift was changed at another screen. Look, and charge again."))
    return shift


def _payment_of_key(key: str, shift: Shift, amount: Money) -> Payment | None:
    sale = db.session.scalar(_OF_KEY, {"form_key": key})
    if sale is None:
        return None
    newest = select(Payment).where(Payment.sale_id == sale.id).order_by(Payment.id.desc())
    payment = db.session.scalar(newest.limit(1))
    is_same = sale.shift_id == shift.id and sale.amount - sale.tip == amount
    if payment is None or not is_same:
        raise Refused(_("This form was used for another sale. Type the amount again."))
    return payment


def open_sale(shift: Shift, amount: Money, key: str, who: str, keyed: Keyed = PLAIN) -> Sale:
    """Add a sale to a shift, within the open transaction; QrWaiting while a QR is out."""
    refuse_new_sale(shift, Money(amount.minor - keyed.tip, amount.currency), who, keyed)
    now = clock.now()
    shift.sales_made += 1
    sale = Sale(
        shift_id=shift.id,
        till_id=shift.till_id,
        cashier_id=shift.cashier_id,
        number=shift.sales_made,
        key=key,
        amount_minor=amount.minor,
        currency=amount.currency,
        status=SaleStatus.OPEN,
        business_date=clock.business_date(now, settings().day_starts_hour),
        made_at=now,
        # Found by the insert itself: a charge asks the books no more for it.
        rate_id=rates.newest_id(shift.till.store_id),
        note=keyed.note,
        rounding_minor=keyed.rounding,
        discount_id=keyed.discount_id,
        tip_minor=keyed.tip,
    )
    db.session.add(sale)
    db.session.flush()
    return sale


def refuse_new_sale(shift: Shift, amount: Money, who: str, keyed: Keyed) -> None:
    """Raise Refused where a sale of so much, tip aside, may not begin in the open transaction."""
    if not shift.till.is_online and end_overdue(shift.till_id, who=who) is not None:
        raise QrWaiting(_("A QR is still waiting. Cancel it first."))
    if shift.till.store.asks_tips:
        tip_asks.refuse_while_asking(shift.id)
    if keyed.asks:
        keypad.refuse_twice(shift, amount)
    if keyed.discount_id is not None:
        discounts.refuse_used(keyed.discount_id, shift, amount)


def add_payment(sale: Sale, till: Till, amount: Money) -> Payment:
    """Add a payment over what is left of a sale, within the open transaction; no QR yet."""
    now = clock.now()
    payment = Payment(
        sale_id=sale.id,
        till_id=till.id,
        account_id=till.account_id,
        tran_id=tran_id.fresh(),
        amount_minor=amount.minor,
        currency=amount.currency,
        plain_note=plain(sale.note) or None,
        status=PaymentStatus.CREATING,
        made_at=now,
        changed_at=now,
        expires_at=now + timedelta(seconds=settings().qr_seconds),
    )
    db.session.add(payment)
    db.session.flush()
    payments.bump_screens(till.id)
    return payment


def live_payment(till_id: int) -> Payment | None:
    """Return the payment whose QR is, or is about to be, in front of this till's customer."""
    payment = db.session.scalar(_NEWEST, {"till_id": till_id})
    return payment if payment is not None and is_live(payment) else None


def go_on_making(till_id: int, *, who: str) -> None:
    """Make the QR that this till waits for, should its program have died; see `issue_again`."""
    payment = live_payment(till_id)
    if payment is not None:
        issue_again(payment.id, who=who)


def end_overdue(till_id: int, *, who: str) -> Payment | None:
    """Take this till's QR off the screens where its time is up; return one that still waits.

    Whoever goes on at the till does it, in the open transaction: no dead worker may keep a till
    from charging or closing. The QR's last word is still to come.
    """
    payment = live_payment(till_id)
    if payment is None:
        return None
    if payment.status is PaymentStatus.AWAITING and payment.expires_at <= clock.now():
        payments.move(payment, PaymentStatus.EXPIRING, who=who)
    elif is_stuck(payment):
        payments.move(payment, PaymentStatus.CREATE_FAILED, who=who)
    return payment if is_live(payment) else None


def is_live(payment: Payment) -> bool:
    """Return whether somebody may be about to pay this QR at the counter."""
    if payment.status is PaymentStatus.FAILED:
        given_up = payment.sale.void_asked_at is not None
        return not given_up and payment.expires_at > clock.now()
    return payment.status in (PaymentStatus.CREATING, PaymentStatus.AWAITING)


def new_qr(payment: Payment, *, who: str) -> Payment:
    """Give the sale of this payment a fresh QR; the old one is withdrawn and stays watched.

    Refused where the sale is paid, given up, or its till shows another sale's QR.
    """
    with writing(db.session):
        payment = payments.retake(payment)
        sale = payment.sale
        _refuse_new_qr(payment, sale)
        if payment.status in (PaymentStatus.AWAITING, PaymentStatus.FAILED) and is_live(payment):
            payments.move(payment, PaymentStatus.CANCEL_REQUESTED, who=who)
        fresh = add_payment(sale, payment.till, sales.rest_of(sale))
        fresh_id = fresh.id
    issue_qr(fresh_id, who=who)
    return fresh


def _refuse_new_qr(payment: Payment, sale: Sale) -> None:
    if sale.status is SaleStatus.PAID:
        raise SaleAlreadyPaid(_("This sale is already paid."))
    if sale.status is SaleStatus.VOIDED or sale.void_asked_at is not None:
        raise Refused(_("This sale was cancelled. Type the amount again."))
    if sale.shift.status is not ShiftStatus.OPEN:
        raise ShiftClosed(_("The shift of this sale is closed."))
    live = live_payment(payment.till_id)
    if live is not None and live.id != payment.id:
        raise QrWaiting(_("A QR is still waiting. Cancel it first."))
    tip_asks.refuse_while_asking(sale.shift_id)
    if payment.status not in _NEW_QR_FROM:
        raise Refused(_("This payment cannot get a new QR."))


def cancel(payment: Payment, *, who: str) -> None:
    """Take a QR off the screens; the bank has the last word on whether it was paid.

    Refused where there is nothing to cancel. Asking twice changes nothing more.
    """
    with writing(db.session):
        payment = payments.retake(payment)
        if payment.status is PaymentStatus.PAID:
            raise SaleAlreadyPaid(_("The customer has already paid."))
        if not is_live(payment) or payment.status is PaymentStatus.CREATING:
            return
        if sales.tenders_of(payment.sale_id):
            raise Refused(_("Cash was taken for this sale. Give it back with its own button."))
        if payments.move(payment, PaymentStatus.CANCEL_REQUESTED, who=who):
            payment.sale.void_asked_at = clock.now()
