"""A discount on the amount at the keypad: how much, why, and who agrees; Charge comes after it."""

import secrets
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.errors import BadInput, NoOpenShift, Refused
from pos.models import Shift
from pos.money import Money
from pos.reports.wording import DISCOUNT_REASON
from pos.services.bookkeeping import shifts
from pos.services.people import pins
from pos.services.selling import discounts
from pos.services.selling.discounts import Wish
from pos.services.selling.keypad import LONGEST_NOTE, Keyed
from pos.web.counter.keyed import read_price
from pos.web.forms import Fields, read_key
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("discounts", __name__, url_prefix="/till/discount")

PERCENTS = ("5", "10", "15", "20")
"""What is offered at one tap; any other is typed."""


@dataclass(frozen=True, kw_only=True)
class DiscountForm:
    """The form as it is drawn; a PIN is never drawn again."""

    chosen: str = ""
    percent: str = ""
    off: str = ""
    reason: str = ""
    why: str = ""
    manager_id: int | None = None
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Priced:
    """What stands on the keypad, and as what it was typed."""

    amount: Money
    keyed: Keyed

    @property
    def typed(self) -> Money:
        """The amount as it was typed, before riel were rounded."""
        return Money(self.amount.minor - self.keyed.rounding, self.amount.currency)


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """Without a shift nothing is sold, and nothing is taken off."""
    return redirect(url_for("shifts.open_shift"), 303)


@bp.route("/give", methods=["GET", "POST"])
def discount() -> ResponseReturnValue:
    """Ask what is taken off an amount; on POST write it down and go back to the keypad."""
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift first."))
    try:
        _refuse_where_none_are_given(shift)
        price = _price(request.values)
    except Refused as problem:
        flash(problem.text)
        return redirect(url_for("till.till"), 303)
    if request.method != "POST":
        return _page(shift, price, DiscountForm())
    form = _read(request.form)
    try:
        key = read_key(request.form)
        discounts.give(shift.id, _wish(shift, price, form), key)
    except Refused as problem:
        return _page(shift, price, replace(form, error=problem.text), problem.status)
    return redirect(_keypad(price, discount=key), 303)


def _refuse_where_none_are_given(shift: Shift) -> None:
    if shift.till.store.discount_limit is None:
        raise Refused(discounts.NONE_HERE)


def _price(form: Fields) -> Priced:
    amount, keyed = read_price(form)
    return Priced(amount=amount, keyed=keyed)


def _read(form: Fields) -> DiscountForm:
    manager = form.get("manager_id", "")
    return DiscountForm(
        chosen=form.get("chosen", "")[:2],
        percent=form.get("percent", "")[:8],
        off=form.get("off", "")[:20],
        reason=form.get("reason", "")[:32],
        why=form.get("why", "")[: LONGEST_NOTE + 1],
        manager_id=row_id(manager) if manager.isascii() and manager.isdigit() else None,
    )


def _wish(shift: Shift, price: Priced, form: DiscountForm) -> Wish:
    """Return what is asked for, with the manager whose PIN was typed where one is needed.

    A PIN is looked at last: for what cannot be anyway none is spent.
    """
    if form.chosen and form.percent.strip():
        raise BadInput(discounts.ONE_OF_TWO)
    off, permille = discounts.take_off(price.amount, form.percent or form.chosen, form.off)
    wish = Wish(
        before=price.amount,
        off=off,
        permille=permille,
        reason=form.reason,
        note=form.why,
        given_by_id=current_user.user.id,
    )
    discounts.refuse_without_reason(wish)
    store, till_id = shift.till.store, shift.till_id
    if not discounts.needs_manager(store, price.amount, off, permille):
        return wish
    pin = request.form.get("pin", "")
    return replace(wish, approved_by_id=pins.approve(form.manager_id, pin, till_id, store.id).id)


def _keypad(price: Priced, discount: str | None = None) -> str:
    """Return where the keypad is, with this amount on it."""
    typed, note = price.typed, price.keyed.note or None
    return url_for(
        "till.till", amount=typed.plain, currency=typed.currency, note=note, discount=discount
    )


def _page(
    shift: Shift, price: Priced, form: DiscountForm, status: int = 200
) -> ResponseReturnValue:
    store = shift.till.store
    return render_template(
        "discounts/discount.html",
        store_name=store.name,
        till_name=shift.till.name,
        price=price,
        percents=PERCENTS,
        reasons=DISCOUNT_REASON,
        limit=store.discount_limit,
        managers=pins.approvers(store.id),
        back=_keypad(price),
        form=form,
        key=secrets.token_urlsafe(24),
    ), status
