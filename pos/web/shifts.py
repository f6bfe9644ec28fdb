"""Opening and closing shifts, their list, and the printed report."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db, settings
from pos.models import Kind, Shift, Till, User, ZReport
from pos.money import Currency, Money
from pos.reports import marked, z_report
from pos.services import checkout, shifts
from pos.states import ShiftStatus
from pos.web.ids import row_id
from pos.web.printed import paperwork_of

bp = Blueprint("shifts", __name__, url_prefix="/shifts")

LISTED = 100
"""How many shifts the list shows, newest first."""


@dataclass(frozen=True)
class OpenForm:
    """The opening form as it is drawn."""

    till_id: int | None = None
    float_usd: str = ""
    float_khr: str = ""
    error: str = ""


@dataclass(frozen=True)
class TillChoice:
    """A till that may be opened, or who has it."""

    id: int
    name: str
    taken_by: str


@dataclass(frozen=True)
class ShiftLine:
    """One shift in the list."""

    id: int
    till_name: str
    cashier_name: str
    opened_at: datetime
    closed_at: datetime | None
    status: str
    z_number: int | None
    totals_text: str
    can_close: bool


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
            raise BadInput("Choose a till.")
        shifts.open_shift(till_id, _me().id, floats)
    except Refused as problem:
        return _open_page(OpenForm(till_id, *typed, problem.text), problem.status)
    return redirect(url_for("till.till"), 303)


def _read_float(typed: str, currency: Currency) -> Money:
    amount = Money.read(typed, currency, zero_ok=True)
    checkout.check_limit(amount, settings())
    return amount


def _open_page(form: OpenForm, status: int = 200) -> ResponseReturnValue:
    if shifts.open_shift_of(_me().id) is not None:
        return redirect(url_for("till.till"), 303)
    query = select(Till).where(Till.store_id == _me().store_id).order_by(Till.name)
    choices = [_choice(till) for till in db.session.scalars(query)]
    return render_template(
        "shifts/open.html", store_name=_me().store.name, tills=choices, form=form
    ), status


def _choice(till: Till) -> TillChoice:
    query = select(Shift).where(Shift.till_id == till.id, Shift.status == ShiftStatus.OPEN)
    shift = db.session.scalar(query)
    return TillChoice(till.id, till.name, shift.cashier_name if shift else "")


@bp.route("/<int:shift_id>/close", methods=["GET", "POST"])
def close_shift(shift_id: int) -> ResponseReturnValue:
    """Show what the shift took and what is still open; on POST close it for good."""
    shift = shifts.find(shift_id, _me())
    if shift.status is not ShiftStatus.OPEN:
        return redirect(url_for(".report", shift_id=shift_id), 303)
    if request.method != "POST":
        return _close_page(shift)
    try:
        shifts.close_shift(shift_id, _me().id)
    except Refused as problem:
        return _close_page(shifts.find(shift_id, _me()), problem.text, problem.status)
    return redirect(url_for(".report", shift_id=shift_id), 303)


def _close_page(shift: Shift, error: str = "", status: int = 200) -> ResponseReturnValue:
    live = checkout.live_payment(shift.till_id)
    return render_template(
        "shifts/close.html",
        store_name=shift.till.store.name,
        till_name=shift.till_name,
        shift=shift,
        totals=z_report.totals(shift),
        marked=marked.totals(marked.of_shift(shift)),
        unverified=z_report.unverified(shift.till_id),
        live=[z_report.open_item(live)] if live else [],
        error=error,
    ), status


@bp.get("/<int:shift_id>/report")
def report(shift_id: int) -> ResponseReturnValue:
    """Show the Z report as it was written; `?paper=80mm` for the till roll."""
    shift = shifts.find(shift_id, _me())
    row = db.session.scalar(select(ZReport).where(ZReport.shift_id == shift.id))
    if row is None:
        raise NotFound("This shift has no report yet: it is still open.")
    paper = "80mm" if request.args.get("paper") == "80mm" else "a4"
    return render_template(
        "shifts/report.html",
        store_name=shift.till.store.name,
        shift_id=shift.id,
        z=z_report.from_json(row.body),
        paper=paper,
        paperwork=paperwork_of(Kind.Z_REPORT, row.id),
    )


@bp.get("", endpoint="shifts")
def shifts_list() -> ResponseReturnValue:
    """List the person's shifts; a manager sees all of the store's."""
    query = (
        select(Shift)
        .join(Till)
        .where(Till.store_id == _me().store_id)
        .order_by(Shift.id.desc())
        .limit(LISTED)
    )
    if not _me().is_manager:
        query = query.where(Shift.cashier_id == _me().id)
    lines = [_shift_line(shift) for shift in db.session.scalars(query)]
    return render_template("shifts/shifts.html", store_name=_me().store.name, shifts=lines)


def _shift_line(shift: Shift) -> ShiftLine:
    number = db.session.scalar(select(ZReport.number).where(ZReport.shift_id == shift.id))
    sums = [str(total.amount) for total in z_report.totals(shift)]
    return ShiftLine(
        id=shift.id,
        till_name=shift.till_name,
        cashier_name=shift.cashier_name,
        opened_at=shift.opened_at,
        closed_at=shift.closed_at,
        status=str(shift.status),
        z_number=number,
        totals_text=", ".join(sums),
        can_close=shift.status is ShiftStatus.OPEN,
    )
