"""Money of programs' sales that goes back: asked for, listed, and followed to its end."""

from datetime import datetime
from typing import Annotated, Literal

from flask import Blueprint
from pydantic import BaseModel, Field

from pos.errors import NotFound
from pos.models import Refund
from pos.money import Currency
from pos.reports.online import given_back, outside
from pos.services.online import orders, returning
from pos.states import RefundKind
from pos.web.api import bearer, once
from pos.web.api.bodies import Body
from pos.web.api.contract import Answer, answers, contract
from pos.web.api.shapes import Amount, Page, Reference, Text

bp = Blueprint("v1_refunds", __name__, url_prefix="/api/v1/refunds")
once.guard(bp)


class NewRefund(Body):
    """What is to go back, and who agrees to it."""

    payment_id: Reference
    amount: Amount | None = Field(None, description="All that is left, if not given.")
    reason: Literal["goods_back", "no_goods", "charged_wrong", "paid_twice", "other"]
    note: Annotated[Text, Field(max_length=500)] = Field("", description="Needed for `other`.")
    reference: Annotated[
        Reference,
        Field(
            min_length=4,
            description="By it this is one refund however often it is sent. For money at Bakong,"
            " which gives nothing back: the number of the transfer that a person made in the"
            " bank's app. For money at PayWay, your own number for this refund.",
        ),
    ]
    approver: Reference = Field(description="User name of another person, who agrees.")
    pin: Annotated[str, Field(pattern=r"^[0-9]{4,12}$", description="The approver's PIN.")]


class GivenBack(BaseModel):
    """One refund."""

    id: int
    payment_id: str
    status: Literal["sending", "unknown", "found", "done", "refused"] = Field(
        description="`unknown` until the bank says what came of it: it is never sent again."
    )
    made_by: Literal["gateway", "person"] = Field(description="Who sent the money.")
    amount: str
    currency: Currency
    reason: str
    note: str
    reference: str | None = Field(description="The transfer's, where a person made it.")
    made_at: datetime
    ended_at: datetime | None


class RefundPage(BaseModel):
    """Some refunds, the newest first."""

    data: list[GivenBack]
    next_cursor: str | None = Field(description="None at the end.")


@bp.post("")
@contract.validate(resp=answers(401, 403, 404, 409, HTTP_200=GivenBack), tags=["refunds"])
def ask(json: NewRefund) -> Answer:
    """Give money back, with another person's PIN; the answer says what came of it.

    At PayWay the bank sends it. At Bakong a person has, and it is written down.
    """
    me = bearer.caller()
    found = outside.payment_of(me.store_id, tran_id=json.payment_id)
    if found is None:
        raise NotFound("There is no such payment.")
    orders.refuse_other_customer(me, outside.outside_of(found))
    asked = returning.Asked(**json.model_dump(exclude={"payment_id"}))
    return _told(returning.give_back(found, asked, me))


@bp.get("")
@contract.validate(resp=answers(401, 403, HTTP_200=RefundPage), tags=["refunds"])
def refunds(query: Page) -> Answer:
    """List the refunds of the store's API sales, the newest first."""
    me = bearer.caller()
    rows = given_back.page(me.store_id, customer=me.customer, before=query.before, most=query.limit)
    last = str(rows[-1].id) if rows and len(rows) == query.limit else None
    return RefundPage(data=[_told(row) for row in rows], next_cursor=last)


@bp.get("/<int:refund_id>")
@contract.validate(resp=answers(401, 403, 404, HTTP_200=GivenBack), tags=["refunds"])
def refund(refund_id: int) -> Answer:
    """Tell of one refund as the books have it."""
    me = bearer.caller()
    row = given_back.one(me.store_id, refund_id)
    if row is None:
        raise NotFound("There is no such refund.")
    orders.refuse_other_customer(me, outside.outside_of(row.payment))
    return _told(row)


def _told(row: Refund) -> GivenBack:
    return GivenBack(
        id=row.id,
        payment_id=row.payment.tran_id,
        status=row.status.value,
        made_by="person" if row.kind is RefundKind.MANUAL else "gateway",
        amount=row.amount.plain,
        currency=row.currency,
        reason=row.reason,
        note=row.note,
        reference=row.reference or None,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )
