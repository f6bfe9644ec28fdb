"""Opening and closing shifts, their list, and the printed report."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from pos.errors import BadInput, NotFound, Refused, ShiftClosed
from pos.extensions import db
from pos.models import Kind, Shift, Till, User, ZReport
from pos.money import Currency, Money
from pos.permissions import Right
from pos.reports.closing import (
    corrections,
    drawer,
    marked,
    refund_part,
    settled_part,
    shift_figures,
    shift_list,
    z_report,
)
from pos.services.bookkeeping import counting, shifts
from pos.services.selling import checkout, keypad
from pos.services.shop import limits
from pos.states import ShiftStatus
from pos.web.ids import row_id
from pos.web.paperwork.printed import paperwork_of
from pos.words import _

bp = Blueprint("shifts", __name__, url_prefix="/shifts")


@dataclass(frozen=True)
class OpenForm:
    """The opening form as it is drawn."""

    till_id: int | None = None
    float_usd: str = ""
    float_khr: str = ""
    error: str = ""


@dataclass(frozen=True)
class TillChoice:
    """A till that may be opened, or who has it, and what was last counted in its drawer."""

    id: int
    name: str
    taken_by: str
    counted: tuple[Money, Money] | None


def _me() -> User:
    user: User = current_user.user
    return user


@bp.route("/open", methods=["GET", "POST"])
def open_shift() -> ResponseReturnValue:
    """Choose a till and count the cash into its drawer."""
    if request.method != "POST":
        return _open_page(OpenForm())
    form = request.form
    till_id = form.get("till_id", type=row_id)
    typed = form.get("float_usd", ""), form.get("float_khr", "")
    try:
        floats = _read_float(typed[0], Currency.USD), _read_float(typed[1], Currency.KHR)
        if till_id is None:
            raise BadInput(_("Choose a till."))
        shifts.open_shift(till_id, _me().id, floats)
    except Refused as problem:
        return _open_page(OpenForm(till_id, *typed, problem.text), problem.status)
    return redirect(url_for("till.till"), 303)


def _read_float(typed: str, currency: Currency) -> Money:
    amount = Money.read(typed, currency, zero_ok=True)
    keypad.check_limit(amount, limits.of(_me().store))
    return amount


def _open_page(form: OpenForm, status: int = 200) -> ResponseReturnValue:
    mine = shifts.unclosed_shift_of(_me().id)
    if mine is not None:
        is_counting = mine.status is ShiftStatus.COUNTING
        away = url_for("counting.count", shift_id=mine.id) if is_counting else url_for("till.till")
        return redirect(away, 303)
    in_use = Till.store_id == _me().store_id, Till.retired_at.is_(None), ~Till.is_online
    query = select(Till).where(*in_use).order_by(Till.name)
    choices = [_choice(till) for till in db.session.scalars(query)]
    if request.method != "POST":
        form = _suggested(choices)
    return render_template(
        "shifts/open.html", store_name=_me().store.name, tills=choices, form=form
    ), status


def _suggested(choices: list[TillChoice]) -> OpenForm:
    """Return the form with the first free till, and what was last counted in its drawer."""
    free = next((one for one in choices if not one.taken_by), None)
    if free is None or free.counted is None:
        return OpenForm(free.id if free else None)
    dollars, riel = (one.plain if one.minor else "" for one in free.counted)
    return OpenForm(free.id, dollars, riel)


def _choice(till: Till) -> TillChoice:
    query = select(Shift).where(Shift.till_id == till.id, Shift.closed_at.is_(None))
    shift = db.session.scalar(query)
    taken_by = shift.cashier_name if shift else ""
    return TillChoice(till.id, till.name, taken_by, counting.last_counted(till.id))


@bp.route("/<int:shift_id>/close", methods=["GET", "POST"])
def close_shift(shift_id: int) -> ResponseReturnValue:
    """Show what the shift took and what is still open; on POST stop selling, and count.

    A drawer that never held cash is not counted: its shift closes at once.
    """
    shift = _find(shift_id)
    if shift.status is ShiftStatus.COUNTING:
        return redirect(url_for("counting.count", shift_id=shift_id), 303)
    if shift.status is not ShiftStatus.OPEN:
        return redirect(url_for(".report", shift_id=shift_id), 303)
    if request.method != "POST":
        return _close_page(shift)
    try:
        return redirect(_stop_selling(shift), 303)
    except ShiftClosed:
        return redirect(url_for(".report", shift_id=shift_id), 303)
    except Refused as problem:
        return _close_page(_find(shift_id), problem.text, problem.status)


def _find(shift_id: int) -> Shift:
    return shifts.find(shift_id, _me(), Right.CLOSE_OTHERS)


def _stop_selling(shift: Shift) -> str:
    """Ask the bank once more about what is out, then end the shift or let it be counted."""
    shift_id = shift.id
    shifts.refuse_waiting(shift, _me().id)
    counting.check_waiting(shift, who=current_user.who)
    if drawer.is_untouched(shift):
        shifts.close_shift(shift_id, _me().id)
        return url_for(".report", shift_id=shift_id)
    counting.begin(shift_id, by_id=_me().id)
    return url_for("counting.count", shift_id=shift_id)


def _close_page(shift: Shift, error: str = "", status: int = 200) -> ResponseReturnValue:
    live = checkout.live_payment(shift.till_id)
    return render_template(
        "shifts/close.html",
        store_name=shift.till.store.name,
        till_name=shift.till_name,
        shift=shift,
        totals=shift_figures.totals([shift.id]).get(shift.id, ()),
        marked=marked.totals(marked.of_shift(shift)),
        back=refund_part.of_shift(shift),
        unverified=shift_figures.unverified(shift.till_id),
        live=[shift_figures.open_item(live)] if live else [],
        is_untouched=drawer.is_untouched(shift),
        error=error,
    ), status


@bp.get("/<int:shift_id>/report")
def report(shift_id: int) -> ResponseReturnValue:
    """Show the Z report as it was written; `?paper=80mm` for the till roll."""
    shift = shifts.find(shift_id, _me())
    row = db.session.scalar(select(ZReport).where(ZReport.shift_id == shift.id))
    if row is None:
        raise NotFound(_("This shift has no report yet: it is still open."))
    paper = "80mm" if request.args.get("paper") == "80mm" else "a4"
    later, z = corrections.of_shift(shift.id), z_report.from_json(row.body)
    return render_template(
        "shifts/report.html",
        store_name=shift.till.store.name,
        shift_id=shift.id,
        z=z,
        rounded=settled_part.rounding_in_words(z.keyed_rounding),
        paper=paper,
        paperwork=paperwork_of(Kind.Z_REPORT, row.id),
        short_hash=row.short_hash,
        corrections=later,
        corrected=corrections.in_words(later),
    )


@bp.get("", endpoint="shifts")
def shifts_list() -> ResponseReturnValue:
    """List the person's shifts, a manager's the store's; `?before=` goes on with older ones."""
    me = _me()
    page = shift_list.gather(
        me.store_id,
        cashier_id=None if me.may(Right.SEE_ALL_TILLS) else me.id,
        before=request.args.get("before", type=row_id),
        is_blind=lambda shift: shifts.is_blind_to(shift, me),
        may_close=lambda shift: shifts.may_close(shift, me),
    )
    return render_template(
        "shifts/shifts.html",
        store_name=me.store.name,
        page=page,
        corrections=corrections.of_shifts(line.id for line in page.lines),
    )
