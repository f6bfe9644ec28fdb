"""The Bakong contract: a booking's QR, whether it is paid, and a relay's hints.

Its addresses, fields and words were agreed with other systems; nothing is added to them.
"""

from typing import Literal

from flask import Blueprint, request
from pydantic import BaseModel, ConfigDict, Field

from pos.errors import BadToken, GatewayGarbled, NotFound, Refused, TooOften
from pos.extensions import db
from pos.gateways import strict_json
from pos.models import GatewayTransaction, OutsideSale, Payment
from pos.money import Currency
from pos.permissions import Scope
from pos.plans import PlanKind
from pos.reports.online import outside, planned
from pos.reports.online.outside import Word
from pos.services.online import hints, links, looking, orders, paying
from pos.services.refunding import refund_wishes
from pos.web.api import bearer, once, pictures
from pos.web.api.bodies import Body
from pos.web.api.contract import Answer, agreed, contract
from pos.web.api.problems import Invalid
from pos.web.api.shapes import Reference, iso, number
from pos.web.brake import Brake

bp = Blueprint("bakong", __name__, url_prefix="/api/payments/bakong")
once.guard(bp)

SIGNATURES = ("X-Webhook-Signature", "X-BakongPay-Signature")
"""Where relays put the signature. Source: their documentation, as read in 2026."""

_brake = Brake(20, 100)

Type = Literal["deposit", "milestone", "full"]
_TYPES: dict[PlanKind, Type] = {
    PlanKind.FULL: "full",
    PlanKind.DEPOSIT: "deposit",
    PlanKind.MILESTONES: "milestone",
}
"""What a booking's plan is called there; the amount says which part of it is due."""


class NewPayment(Body):
    """Which booking is to be paid."""

    booking_id: Reference


class ToVerify(Body):
    """Which QR of which booking."""

    booking_id: Reference
    md5_hash: Reference


class Made(BaseModel):
    """The QR of a booking."""

    booking_id: str
    booking_number: str
    qr_code: str
    qr_image: str = Field(description="Data URL of a PNG, in base64.")
    md5_hash: str
    deep_link: str = Field(description="Empty where the bank gave none.")
    amount: float
    currency: Currency
    payment_type: Type


class Pending(BaseModel):
    """It is not paid, as far as is known."""

    booking_id: str
    booking_number: str
    payment_status: Word


class Completed(BaseModel):
    """It is paid."""

    booking_id: str
    booking_number: str
    transaction_id: str
    payment_status: Literal["completed"] = "completed"
    booking_status: Literal["confirmed", "pending"]
    amount: float
    currency: Currency
    paid_at: str = Field(description="ISO 8601.")


class MadeAnswer(BaseModel):
    """A QR, in the agreed envelope."""

    success: Literal[True] = True
    data: Made
    message: str


class LookAnswer(BaseModel):
    """What is known of a payment, in the agreed envelope."""

    success: Literal[True] = True
    data: Completed | Pending
    message: str


class Heard(BaseModel):
    """A hint was heard."""

    success: Literal[True] = True
    message: str


class Hint(BaseModel):
    """What relays post: the MD5 at the top or in `data`; all else is not looked at."""

    model_config = ConfigDict(extra="ignore")

    md5_hash: str | None = None
    md5: str | None = None
    data: dict[str, object] | None = None

    @property
    def named(self) -> str:
        """The MD5 that it is about, or ""."""
        inner = (self.data or {}).get("md5")
        return self.md5_hash or self.md5 or (inner if isinstance(inner, str) else "")


