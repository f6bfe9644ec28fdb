"""The order contract: the QR of an order, and how its payment stands.

Its addresses, fields and words were agreed with other systems; nothing is added to them. What a
customer is called is looked at, as agreed, and kept nowhere.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from flask import Blueprint
from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from pos.errors import NotFound
from pos.extensions import db, settings
from pos.models import OutsideSale, Payment
from pos.reports.online import outside
from pos.reports.online.outside import Word
from pos.services.api import throttle
from pos.services.online import links, orders, paying
from pos.web.api import bearer, once
from pos.web.api.bodies import Body
from pos.web.api.contract import Answer, agreed, contract
from pos.web.api.shapes import refuse_long_name

bp = Blueprint("orders", __name__, url_prefix="/api/order/v1/customer/orders")
once.guard(bp)

METHODS = ("abapay_khqr_deeplink", "bakong")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_PHONE = re.compile(r"[0-9+\-\s()]+", re.ASCII)


def _refuse(text: str) -> PydanticCustomError:
    return PydanticCustomError("agreed", "{text}", {"text": text})


def _method(code: str) -> str:
    if code not in METHODS:
        raise _refuse("Invalid payment method. Use abapay_khqr_deeplink or bakong.")
    return code


def _is_name(text: str) -> bool:
    """Letters, spaces, hyphens and apostrophes; and the marks without which no Khmer is written."""
    return all(unicodedata.category(it)[0] in "LM" or it.isspace() or it in "-'" for it in text)


def _first_name(text: str) -> str:
    if not _is_name(text):
        raise _refuse("First name contains invalid characters.")
    return text


def _last_name(text: str) -> str:
    if not _is_name(text):
        raise _refuse("Last name contains invalid characters.")
    return text


def _email(text: str) -> str:
    if _EMAIL.fullmatch(text) is None:
        raise _refuse("Please provide a valid email address.")
    return text


def _phone(text: str) -> str:
    if _PHONE.fullmatch(text) is None:
        raise _refuse("Phone number format is invalid.")
    return text


class Customer(Body):
    """How the order is to be paid, and by whom."""

    payment_method_code: Annotated[str, AfterValidator(_method)] = METHODS[0]
    first_name: Annotated[str, Field(max_length=255), AfterValidator(_first_name)] = ""
    last_name: Annotated[str, Field(max_length=255), AfterValidator(_last_name)] = ""
    email: Annotated[str, Field(max_length=255), AfterValidator(_email)] | None = None
    phone: Annotated[str, Field(max_length=20), AfterValidator(_phone)] | None = None


class OrderMade(BaseModel):
    """The order that is to be paid."""

    uuid: str
    order_number: str
    total: float
    status: str


class PaymentMade(BaseModel):
    """The attempt to collect it."""

    uuid: str
    status: Word
    amount: str


class Khqr(BaseModel):
    """The QR."""

    qr_string: str | None
    abapay_deeplink: str | None
    transaction_id: str | None


class KhqrData(BaseModel):
    """An order, its payment and its QR."""

    order: OrderMade
    payment: PaymentMade
    khqr: Khqr


class KhqrAnswer(BaseModel):
    """The same in the agreed envelope."""

    success: Literal[True] = True
    data: KhqrData


class PaymentNow(PaymentMade):
    """How the payment stands, and since when."""

    completed_at: str | None
    failed_at: str | None


class OrderNow(BaseModel):
    """How the order stands."""

    uuid: str
    status: str
    is_paid: bool


class StatusData(BaseModel):
    """Both."""

    payment: PaymentNow
    order: OrderNow


class StatusAnswer(BaseModel):
    """The same in the agreed envelope."""

    success: Literal[True] = True
    data: StatusData


@bp.post("/<order>/payment/khqr")
@contract.validate(resp=agreed(HTTP_200=KhqrAnswer), tags=["orders"])
def khqr(order: str, json: Customer) -> Answer:
    """Make the QR of an order, by its uuid or booking_id; so often as the limits allow."""
    me, limits = bearer.caller(), settings()
    throttle.count(
        me,
        "khqr",
        (
            (limits.khqr_per_minute, timedelta(minutes=1)),
            (limits.khqr_per_hour, timedelta(hours=1)),
        ),
    )
    refuse_long_name(order)
    found = orders.find(me, order)
    outside_id = found.id
    payment = paying.pay(found, who=me.who, again_ok=False)
    is_aba = payment.account.gateway == "payway"
    link = links.deep_link(payment) if is_aba else ""
    sale = db.session.get_one(OutsideSale, outside_id)
    total = float(sale.amount.decimal)
    return KhqrAnswer(
        data=KhqrData(
            order=OrderMade(
                uuid=sale.uid, order_number=sale.number, total=total, status=_word_of(sale)
            ),
            payment=_payment(payment),
            khqr=Khqr(
                qr_string=payment.qr_string,
                abapay_deeplink=link or None,
                transaction_id=payment.tran_id,
            ),
        )
    )


@bp.get("/<order>/payment/status")
@contract.validate(resp=agreed(HTTP_200=StatusAnswer), tags=["orders"])
def status(order: str) -> Answer:
    """Tell how the newest payment of an order stands; the bank is not asked."""
    refuse_long_name(order)
    sale = orders.find(bearer.caller(), order)
    payment = outside.newest_payment(sale.id)
    if payment is None:
        raise NotFound("No payment found for this order")
    word = outside.word_of(payment.status)
    paid_at = payment.paid_at if word is Word.COMPLETED else None
    failed_at = payment.changed_at if word is Word.FAILED else None
    now = PaymentNow(
        **dict(_payment(payment)), completed_at=_instant(paid_at), failed_at=_instant(failed_at)
    )
    is_paid = outside.is_paid(sale.id)
    told = OrderNow(uuid=sale.uid, status=_word_of(sale), is_paid=is_paid)
    return StatusAnswer(data=StatusData(payment=now, order=told))


def _word_of(sale: OutsideSale) -> str:
    return "paid" if outside.is_paid(sale.id) else "pending"


def _payment(payment: Payment) -> PaymentMade:
    word = outside.word_of(payment.status)
    return PaymentMade(uuid=outside.uuid_of(payment), status=word, amount=payment.amount.plain)


def _instant(at: datetime | None) -> str | None:
    """Return an instant as it was agreed: with six decimals of a second and a Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if at else None
