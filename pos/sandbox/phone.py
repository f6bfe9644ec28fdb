"""The customer's phone: read a QR as a bank app would, look at it, press Pay.

The pages are as strict as a bank app: an expired QR is refused unless "Pay anyway" is ticked.
There is no login and nothing to protect; the money is not real.
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pos import clock
from pos.errors import BadInput, Refused
from pos.money import Currency
from pos.sandbox.bank import this_bank
from pos.sandbox.ledger import Transfer
from pos.sandbox.orders import MOST_TIMES, RIEL_FOR_A_DOLLAR, pay, read_order
from pos.sandbox.shown import ShownQr, read_qr

_SHOWN_PAYMENTS = 5
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

blueprint = Blueprint("phone", __name__)


@blueprint.after_request
def harden(response: Response) -> Response:
    """Let a page run nothing that a QR brought along, and keep no copy of it."""
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/")
@blueprint.get("/phone")
def home() -> ResponseReturnValue:
    """Show the scan page, or with `?qr=` what that QR asks for."""
    typed = request.args.get("qr")
    if typed is None:
        return _scan_page()
    try:
        return _review_page(read_qr(typed.strip()))
    except Refused as error:
        return _scan_page(typed, error)


@blueprint.post("/phone")
def scan() -> ResponseReturnValue:
    """Read the QR text that was pasted and go to its page."""
    typed = request.form.get("qr", "")
    try:
        return redirect(url_for("phone.home", qr=read_qr(typed.strip()).text), 303)
    except Refused as error:
        return _scan_page(typed, error)


@blueprint.get("/sandbox/link/<link_id>")
def link(link_id: str) -> ResponseReturnValue:
    """Open the page of the QR that a short link stands for."""
    qr = this_bank().links.qr_of(link_id)
    if qr is None:
        abort(404)
    return redirect(url_for("phone.home", qr=qr), 303)


@blueprint.post("/phone/pay")
def pay_qr() -> ResponseReturnValue:
    """Pay as the form says and go to the receipt."""
    fields = {name: value.strip() for name, value in request.form.items()}
    try:
        qr = read_qr(fields.get("qr", ""))
    except Refused as error:
        return _scan_page(fields.get("qr", ""), error)
    try:
        if _is_over(qr) and "anyway" not in fields:
            raise BadInput("This QR has expired. Ask the shop for a new one.")
        booked = pay(this_bank().ledger, read_order(fields))
    except Refused as error:
        return _review_page(qr, fields, error)
    return redirect(url_for("phone.receipt", transfer_hash=booked[-1].hash), 303)


@blueprint.get("/phone/receipt/<transfer_hash>")
def receipt(transfer_hash: str) -> ResponseReturnValue:
    """Show what became of one payment."""
    ledger = this_bank().ledger
    transfer = ledger.by_hash(transfer_hash)
    if transfer is None:
        abort(404)
    payments = [other for other in ledger.with_md5(transfer.md5) if not other.is_failed]
    return render_template(
        "sandbox/receipt.html",
        transfer=transfer,
        qr=read_qr(transfer.qr),
        times_paid=len(payments),
        paid_at=_paid_at(transfer),
    )


def _scan_page(typed: str = "", error: Refused | None = None) -> ResponseReturnValue:
    latest = [
        (transfer, read_qr(transfer.qr).shop, _paid_at(transfer))
        for transfer in this_bank().ledger.latest(_SHOWN_PAYMENTS)
    ]
    page = render_template("sandbox/scan.html", typed=typed, error=error, latest=latest)
    return page, 422 if error else 200


def _review_page(
    qr: ShownQr, fields: Mapping[str, Any] | None = None, error: Refused | None = None
) -> ResponseReturnValue:
    now = clock.now()
    page = render_template(
        "sandbox/review.html",
        qr=qr,
        fields=fields or {},
        error=error,
        has_expired=_is_over(qr),
        expires_at=qr.expires_at and clock.shop_time(qr.expires_at),
        expires_ms=qr.expires_at and clock.epoch_ms(qr.expires_at),
        now_ms=clock.epoch_ms(now),
        other_currency=next(other for other in Currency if other is not qr.currency),
        earlier=[one for one in this_bank().ledger.with_md5(qr.md5) if not one.is_failed],
        most_times=MOST_TIMES,
        rate=RIEL_FOR_A_DOLLAR,
    )
    return page, 422 if error else 200


def _is_over(qr: ShownQr) -> bool:
    """Tell whether a payer's app refuses the QR: its time is over, or PayWay closed its bill."""
    return qr.has_expired(clock.now()) or this_bank().payway.is_closed(qr.md5)


def _paid_at(transfer: Transfer) -> str:
    return f"{clock.shop_time(clock.from_epoch_ms(transfer.created_ms)):%d %b %Y, %H:%M:%S}"
