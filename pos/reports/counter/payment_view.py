"""One payment as the till and the customer's display show it, with what can be done to it."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.models import GatewayTransaction, Payment
from pos.money import Money
from pos.reports import wording
from pos.reports.office import refunds
from pos.reports.remembered import again

ASKING = ("waiting", "failed", "checking", "cancelling")
"""Phases in which the bank is being asked."""

_CLAIMABLE = (*ASKING, "expired", "cancelled")
_RENEWABLE = ("waiting", "failed", "checking", "expired", "create_failed")


@dataclass(frozen=True, kw_only=True)
class PaymentView:
    """One payment as the till shows it; the flags say which buttons make sense.

    `trouble_says` is the gateway's own reason, where it gave one. `app_link` opens the QR in a
    bank's app on the device that shows it; the practice bank's app is a page.
    """

    tran_id: str
    sale_number: int
    amount: Money
    note: str
    typed: Money | None
    """What was typed, where riel were rounded to it."""
    before: Money | None
    """The price, where a discount of `off` was taken from it."""
    off: Money | None
    percent: str
    tip: Money | None
    """What the customer adds, which is in the amount; None for no tip."""
    qr_string: str
    merchant_name: str
    made_at: datetime
    expires_at: datetime
    remaining_ms: int
    paid_at: datetime | None
    payer: str
    received: Money | None
    remark: str
    asked_at: datetime | None
    answered_at: datetime | None
    trouble: str
    trouble_text: str
    trouble_says: str
    can_cancel: bool
    can_check: bool
    can_new_qr: bool
    can_claim: bool
    can_mark: bool
    can_cash: bool
    held: Money | None
    """The part of the sale that was taken in cash; the QR is over the rest."""
    refund_text: str
    gone_text: str
    """How much of its money has gone back, in words."""
    phone_url: str
    app_link: str

    @property
    def bare(self) -> Money:
        """The amount without its tip; a sale with a tip has one QR over all of it."""
        return self.amount - self.tip if self.tip else self.amount


def of(payment: Payment, phase: str) -> PaymentView:
    """Return a payment as the till shows it in a phase of its screen."""
    money = _last_money(payment.id)
    held = payment.sale.amount - payment.amount
    return PaymentView(
        tran_id=payment.tran_id,
        sale_number=payment.sale.number,
        amount=payment.amount,
        note=payment.sale.note,
        typed=payment.sale.typed if payment.sale.rounding_minor else None,
        before=payment.sale.discount.before if payment.sale.discount else None,
        off=payment.sale.discount.amount if payment.sale.discount else None,
        percent=payment.sale.discount.percent if payment.sale.discount else "",
        tip=payment.sale.tip if payment.sale.tip_minor else None,
        qr_string=payment.qr_string or "",
        merchant_name=payment.till.store.merchant.name,
        made_at=payment.made_at,
        expires_at=payment.expires_at,
        remaining_ms=ms_until(payment.expires_at),
        paid_at=payment.paid_at,
        payer=money.payer if money else "",
        received=money.amount if money else None,
        remark=wording.REMARK[payment.remark] if payment.remark else "",
        asked_at=payment.asked_at,
        answered_at=payment.answered_at,
        trouble=payment.trouble,
        trouble_text=wording.trouble_text(payment.trouble),
        trouble_says=again(payment.trouble_says),
        can_cancel=phase in ("waiting", "failed") and not held.minor,
        can_check=phase in ASKING or phase in ("expired", "cancelled"),
        can_new_qr=phase in _RENEWABLE,
        can_claim=phase in _CLAIMABLE and payment.qr_string is not None and _has_receipts(payment),
        can_mark=phase in ASKING and bool(payment.trouble),
        can_cash=phase in _RENEWABLE,
        held=held if held.minor else None,
        refund_text=_refund_text(payment, money),
        gone_text=refunds.gone_text(money) if money else "",
        phone_url=_phone_url(payment),
        app_link=payment.deep_link and (_phone_url(payment) or payment.deep_link),
    )


def _refund_text(payment: Payment, money: GatewayTransaction | None) -> str:
    """Return what the button for giving money back says; "" where there is none to give."""
    can_refund = money is not None and money.left.minor > 0
    return refunds.deed_text(payment.account.gateway) if can_refund else ""


def _has_receipts(payment: Payment) -> bool:
    """Whether the bank finds a transfer by the code of its receipt."""
    return capabilities_of(payment.account.gateway).can_find_by_receipt


def _phone_url(payment: Payment) -> str:
    """Return where the practice bank's phone opens this QR; "" with a real account."""
    if not payment.account.is_practice or not payment.qr_string:
        return ""
    return f"{payment.account.base_url}/phone?qr={quote(payment.qr_string)}"


def _last_money(payment_id: int) -> GatewayTransaction | None:
    query = (
        select(GatewayTransaction)
        .where(GatewayTransaction.payment_id == payment_id)
        .order_by(GatewayTransaction.id.desc())
    )
    return db.session.scalars(query.limit(1)).first()


def ms_until(instant: datetime) -> int:
    """Return the milliseconds that are left until an instant, 0 once it is past."""
    return max(0, round((instant - clock.now()).total_seconds() * 1000))
