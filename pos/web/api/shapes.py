"""What sales and payments look like to other programs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field

from pos.models import OutsideSale, Payment
from pos.money import Currency, Money
from pos.reports.online import outside
from pos.reports.online.outside import Word
from pos.web.api.bodies import Query
from pos.web.api.plan_shapes import PlanOut, plan_out
from pos.web.api.problems import Invalid


def _printable(text: str) -> str:
    if not text.isprintable() or text != text.strip():
        raise ValueError("It must be one line, without spaces around it")
    return text


Text = Annotated[str, AfterValidator(_printable)]
"""One line that can be shown and kept."""

Reference = Annotated[Text, Field(min_length=1, max_length=64)]
"""How another system calls a thing of its own."""

Amount = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{1,12}(\.[0-9]{1,2})?$",
        description='Text with the decimals of its currency: "12.50" dollars, "15000" riel.',
    ),
]

MOST = 100


class Page(Query):
    """Which part of a list."""

    cursor: str | None = Field(
        None, pattern=r"^[0-9]{1,9}$", description="`next_cursor` of the page before."
    )
    limit: int = Field(20, ge=1, le=MOST)

    @property
    def before(self) -> int | None:
        """The row that the page before ended with."""
        return int(self.cursor) if self.cursor else None


class PaymentOut(BaseModel):
    """One attempt to collect a sale."""

    id: str = Field(description="Our number for it, also in the QR.")
    uuid: str
    sale_id: str
    status: Literal["pending", "processing", "completed", "failed"]
    reason: str | None = Field(description="Our own word for its state, where it failed.")
    remark: str | None = Field(description="What else is to be known, such as paid_late.")
    amount: str
    currency: Currency
    qr_string: str | None = Field(description="None while the QR is made.")
    md5_hash: str | None = Field(description="By which Bakong knows the QR.")
    deep_link: str | None
    made_at: datetime
    expires_at: datetime
    paid_at: datetime | None


class SaleOut(BaseModel):
    """What another system wants paid; `amount` is all of it, whatever the plan."""

    id: str
    booking_id: str
    booking_number: str
    amount: str
    currency: Currency
    customer: str | None
    note: str | None
    status: Literal["open", "paid"]
    made_at: datetime
    payment: PaymentOut | None = Field(description="The newest attempt; the paid one where it is.")
    plan: PlanOut | None = Field(description="Its instalments, where it is paid in parts.")


class SalePage(BaseModel):
    """Some sales, the newest first."""

    data: list[SaleOut]
    next_cursor: str | None = Field(description="None at the end.")


class PaymentPage(BaseModel):
    """Some payments, the newest first."""

    data: list[PaymentOut]
    next_cursor: str | None = Field(description="None at the end.")


def iso(instant: datetime) -> str:
    """Return an instant as ISO 8601 in UTC with a Z."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def number(money: Money) -> float:
    """Return an amount as the JSON number that was agreed: written out it has its decimals."""
    return float(money.decimal)


def payment_out(payment: Payment, sale: OutsideSale | None = None) -> PaymentOut:
    """Return how a payment looks from outside."""
    word = outside.word_of(payment.status)
    of = sale or outside.outside_of(payment)
    return PaymentOut(
        id=payment.tran_id,
        uuid=outside.uuid_of(payment),
        sale_id=of.uid,
        status=word.value,
        reason=str(payment.status) if word is Word.FAILED else None,
        remark=str(payment.remark) if payment.remark else None,
        amount=payment.amount.plain,
        currency=payment.currency,
        qr_string=payment.qr_string,
        md5_hash=payment.lookup if payment.account.gateway == "bakong" else None,
        deep_link=payment.deep_link or None,
        made_at=payment.made_at,
        expires_at=payment.expires_at,
        paid_at=payment.paid_at,
    )


def sale_out(sale: OutsideSale) -> SaleOut:
    """Return how an outside sale looks, with its newest payment."""
    payment = outside.newest_payment(sale.id)
    return SaleOut(
        id=sale.uid,
        booking_id=sale.reference,
        booking_number=sale.number,
        amount=sale.amount.plain,
        currency=sale.currency,
        customer=sale.customer or None,
        note=sale.note or None,
        status="paid" if outside.is_paid(sale.id) else "open",
        made_at=sale.made_at,
        payment=payment_out(payment, sale) if payment else None,
        plan=plan_out(sale),
    )


def next_cursor(rows: Sequence[OutsideSale] | Sequence[Payment], most: int) -> str | None:
    """Return where the next page begins; None where these were the last."""
    return str(rows[-1].id) if len(rows) == most and rows else None


def refuse_long_name(name: str) -> None:
    """Raise Invalid for a name in an address that no sale can have."""
    if len(name) > 64 or not name.isprintable():
        raise Invalid({"id": "No sale has such a name."}, 404)
