"""The managers' part of the Bakong contract: payments, one with its history, and refunds."""

from datetime import datetime
from typing import Annotated, Literal

from flask import Blueprint
from pydantic import BaseModel, Field
from sqlalchemy import select

from pos.errors import NotFound
from pos.extensions import db
from pos.models import Payment, PaymentEvent, Refund
from pos.money import Currency
from pos.reports.online import outside
from pos.services.online import orders, returning
from pos.web.api import bearer, once
from pos.web.api.bodies import Body
from pos.web.api.contract import Answer, agreed, contract
from pos.web.api.shapes import (
    Amount,
    Page,
    PaymentOut,
    Reference,
    Text,
    next_cursor,
    number,
    payment_out,
)

bp = Blueprint("bakong_admin", __name__, url_prefix="/api/admin/payments/bakong")
once.guard(bp)


class ToRefund(Body):
    """What went back, or is to. Bakong gives nothing back: a person made this transfer."""

    amount: Amount | None = Field(None, description="All that is left, if not given.")
    reason: Literal["goods_back", "no_goods", "charged_wrong", "paid_twice", "other"]
    note: Annotated[Text, Field(max_length=500)] = ""
    reference: Annotated[Reference, Field(min_length=4, description="The transfer's, at the bank.")]
    approver: Reference = Field(description="User name of another person, who agrees.")
    pin: Annotated[str, Field(pattern=r"^[0-9]{4,12}$", description="The approver's PIN.")]


class Happened(BaseModel):
    """One line of a payment's history."""

    at: datetime
    event: str
    status: str
    who: str


class Detail(PaymentOut):
    """A payment with its history."""

    booking_id: str
    booking_number: str
    history: list[Happened]


class Payments(BaseModel):
    """Some payments, the newest first."""

    payments: list[PaymentOut]
    next_cursor: str | None


class RefundOut(BaseModel):
    """Money that went back."""

    id: int
    payment_id: str
    status: str
    amount: float
    currency: Currency
    reason: str
    reference: str


class PaymentsAnswer(BaseModel):
    """A list, in the agreed envelope."""

    success: Literal[True] = True
    data: Payments
    message: str = "Bakong payments"


class DetailAnswer(BaseModel):
    """One payment, in the agreed envelope."""

    success: Literal[True] = True
    data: Detail
    message: str = "Bakong payment"


class RefundAnswer(BaseModel):
    """A refund, in the agreed envelope."""

    success: Literal[True] = True
    data: RefundOut
    message: str = "Refund recorded"


@bp.get("")
@contract.validate(resp=agreed(HTTP_200=PaymentsAnswer), tags=["bakong admin"])
def payments(query: Page) -> Answer:
    """List the payments at Bakong of the store's API sales, the newest first."""
    me = bearer.caller()
    rows = outside.page_of_payments(
        me.store_id,
        customer=me.customer,
        before=query.before,
        most=query.limit,
        gateway="bakong",
    )
    told = [payment_out(one) for one in rows]
    data = Payments(payments=told, next_cursor=next_cursor(rows, query.limit))
    return PaymentsAnswer(data=data)


@bp.get("/<payment_id>")
@contract.validate(resp=agreed(HTTP_200=DetailAnswer), tags=["bakong admin"])
def payment(payment_id: str) -> Answer:
    """Tell of one payment with all that happened to it."""
    found = _find(payment_id)
    sale = outside.outside_of(found)
    query = select(PaymentEvent).where(PaymentEvent.payment_id == found.id)
    history = [
        Happened(at=it.at, event=str(it.name), status=str(it.new), who=it.who)
        for it in db.session.scalars(query.order_by(PaymentEvent.id))
    ]
    detail = Detail(
        **dict(payment_out(found, sale)),
        booking_id=sale.reference,
        booking_number=sale.number,
        history=history,
    )
    return DetailAnswer(data=detail)


@bp.post("/<payment_id>/refund")
@contract.validate(resp=agreed(HTTP_200=RefundAnswer), tags=["bakong admin"])
def refund(payment_id: str, json: ToRefund) -> Answer:
    """Write down that money went back, with another person's PIN.

    The same transfer, by its reference, is one refund however often it is sent.
    """
    found = _find(payment_id)
    asked = returning.Asked(**json.model_dump())
    return RefundAnswer(data=_told(returning.give_back(found, asked, bearer.caller()), payment_id))


def _told(row: Refund, payment_id: str) -> RefundOut:
    return RefundOut(
        id=row.id,
        payment_id=payment_id,
        status=str(row.status),
        amount=number(row.amount),
        currency=row.currency,
        reason=row.reason,
        reference=row.reference,
    )


def _find(name: str) -> Payment:
    me = bearer.caller()
    found = outside.payment_of(me.store_id, tran_id=name) if len(name) <= 20 else None
    if found is None or found.account.gateway != "bakong":
        raise NotFound("There is no such payment.")
    orders.refuse_other_customer(me, outside.outside_of(found))
    return found
