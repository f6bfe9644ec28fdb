"""What the till and the customer's display show now, as frozen values for their templates."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import func, select

from pos import clock
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.models import Display, GatewayTransaction, Payment, Shift
from pos.money import Money
from pos.reports import (
    announcing,
    attention,
    exceptions,
    newest,
    other_currency,
    recent,
    refunds,
    sounds,
    wording,
)
from pos.reports.exceptions import MoneyException
from pos.reports.glance import Glance
from pos.reports.other_currency import OtherCurrency
from pos.reports.recent import CashDone, RecentPayment
from pos.reports.sounds import SILENT, Sounds
from pos.states import UNVERIFIED

_ASKING = ("waiting", "failed", "checking", "cancelling")
_CLAIMABLE = (*_ASKING, "expired", "cancelled")
_OF_PAYMENT = ("creating", "waiting", "failed", "checking", "paid", "expired")
"""Where a display is about a payment; elsewhere nothing of one leaves the till."""
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


@dataclass(frozen=True, kw_only=True)
class TillScreen:
    """All that the payment panel of a till shows."""

    mark: str
    phase: str
    announce: str
    payment: PaymentView | None
    bank_trouble: bool
    worker_silent: bool
    unverified: int
    attention: tuple[MoneyException, ...]
    open_count: int
    recent: tuple[RecentPayment, ...]
    display_paired: bool
    cash: CashDone | None = None
    """What was last taken in cash, where that is newer than any payment."""
    receipt_of: int | None = None
    """The paid sale on the screen, whose receipt can be made."""
    sounds: Sounds = SILENT


@dataclass(frozen=True, kw_only=True)
class DisplayScreen:
    """All that a customer's display shows; nothing else of the till leaves it."""

    mark: str
    phase: str
    now: datetime
    pairing_code: str
    code_remaining_ms: int
    store_name: str
    till_name: str
    payment: PaymentView | None
    sounds: Sounds = SILENT
    other: OtherCurrency | None = None
    cash: CashDone | None = None
    """The cash sale that has just been settled, with its change."""


def till_screen(shift: Shift, glance: Glance) -> TillScreen:
    """Return the payment panel of the till where this shift is open."""
    shown = newest.shown(shift.till_id)
    cash = recent.cash_done(shift.id, after=shown.changed_at if shown else None)
    view = _view(shown, glance.phase) if shown and not cash and glance.phase != "idle" else None
    is_in_trouble = bool(view and view.trouble and glance.phase in _ASKING)
    undecided = exceptions.undecided(shift.till_id)
    said = announcing.announce(
        glance.phase, view.amount if view else None, in_trouble=is_in_trouble
    )
    return TillScreen(
        mark=glance.mark,
        phase="cash" if cash else glance.phase,
        announce=cash.announce if cash else said,
        payment=view,
        cash=cash,
        bank_trouble=is_in_trouble,
        worker_silent=glance.worker_silent,
        unverified=_unverified(shift.till_id, shown),
        attention=undecided,
        open_count=attention.count(shift.cashier),
        recent=recent.of_shift(shift.id),
        display_paired=_has_display(shift.till_id),
        receipt_of=cash.sale_id if cash else _paid_sale(shown, glance.phase),
        sounds=sounds.at_till(shift.till, glance.phase, shown if view else None, undecided),
    )


def _paid_sale(shown: Payment | None, phase: str) -> int | None:
    return shown.sale_id if shown and phase in ("paid", "marked") else None


def display_screen(display: Display, glance: Glance) -> DisplayScreen:
    """Return what a display shows for the phase that was glanced."""
    till = display.till
    shown = newest.shown(till.id) if till and glance.phase in _OF_PAYMENT else None
    ends = display.code_expires_at
    return DisplayScreen(
        mark=glance.mark,
        phase=glance.phase,
        now=clock.now(),
        pairing_code=display.pairing_code or "",
        code_remaining_ms=_ms_until(ends) if ends else 0,
        store_name=till.store.name if till else "",
        till_name=till.name if till else "",
        payment=_view(shown, glance.phase) if shown else None,
        sounds=sounds.at_display(display, glance.phase, shown),
        other=other_currency.of(shown.amount, shown.sale.rate) if shown else None,
        cash=_cash(glance) if glance.phase == "cash" else None,
    )


def _cash(glance: Glance) -> CashDone | None:
    return recent.cash_done(glance.shift_id, after=None) if glance.shift_id else None


def _view(payment: Payment, phase: str) -> PaymentView:
    money = _last_money(payment.id)
    held = payment.sale.amount - payment.amount
    can_refund = money is not None and money.left.minor > 0
    return PaymentView(
        tran_id=payment.tran_id,
        sale_number=payment.sale.number,
        amount=payment.amount,
        note=payment.sale.note,
        typed=payment.sale.typed if payment.sale.rounding_minor else None,
        qr_string=payment.qr_string or "",
        merchant_name=payment.till.store.merchant.name,
        made_at=payment.made_at,
        expires_at=payment.expires_at,
        remaining_ms=_ms_until(payment.expires_at),
        paid_at=payment.paid_at,
        payer=money.payer if money else "",
        received=money.amount if money else None,
        remark=wording.REMARK[payment.remark] if payment.remark else "",
        asked_at=payment.asked_at,
        answered_at=payment.answered_at,
        trouble=payment.trouble,
        trouble_text=wording.trouble_text(payment.trouble),
        trouble_says=payment.trouble_says,
        can_cancel=phase in ("waiting", "failed") and not held.minor,
        can_check=phase in _ASKING or phase in ("expired", "cancelled"),
        can_new_qr=phase in _RENEWABLE,
        can_claim=phase in _CLAIMABLE and payment.qr_string is not None and _has_receipts(payment),
        can_mark=phase in _ASKING and bool(payment.trouble),
        can_cash=phase in _RENEWABLE,
        held=held if held.minor else None,
        refund_text=refunds.deed_text(payment.account.gateway) if can_refund else "",
        gone_text=refunds.gone_text(money) if money else "",
        phone_url=_phone_url(payment),
        app_link=payment.deep_link and (_phone_url(payment) or payment.deep_link),
    )


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


def _ms_until(instant: datetime) -> int:
    return max(0, round((instant - clock.now()).total_seconds() * 1000))


def _unverified(till_id: int, shown: Payment | None) -> int:
    """Count the QRs given up whose last word is out, but for the one on the screen."""
    query = select(func.count(Payment.id)).where(
        Payment.till_id == till_id,
        Payment.status.in_(UNVERIFIED),
        Payment.id != (shown.id if shown else 0),
    )
    return db.session.scalar(query) or 0


def _has_display(till_id: int) -> bool:
    query = select(Display.id).where(Display.till_id == till_id).limit(1)
    return db.session.scalar(query) is not None