@bp.post("/create")
@contract.validate(resp=agreed(HTTP_200=MadeAnswer), tags=["bakong"])
def create(json: NewPayment) -> Answer:
    """Make the QR of a booking; the one that waits already, where there is one."""
    me = bearer.caller()
    sale_id = orders.find(me, json.booking_id).id
    payment = paying.pay(db.session.get_one(OutsideSale, sale_id), who=me.who, again_ok=True)
    if payment.qr_string is None or payment.lookup is None:
        raise Refused("No QR could be made. Try again in a minute.")
    link = links.deep_link(payment)
    sale = db.session.get_one(OutsideSale, sale_id)
    plan = planned.standing(sale)
    made = Made(
        booking_id=sale.reference,
        booking_number=sale.number,
        qr_code=payment.qr_string,
        qr_image=pictures.png_url(payment.qr_string),
        md5_hash=payment.lookup,
        deep_link=link,
        amount=number(payment.amount),
        currency=payment.currency,
        payment_type=_TYPES[plan.kind] if plan else "full",
    )
    return MadeAnswer(data=made, message="Bakong payment created successfully")


@bp.post("/verify")
@contract.validate(resp=agreed(HTTP_200=LookAnswer), tags=["bakong"])
def verify(json: ToVerify) -> Answer:
    """Ask the bank whether a booking's QR is paid, as far as the day's questions allow.

    422 once the QR has ended without money.
    """
    me = bearer.caller()
    sale = orders.find(me, json.booking_id)
    found = outside.payment_of(me.store_id, lookup=json.md5_hash)
    if found is None or outside.outside_of(found).id != sale.id:
        raise NotFound("This booking has no such payment.")
    payment = looking.look(found, who=me.who)
    word = outside.word_of(payment.status)
    if word is Word.FAILED:
        raise Refused(f"This payment has ended without money: {payment.status}.")
    return _told(payment, pending=Word.PENDING)


@bp.get("/status/<md5_hash>")
@contract.validate(resp=agreed(HTTP_200=LookAnswer), tags=["bakong"])
def status(md5_hash: str) -> Answer:
    """Tell what the books know of a QR; the bank is not asked."""
    me = bearer.caller()
    found = outside.payment_of(me.store_id, lookup=md5_hash) if len(md5_hash) <= 64 else None
    if found is None:
        raise NotFound("There is no such payment.")
    orders.refuse_other_customer(me, outside.outside_of(found))
    return _told(found, pending=outside.word_of(found.status))


def _told(payment: Payment, *, pending: Word) -> LookAnswer:
    sale = outside.outside_of(payment)
    if outside.word_of(payment.status) is not Word.COMPLETED:
        data = Pending(
            booking_id=sale.reference,
            booking_number=sale.number,
            payment_status=pending,
        )
        return LookAnswer(data=data, message="Payment is pending")
    money: GatewayTransaction | None = refund_wishes.money_of(payment.id)
    done = Completed(
        booking_id=sale.reference,
        booking_number=sale.number,
        transaction_id=money.reference if money else payment.tran_id,
        booking_status="confirmed" if outside.is_paid(sale.id) else "pending",
        amount=number(payment.amount),
        currency=payment.currency,
        paid_at=iso(payment.paid_at or payment.changed_at),
    )
    return LookAnswer(data=done, message="Payment verified successfully")


@bp.post("/webhook")
@contract.validate(resp=agreed(HTTP_200=Heard), tags=["bakong"])
def webhook() -> Answer:
    """Hear a relay's hint: its payment is asked about soon, and nothing it says is believed.

    Signed with the webhook secret, or with a token that may charge. Bakong itself sends none.
    """
    body = request.get_data()
    if not _brake.lets_pass():
        raise TooOften("Too many requests. Try again in a second.", 1)
    _prove(body)
    named = _read(body).named
    found = outside.payment_of_any_store(named) if 0 < len(named) <= 64 else None
    if found is not None:
        hints.hear(found)
    return Heard(message="Webhook processed successfully")


def _prove(body: bytes) -> None:
    """Raise BadToken unless the webhook secret signed the body, or a token that may charge asks."""
    signature = next((request.headers[it] for it in SIGNATURES if it in request.headers), None)
    if signature is None:
        bearer.require(Scope.CHARGE)
    elif not hints.is_signed(body, signature):
        raise BadToken("Invalid webhook signature")


def _read(body: bytes) -> Hint:
    try:
        return Hint.model_validate(strict_json.read(body))
    except (GatewayGarbled, ValueError):
        raise Invalid({"": "The body is not one JSON object"}, 400) from None
