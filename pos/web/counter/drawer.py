"""The drawer between sales: cash in, cash out, opened for nothing, and refunds in cash."""

import secrets
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.cash import Cash
from pos.errors import NoOpenShift, NotFound, Refused
from pos.models import Sale, Shift
from pos.money import Money
from pos.reports.closing import drawer as figures
from pos.reports.counter import recent
from pos.reports.wording import MOVEMENT, MOVEMENT_REASONS
from pos.services.bookkeeping import drawer, shifts
from pos.services.bookkeeping.drawer import Wish
from pos.services.people import pins
from pos.services.selling import rates
from pos.services.shop import limits
from pos.services.shop.limits import Limits
from pos.states import MovementKind
from pos.web.forms import read_key
from pos.web.ids import row_id
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("drawer", __name__, url_prefix="/till/drawer")

KINDS = {
    "paid-in": MovementKind.PAID_IN,
    "paid-out": MovementKind.PAID_OUT,
    "no-sale": MovementKind.NO_SALE,
}
"""What may be done at the drawer, by the word in its address."""


@dataclass(frozen=True, kw_only=True)
class MoveForm:
    """The form of a movement or refund as it is drawn; a PIN is never drawn again."""

    usd: str = ""
    khr: str = ""
    amount: str = ""
    reason: str = ""
    note: str = ""
    manager_id: int | None = None
    error: str = ""


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """Without a shift there is no drawer: open one first."""
    return redirect(url_for("shifts.open_shift"), 303)


def _my_shift() -> Shift:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift first."))
    return shift


@bp.get("", endpoint="drawer")
def drawer_page() -> ResponseReturnValue:
    """Show what moved in this shift; what should be there only where counts are not blind."""
    shift = _my_shift()
    return render_template(
        "drawer/drawer.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        shift=shift,
        movements=[figures.movement_line(one) for one in figures.movements(shift.id)],
        sales=[(sale, drawer.refundable(sale)) for sale in recent.cash_sales(shift.till_id)],
        lines=() if limits.of(shift.till.store).blind_count else figures.lines(shift),
        parts=recent.open_parts(shift.till_id),
        rate=rates.current(shift.till.store_id),
    )


@bp.route("/<word>", methods=["GET", "POST"])
def move(word: str) -> ResponseReturnValue:
    """Put cash in or out, or open the drawer for nothing, with a reason."""
    shift, kind = _my_shift(), KINDS.get(word)
    if kind is None:
        raise NotFound(_("There is nothing at this address."))
    if request.method != "POST":
        return _move_page(shift, word, MoveForm())
    form = _read()
    try:
        cash = Cash() if kind is MovementKind.NO_SALE else Cash.read(form.usd, form.khr)
        key = read_key(request.form)
        drawer.refuse_bad(kind, cash, form.reason, form.note, limits.of(shift.till.store))
        needed = drawer.needs_manager(shift, kind, cash)
        drawer.move(shift.id, _wish(shift, kind, cash, form, needed), key)
    except Refused as problem:
        return _move_page(_my_shift(), word, replace(form, error=problem.text), problem.status)
    flash(
        _("%(what)s: %(cash)s.", what=MOVEMENT[kind], cash=cash)
        if cash
        else _("The drawer was opened.")
    )
    return redirect(url_for(".drawer"), 303)


def _read() -> MoveForm:
    form = request.form
    return MoveForm(
        usd=form.get("usd", "")[:20],
        khr=form.get("khr", "")[:20],
        amount=form.get("amount", "")[:20],
        reason=form.get("reason", ""),
        note=form.get("note", "")[: drawer.MOST_NOTE + 1],
        manager_id=form.get("manager_id", type=row_id),
    )


def _wish(
    shift: Shift, kind: MovementKind, cash: Cash, form: MoveForm, needs_manager: bool
) -> Wish:
    """Return what is asked for, with the manager whose PIN was typed where one is needed."""
    me, till_id = current_user.user.id, shift.till_id
    store_id, approved_by = current_user.user.store_id, None
    if needs_manager:
        pin = request.form.get("pin", "")
        approved_by = pins.approve(form.manager_id, pin, till_id, store_id).id
    return Wish(
        kind=kind,
        cash=cash,
        reason=form.reason,
        note=form.note,
        asked_by_id=me,
        approved_by_id=approved_by,
    )


def _move_page(shift: Shift, word: str, form: MoveForm, status: int = 200) -> ResponseReturnValue:
    kind = KINDS[word]
    return render_template(
        "drawer/move.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        word=word,
        title=MOVEMENT[kind],
        takes_cash=kind is not MovementKind.NO_SALE,
        limit=_limit(kind, limits.of(shift.till.store)),
        reasons={**MOVEMENT_REASONS[kind], "other": _("Another reason, written below")},
        managers=pins.approvers(current_user.user.store_id),
        form=form,
        key=secrets.token_urlsafe(24),
    ), status


def _limit(kind: MovementKind, allowed: Limits) -> str:
    """Return from when on a manager must agree, in words."""
    if kind is MovementKind.NO_SALE:
        return _("after the drawer was opened %(count)s times in a shift", count=allowed.no_sales)
    dollars, riel = Cash(allowed.cash_limit_usd * 100, allowed.cash_limit_khr).both
    return _("above %(dollars)s or %(riel)s", dollars=dollars, riel=riel)


@bp.route("/refund/<int:sale_id>", methods=["GET", "POST"])
def refund(sale_id: int) -> ResponseReturnValue:
    """Give cash of a sale back, with a manager's PIN."""
    shift = _my_shift()
    sale = drawer.find_sale(sale_id, shift.till_id)
    if request.method != "POST":
        return _refund_page(shift, sale, MoveForm(amount=drawer.refundable(sale).plain))
    form = _read()
    try:
        amount, key = Money.read(form.amount, sale.currency), read_key(request.form)
        wish = _wish(shift, MovementKind.REFUND, Cash(), form, needs_manager=True)
        row = drawer.refund(shift.id, sale_id, amount, wish, key)
    except Refused as problem:
        again = replace(form, error=problem.text)
        sale = drawer.find_sale(sale_id, shift.till_id)
        return _refund_page(_my_shift(), sale, again, problem.status)
    flash(_("Give back %(cash)s.", cash=row.cash))
    return redirect(url_for(".drawer"), 303)


def _refund_page(
    shift: Shift, sale: Sale, form: MoveForm, status: int = 200
) -> ResponseReturnValue:
    return render_template(
        "drawer/refund.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        sale=sale,
        left=drawer.refundable(sale),
        reasons={
            **MOVEMENT_REASONS[MovementKind.REFUND],
            "other": _("Another reason, written below"),
        },
        managers=pins.approvers(current_user.user.store_id),
        form=form,
        key=secrets.token_urlsafe(24),
    ), status
