"""Cash that moves in or out of a drawer without a sale, and refunds in cash."""

from dataclasses import dataclass

from sqlalchemy import func, select

from pos import clock
from pos.cash import Cash, payout
from pos.database import writing
from pos.errors import BadAmount, BadInput, NotFound, Refused, ShiftClosed
from pos.extensions import db
from pos.models import CashMovement, Sale, Shift, Tender
from pos.money import Money
from pos.reports.closing import drawer
from pos.reports.wording import MOVEMENT_REASONS
from pos.services.bookkeeping import corrections
from pos.services.paperwork import printing
from pos.services.settling import payments
from pos.services.shop import limits
from pos.services.shop.limits import Limits
from pos.states import MovementKind, SaleStatus, ShiftStatus
from pos.words import _

MOST_NOTE = 200

TOO_LARGE = _("There is not that much in the drawer.")

_K = MovementKind


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to move and why, who asks, and which manager agreed, if one did."""

    kind: MovementKind
    cash: Cash
    reason: str
    note: str = ""
    asked_by_id: int
    approved_by_id: int | None = None


def refuse_bad(kind: MovementKind, cash: Cash, reason: str, note: str, allowed: Limits) -> None:
    """Raise BadInput or BadAmount for what no drawer of the store can do, whoever asks."""
    if reason != "other" and reason not in MOVEMENT_REASONS[kind]:
        raise BadInput(_("Choose a reason."))
    if reason == "other" and not note.strip():
        raise BadInput(_("Write the reason down."))
    if len(note) > MOST_NOTE or not note.isprintable():
        raise BadInput(_("A note is one line of %(most)s characters at most.", most=MOST_NOTE))
    if kind is _K.NO_SALE and cash:
        raise BadAmount(_("No cash moves when the drawer is only opened."))
    if kind is not _K.NO_SALE and not cash:
        raise BadAmount(_("Type an amount first."))
    if any(one.minor > allowed.largest(one.currency).minor for one in cash.both):
        raise BadAmount(_("That is more than a drawer can move at once."))


def needs_manager(shift: Shift, kind: MovementKind, cash: Cash) -> bool:
    """Return whether a manager must agree: to a refund, above a limit, or once too often."""
    allowed = limits.of(shift.till.store)
    if kind is _K.NO_SALE:
        return drawer.no_sales(shift.id) >= allowed.no_sales
    return kind is _K.REFUND or is_above(cash, allowed)


def is_above(cash: Cash, allowed: Limits) -> bool:
    """Return whether cash is more than a cashier moves alone, in either currency."""
    return cash.usd > allowed.cash_limit_usd * 100 or cash.khr > allowed.cash_limit_khr


def move(shift_id: int, wish: Wish, key: str) -> CashMovement:
    """Write cash that went in or out, or an opened drawer; the same key again writes nothing.

    Refused above a limit without a manager, and for more than the drawer holds.
    """
    if wish.kind is _K.REFUND:
        raise BadInput(_("A refund is made from its sale."))
    with writing(db.session):
        shift = _open_shift(shift_id)
        allowed = limits.of(shift.till.store)
        refuse_bad(wish.kind, wish.cash, wish.reason, wish.note, allowed)
        known = _of_key(key, shift, wish)
        if known is not None:
            return known
        _refuse_alone(shift, wish)
        if wish.kind is _K.PAID_OUT:
            _refuse_more_than_held(shift, wish.cash)
        row = _row(shift, wish, key)
        db.session.add(row)
        printing.ask_kick(shift.till_id)
    return row


def _open_shift(shift_id: int) -> Shift:
    """Return the shift for changing; while its drawer is counted nothing moves."""
    shift = db.session.get_one(Shift, shift_id)
    if payments.take_turn(shift.till_id):
        db.session.refresh(shift)
    if shift.status is not ShiftStatus.OPEN:
        raise ShiftClosed(_("The drawer of this shift is counted or closed. Nothing moves now."))
    return shift


def _of_key(key: str, shift: Shift, wish: Wish) -> CashMovement | None:
    known = db.session.scalar(select(CashMovement).where(CashMovement.key == key))
    if known is None:
        return None
    if (known.shift_id, known.kind) != (shift.id, wish.kind):
        raise Refused(_("This form was used before. Reload the page and try again."))
    return known


def _refuse_alone(shift: Shift, wish: Wish) -> None:
    if wish.approved_by_id is None and needs_manager(shift, wish.kind, wish.cash):
        raise Refused(_("A manager agrees to this with a PIN."))


def _refuse_more_than_held(shift: Shift, cash: Cash) -> None:
    """Refuse a payout of more than there is; how much there is stays unsaid."""
    held = drawer.expected(shift)
    if (cash.usd and cash.usd > held.usd) or (cash.khr and cash.khr > held.khr):
        raise Refused(TOO_LARGE)


def _row(shift: Shift, wish: Wish, key: str) -> CashMovement:
    return CashMovement(
        shift_id=shift.id,
        key=key,
        kind=wish.kind,
        usd_minor=wish.cash.usd,
        khr_minor=wish.cash.khr,
        reason=wish.reason,
        note=wish.note.strip(),
        asked_by_id=wish.asked_by_id,
        approved_by_id=wish.approved_by_id,
        at=clock.now(),
    )


def refundable(sale: Sale) -> Money:
    """Return what of a sale was paid in cash and has not gone back."""
    paid = select(func.sum(Tender.settles_minor)).where(Tender.sale_id == sale.id)
    back = select(func.sum(CashMovement.worth_minor)).where(CashMovement.sale_id == sale.id)
    left = int(db.session.scalar(paid) or 0) - int(db.session.scalar(back) or 0)
    return Money(left, sale.currency)


def find_sale(sale_id: int, till_id: int) -> Sale:
    """Return a sale of this till that cash was taken for; NotFound for any other."""
    sale = db.session.get(Sale, sale_id)
    taken = select(Tender.id).where(Tender.sale_id == sale_id).limit(1)
    if sale is None or sale.till_id != till_id or db.session.scalar(taken) is None:
        raise NotFound(_("There is no such sale."))
    return sale


def refund(shift_id: int, sale_id: int, amount: Money, wish: Wish, key: str) -> CashMovement:
    """Give cash of a sale back, in notes at the sale's own rate; the same key does it once.

    `wish.cash` is not looked at. Refused without a manager, for more than cash paid of the
    sale and has not gone back, and for more than the drawer holds.
    """
    with writing(db.session):
        shift = _open_shift(shift_id)
        known = _of_key(key, shift, wish)
        if known is not None:
            return known
        sale = find_sale(sale_id, shift.till_id)
        db.session.refresh(sale)
        if sale.status is not SaleStatus.PAID:
            raise Refused(
                _("This sale is not paid. Its part is given back from the drawer's page.")
            )
        if amount.currency is not sale.currency or amount.minor > refundable(sale).minor:
            raise BadAmount(
                _("At most %(amount)s of this sale can go back in cash.", amount=refundable(sale))
            )
        cash, rounding = payout(amount, sale.rate)
        refuse_bad(_K.REFUND, cash, wish.reason, wish.note, limits.of(shift.till.store))
        _refuse_alone(shift, wish)
        _refuse_more_than_held(shift, cash)
        row = _row(shift, wish, key)
        row.kind, row.usd_minor, row.khr_minor = _K.REFUND, cash.usd, cash.khr
        row.sale_id, row.worth_minor, row.rounding_minor = sale.id, amount.minor, rounding
        db.session.add(row)
        db.session.flush()
        corrections.cash_refunded(row)
        printing.ask_kick(shift.till_id)
    return row
