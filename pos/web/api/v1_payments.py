"""Payments of other systems' sales: looked at, taken back, and asked about."""

from typing import Annotated

from flask import Blueprint, Response
from pydantic import BaseModel, Field

from pos import clock
from pos.errors import NotFound
from pos.models import Payment
from pos.reports.online import outside
from pos.services.online import looking, orders, paying
from pos.states import PaymentStatus
from pos.web.api import bearer, once, pictures
from pos.web.api.bodies import Body
from pos.web.api.contract import Answer, answers, contract
from pos.web.api.shapes import (
    Page,
    PaymentOut,
    PaymentPage,
    Reference,
    next_cursor,
    payment_out,
)

bp = Blueprint("v1_payments", __name__, url_prefix="/api/v1")
once.guard(bp)

NOT_THERE = "There is no such payment."


class Wish(Body):
    """Which payments to ask the bank about."""

    payments: Annotated[list[Reference], Field(min_length=1, max_length=looking.MOST)]


class Looked(BaseModel):
    """The payments as they are now, in the order asked for."""

    data: list[PaymentOut]


@bp.get("/payments")
@contract.validate(resp=answers(401, 403, HTTP_200=PaymentPage), tags=["payments"])
def payments(query: Page) -> Answer:
    """List the payments of the store's API sales, the newest first."""
    me = bearer.caller()
    rows = outside.page_of_payments(
        me.store_id, customer=me.customer, before=query.before, most=query.limit
    )
    return PaymentPage(
        data=[payment_out(one) for one in rows], next_cursor=next_cursor(rows, query.limit)
    )


@bp.get("/payments/<payment_id>")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=PaymentOut), tags=["payments"])
def payment(payment_id: str) -> Answer:
    """Tell of one payment as the books have it; the bank is not asked."""
    return payment_out(_find(payment_id))


@bp.get("/payments/<payment_id>/qr.png")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=None), tags=["payments"])
def qr_png(payment_id: str) -> Response:
    """Answer the picture of a QR that can still be paid, as a PNG."""
    return Response(pictures.png(_payable(payment_id)), mimetype="image/png")


@bp.get("/payments/<payment_id>/qr.svg")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=None), tags=["payments"])
def qr_svg(payment_id: str) -> Response:
    """Answer the picture of a QR that can still be paid, as an SVG."""
    return Response(pictures.svg(_payable(payment_id)), mimetype="image/svg+xml")


def _payable(name: str) -> str:
    """Return a QR that waits; NotFound for one that ended, so that nobody pays a dead one."""
    found = _find(name)
    is_open = found.status is PaymentStatus.AWAITING and found.expires_at > clock.now()
    if not is_open or found.qr_string is None:
        raise NotFound("This payment has no QR that can be paid now.")
    return found.qr_string


@bp.post("/payments/<payment_id>/cancel")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=PaymentOut), tags=["payments"])
def cancel(payment_id: str) -> Answer:
    """Take a QR back; the bank has the last word on whether it was paid."""
    return payment_out(paying.cancel(_find(payment_id), who=bearer.caller().who))


@bp.post("/checks")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=Looked), tags=["payments"])
def check(json: Wish) -> Answer:
    """Ask the bank about payments, as far as the day's questions allow, and tell of them."""
    found = {name: _find(name) for name in json.payments}
    looked = looking.look_at_all(list(found.values()), who=bearer.caller().who)
    by_name = {one.tran_id: payment_out(one) for one in looked}
    return Looked(data=[by_name[name] for name in json.payments])


def _find(name: str) -> Payment:
    me = bearer.caller()
    found = outside.payment_of(me.store_id, tran_id=name) if len(name) <= 20 else None
    if found is None:
        raise NotFound(NOT_THERE)
    orders.refuse_other_customer(me, outside.outside_of(found))
    return found
