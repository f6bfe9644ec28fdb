"""Sales of other systems: registered by their own reference, listed, and their QRs made."""

from typing import Annotated

from flask import Blueprint
from pydantic import Field

from pos.errors import BadAmount
from pos.extensions import db
from pos.models import OutsideSale
from pos.money import Currency, Money
from pos.plans import PartName, PlanKind
from pos.reports.online import outside
from pos.services.online import orders, paying
from pos.services.online.orders import Wanted
from pos.services.plans import making, releasing
from pos.web.api import bearer, once
from pos.web.api.bodies import Body
from pos.web.api.contract import Answer, answers, contract
from pos.web.api.problems import Invalid
from pos.web.api.shapes import (
    Amount,
    Page,
    PaymentOut,
    Reference,
    SaleOut,
    SalePage,
    Text,
    next_cursor,
    payment_out,
    refuse_long_name,
    sale_out,
)

bp = Blueprint("v1_sales", __name__, url_prefix="/api/v1/sales")
once.guard(bp)


class NewSale(Body):
    """What another system wants paid."""

    booking_id: Reference = Field(description="Its own id there; once for each store.")
    booking_number: Reference | None = Field(None, description="What people call it there.")
    amount: Amount
    currency: Currency
    customer: Reference | None = Field(None, description="Whose it is, by that system's id.")
    note: Annotated[Text, Field(max_length=60)] = ""
    plan: PlanKind | None = Field(
        None,
        description="`full`: at once, for less; `deposit`: a half now; `milestones`: 50/25/25 %."
        " The amount is the price before any discount.",
    )


class Charge(Body):
    """Which instalment is to be paid."""

    instalment: PartName | None = Field(
        None, description="The one that is due where none is named; no other may be."
    )


@bp.post("")
@contract.validate(resp=answers(401, 403, 409, HTTP_200=SaleOut, HTTP_201=SaleOut), tags=["sales"])
def register(json: NewSale) -> Answer:
    """Register a sale by its outside reference.

    201 the first time; 200 with the same sale for the same reference again; 409 where the
    reference stands for another amount, number, customer or plan.
    """
    sale, is_new = orders.register(bearer.caller(), _wanted(json))
    return sale_out(sale), 201 if is_new else 200


def _wanted(json: NewSale) -> Wanted:
    try:
        amount = Money.read(json.amount, json.currency)
        orders.refuse_bad_amount(amount, bearer.caller().store_id)
        if json.plan is not None:
            making.split_now(amount, json.plan)
    except BadAmount as problem:
        raise Invalid({"amount": str(problem.text)}) from None
    return Wanted(
        reference=json.booking_id,
        number=json.booking_number or json.booking_id,
        amount=amount,
        customer=json.customer or "",
        note=json.note,
        plan=json.plan,
    )


@bp.get("")
@contract.validate(resp=answers(401, 403, HTTP_200=SalePage), tags=["sales"])
def sales(query: Page) -> Answer:
    """List the store's sales that came by the API, the newest first."""
    me = bearer.caller()
    rows = outside.page_of_sales(
        me.store_id, customer=me.customer, before=query.before, most=query.limit
    )
    return SalePage(
        data=[sale_out(one) for one in rows], next_cursor=next_cursor(rows, query.limit)
    )


@bp.get("/<sale_id>")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=SaleOut), tags=["sales"])
def sale(sale_id: str) -> Answer:
    """Tell of one sale, by its id or its booking_id."""
    refuse_long_name(sale_id)
    return sale_out(orders.find(bearer.caller(), sale_id))


@bp.post("/<sale_id>/payments")
@contract.validate(
    resp=answers(401, 403, 404, HTTP_200=PaymentOut, HTTP_201=PaymentOut), tags=["sales"]
)
def pay(sale_id: str, json: Charge) -> Answer:
    """Make the QR by which a sale is paid, or the instalment of it that is due.

    200 with the same payment while its QR can still be paid. 422 where the sale or the named
    instalment is paid, another comes first, or the last word on another payment is still out.
    """
    refuse_long_name(sale_id)
    me = bearer.caller()
    found = orders.find(me, sale_id)
    outside_id, before = found.id, outside.newest_payment(found.id)
    before_id = before.id if before else 0
    payment = paying.pay(found, who=me.who, again_ok=True, instalment=json.instalment)
    row = db.session.get_one(OutsideSale, outside_id)
    return payment_out(payment, row), 200 if payment.id == before_id else 201


@bp.post("/<sale_id>/complete")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=SaleOut), tags=["sales"])
def complete(sale_id: str) -> Answer:
    """Release what is held of a sale that is paid in full; once, however often it is asked.

    422 while a part is not paid, or some of its money may be on its way back.
    """
    refuse_long_name(sale_id)
    me = bearer.caller()
    found = orders.find(me, sale_id)
    outside_id = found.id
    releasing.complete(found, who=me.who)
    return sale_out(db.session.get_one(OutsideSale, outside_id))
