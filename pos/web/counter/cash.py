"""Cash at the till: what the customer gives, the change, and the part that a QR then asks for."""

import secrets
from dataclasses import dataclass, replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from pos.cash import Cash, Rate, Reckoned, exact, exact_riel, reckon
from pos.errors import NoOpenShift, NotFound, Refused, SaleAlreadyPaid, ShiftClosed
from pos.models import ExchangeRate, Payment, Shift
from pos.money import Currency, Money
from pos.services.bookkeeping import shifts
from pos.services.selling import rates, sales, tenders
from pos.services.selling.keypad import PLAIN, Keyed
from pos.services.selling.tenders import Offer
from pos.services.settling import payments
from pos.web import htmx
from pos.web.counter.keyed import read_charge
from pos.web.forms import Fields, read_key, read_version, write_version
from pos.web.languages import flash
from pos.words import _

bp = Blueprint("cash", __name__, url_prefix="/till/cash")

_NOTES = {
    Currency.USD: (1, 5, 10, 20, 50, 100),
    Currency.KHR: (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000),
}
_CHIPS = 3


@dataclass(frozen=True, kw_only=True)
class Due:
    """What is to be paid, at which rate, and the payment whose QR it replaces, if one does.

    `keyed` is what came from the keypad with the amount.
    """

    amount: Money
    rate: Rate | None
    row: ExchangeRate | None
    payment: Payment | None
    held: Money | None
    keyed: Keyed = PLAIN
    discount: str = ""
    """The key of what was taken off, which the form carries on."""

    @property
    def typed(self) -> Money:
        """The amount as it was typed, before riel were rounded and a discount was taken off."""
        return Money(self.before.minor - self.keyed.rounding, self.amount.currency)

    @property
    def before(self) -> Money:
        """The price, before any discount."""
        return Money(self.amount.minor + self.keyed.discount, self.amount.currency)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed of the notes, as it is drawn again."""

    usd: str = ""
    khr: str = ""
    all_riel: bool = False
    error: str = ""

    @property
    def cash(self) -> Cash:
        """The notes; BadAmount where they are none."""
        return Cash.read(self.usd, self.khr)


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the fragment says: the change, or what is missing, or why neither can be told."""

    done: Reckoned | None = None
    given: Cash | None = None
    problem: str = ""


@bp.errorhandler(NoOpenShift)
def no_open_shift(_problem: NoOpenShift) -> ResponseReturnValue:
    """Without a shift there is no drawer: open one first."""
    return redirect(url_for("shifts.open_shift"), 303)


def _my_shift() -> Shift:
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        raise NoOpenShift(_("Open a shift first."))
    return shift


@bp.route("/take", methods=["GET", "POST"])
def take() -> ResponseReturnValue:
    """Show what is due and take the notes for it; until then nothing is written."""
    shift = _my_shift()
    try:
        due = _due(request.values, shift)
    except NotFound:
        raise
    except Refused as problem:
        flash(problem.text)
        return redirect(url_for("till.till"), 303)
    if request.method != "POST":
        return _page(shift, due, Typed())
    typed = _typed(request.form)
    try:
        _take(shift, due, typed)
    except (SaleAlreadyPaid, ShiftClosed) as problem:
        flash(problem.text)
    except Refused as problem:
        again = Typed(usd=typed.usd, khr=typed.khr, all_riel=typed.all_riel, error=problem.text)
        return _page(_my_shift(), due, again, problem.status)
    return redirect(url_for("till.till"), 303)


def _due(form: Fields, shift: Shift) -> Due:
    """Return what the form is about; Refused where no cash can be taken for it now.

    A form sent again is let through: the key it carries tells that its deed is done.
    """
    row = rates.current(shift.till.store_id)
    if not form.get("payment"):
        amount, keyed = read_charge(form, shift)
        rate, keyed = row.rate if row else None, replace(keyed, asks=False)
        new = Due(amount=amount, rate=rate, row=row, payment=None, held=None, keyed=keyed)
        return replace(new, discount=form.get("discount", "")) if keyed.discount else new
    payment = payments.find(form["payment"], shift.till_id)
    if request.method != "POST":
        tenders.refuse_unfit(payment)
    sale, rest = payment.sale, sales.rest_of(payment.sale)
    held = sale.amount - rest
    row = sale.exchange or row
    return Due(
        amount=rest,
        rate=row.rate if row else None,
        row=row,
        payment=payment,
        held=held if held.minor else None,
    )


def _typed(form: Fields) -> Typed:
    return Typed(
        usd=form.get("usd", "")[:20], khr=form.get("khr", "")[:20], all_riel="all_riel" in form
    )


def _take(shift: Shift, due: Due, typed: Typed) -> None:
    key, version = read_key(request.form), read_version(request.form, shift)
    offer = Offer(
        given=typed.cash,
        all_riel=typed.all_riel,
        rest_by_qr=request.form.get("rest") == "qr",
    )
    who = current_user.who
    if due.payment is not None:
        tenders.take_for(due.payment, shift.id, offer, key, who=who, version=version)
    else:
        tenders.take_for_new_sale(
            shift.id, due.amount, offer, key, who=who, version=version, keyed=due.keyed
        )


def _page(shift: Shift, due: Due, typed: Typed, status: int = 200) -> ResponseReturnValue:
    return render_template(
        "cash/take.html",
        store_name=shift.till.store.name,
        till_name=shift.till.name,
        due=due,
        typed=typed,
        change=_change(due, typed),
        chips=_chips(due),
        rate_days=rates.days_old(due.row) if due.row and rates.is_old(due.row) else None,
        key=secrets.token_urlsafe(24),
        version=write_version(shift),
    ), status


def _chips(due: Due) -> list[Cash]:
    """Return what customers are likely to give: the exact notes, then the next larger ones."""
    chips = []
    if due.rate is not None or due.amount.minor % 100 == 0:
        chips.append(exact(due.amount, due.rate))
    for note in _NOTES[due.amount.currency]:
        chip = Cash(note * 100, 0) if due.amount.currency is Currency.USD else Cash(0, note)
        if max(chip.usd, chip.khr) > due.amount.minor and len(chips) <= _CHIPS:
            chips.append(chip)
    if due.rate is not None and due.amount.currency is Currency.USD:
        chips.append(exact_riel(due.amount, due.rate))
    return [chip for chip in dict.fromkeys(chips) if chip]


def _change(due: Due, typed: Typed) -> Change:
    try:
        given = typed.cash
        if not given:
            return Change()
        return Change(
            done=reckon(due.amount, given, due.rate, all_riel=typed.all_riel), given=given
        )
    except Refused as problem:
        return Change(problem=problem.text)


@bp.get("/change")
def change() -> ResponseReturnValue:
    """Answer the form as it is typed: the change, or what is missing."""
    shift = shifts.open_shift_of(current_user.user.id)
    if shift is None:
        return htmx.send_to(url_for("shifts.open_shift"))
    try:
        due = _due(request.args, shift)
    except Refused as problem:
        return render_template("cash/_change.html", change=Change(problem=problem.text), due=None)
    return render_template("cash/_change.html", change=_change(due, _typed(request.args)), due=due)
