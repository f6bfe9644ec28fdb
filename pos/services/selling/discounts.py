"""A discount: agreed at the till before Charge, by a manager where it is large, used once."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from pos import clock
from pos.database import writing
from pos.errors import BadAmount, BadInput, NotAllowed, Refused, ShiftClosed
from pos.extensions import db
from pos.models import Deed, Discount, Sale, Shift, Store, User
from pos.money import Money
from pos.permissions import Right
from pos.reports.wording import DISCOUNT_REASON
from pos.services.auditing import audit
from pos.services.selling import keypad
from pos.services.settling import payments
from pos.states import ShiftStatus
from pos.words import _

_PERCENT = re.compile(r"([0-9]{1,2})(?:\.([0-9]))?")
_WHOLE = re.compile(r"[0-9]{1,2}")

ONE_OF_TWO = _("Give one per cent or one amount, not both.")
NONE_HERE = _("This shop gives no discounts.")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is to be taken off which price and why, who gives it, and who agreed, if one did."""

    before: Money
    off: Money
    permille: int | None
    reason: str
    note: str
    given_by_id: int
    approved_by_id: int | None = None


def read_percent(typed: str) -> int:
    """Return a per cent that a person typed, such as "10" or "7.5", in thousandths.

    BadInput for nothing at all, for a hundred and more, and for more than one decimal.
    """
    match = _PERCENT.fullmatch(typed.strip().removesuffix("%").strip())
    permille = int(match[1]) * 10 + int(match[2] or 0) if match else 0
    if not permille:
        raise BadInput(_("A per cent is a number below 100, such as 10 or 7.5."))
    return permille


def take_off(before: Money, percent: str, amount: str) -> tuple[Money, int | None]:
    """Return what a per cent or an amount takes off a price, and the per cent in thousandths.

    BadInput for both or neither; BadAmount where it is nothing, or leaves nothing to charge.
    """
    if bool(percent.strip()) == bool(amount.strip()):
        raise BadInput(ONE_OF_TWO)
    permille = read_percent(percent) if percent.strip() else None
    off = Money.read(amount, before.currency) if permille is None else before.share(permille)
    refuse_bad(before, off)
    return off, permille


def refuse_bad(before: Money, off: Money) -> None:
    """Raise BadAmount for what cannot be taken off a price."""
    if off.minor <= 0:
        raise BadAmount(_("That comes to no discount at all."))
    if off.minor >= before.minor:
        raise BadAmount(
            _("A discount leaves something to pay: less than %(amount)s.", amount=before)
        )
    if off.to_step() != off:
        raise BadAmount(_("Riel go by hundreds: %(amount)s does not.", amount=off))


def needs_manager(store: Store, before: Money, off: Money, permille: int | None) -> bool:
    """Return whether a manager must agree: above the per cent that a cashier gives alone.

    A per cent is judged as it was typed, and not by the half a cent that rounding adds.
    """
    limit = store.discount_limit or 0
    if permille is not None:
        return permille > limit * 10
    return off.minor * 100 > limit * before.minor


def give(shift_id: int, wish: Wish, key: str) -> Discount:
    """Write a discount that the next sale of this shift may use; the same key again writes none.

    Refused where the store gives none, above its limit without a manager, and without a reason.
    """
    refuse_bad(wish.before, wish.off)
    refuse_without_reason(wish)
    note = keypad.read_note(wish.note)
    with writing(db.session):
        shift = _open_shift(shift_id)
        known = db.session.scalar(select(Discount).where(Discount.key == key))
        if known is not None:
            return _same(known, shift, wish)
        _refuse_alone(shift.till.store, wish)
        row = _row(shift, wish, note, key)
        db.session.add(row)
        db.session.flush()
    return row


def refuse_without_reason(wish: Wish) -> None:
    """Raise BadInput unless a listed reason is given, or another in words."""
    keypad.read_note(wish.note)
    if wish.reason not in DISCOUNT_REASON:
        raise BadInput(_("Choose a reason."))
    if wish.reason == "other" and not wish.note.strip():
        raise BadInput(_("Write the reason down."))


def _open_shift(shift_id: int) -> Shift:
    shift = db.session.get_one(Shift, shift_id)
    if payments.take_turn(shift.till_id):
        db.session.refresh(shift)
    if shift.status is not ShiftStatus.OPEN:
        raise ShiftClosed(_("This shift is closed. Open a new one."))
    return shift


def _same(known: Discount, shift: Shift, wish: Wish) -> Discount:
    if (known.shift_id, known.before, known.amount) != (shift.id, wish.before, wish.off):
        raise Refused(_("This form was used before. Reload the page and try again."))
    return known


def _refuse_alone(store: Store, wish: Wish) -> None:
    if store.discount_limit is None:
        raise Refused(NONE_HERE)
    is_large = needs_manager(store, wish.before, wish.off, wish.permille)
    if is_large and wish.approved_by_id is None:
        raise Refused(_("A manager agrees to this with a PIN."))


def _row(shift: Shift, wish: Wish, note: str, key: str) -> Discount:
    return Discount(
        shift_id=shift.id,
        key=key,
        before_minor=wish.before.minor,
        minor=wish.off.minor,
        currency=wish.before.currency,
        permille=wish.permille,
        reason=wish.reason,
        note=note,
        given_by_id=wish.given_by_id,
        approved_by_id=wish.approved_by_id,
        at=clock.now(),
    )


def of_key(key: str, shift: Shift) -> Discount | None:
    """Return the discount of a key that was given in this shift; None for any other."""
    return db.session.scalar(
        select(Discount).where(Discount.key == key, Discount.shift_id == shift.id)
    )


def for_sale(key: str, shift: Shift, before: Money) -> Discount:
    """Return the discount that a form carries; Refused for one of another price or shift."""
    found = of_key(key, shift)
    if found is None:
        raise Refused(_("This discount is not known here. Give it again."))
    if found.before != before:
        raise Refused(
            _(
                "The discount was given on %(before)s. Take it off, or give it again.",
                before=found.before,
            )
        )
    return found


def refuse_used(discount_id: int, shift: Shift, amount: Money) -> None:
    """Raise Refused for a discount of another sale, within the transaction that opens one."""
    row = db.session.get_one(Discount, discount_id)
    used = select(Sale.id).where(Sale.discount_id == discount_id)
    if db.session.scalar(used) is not None:
        raise Refused(_("This discount was used for another sale. Give it again."))
    if row.shift_id != shift.id or row.after != amount:
        raise Refused(_("This discount is not known here. Give it again."))


def read_limit(typed: str) -> int:
    """Return the per cent up to which cashiers give discounts alone; BadInput for another text."""
    if _WHOLE.fullmatch(typed.strip()) is None:
        raise BadInput(_("The limit is a whole per cent from 0 to 99."))
    return int(typed)


def set_limit(user: User, limit: int | None) -> None:
    """Let a store give discounts, up to a per cent without a manager; None ends them.

    NotAllowed for a cashier.
    """
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers set the discounts."))
    store_id, who = user.store_id, user.who
    with writing(db.session):
        store = db.session.get_one(Store, store_id)
        was, store.discount_limit = store.discount_limit, limit
        if was != limit:
            audit.note(Deed.DISCOUNTS_SET, who, "", store_id, was=was, now=limit)
