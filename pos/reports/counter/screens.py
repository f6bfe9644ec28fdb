"""What the till and the customer's display show now, as frozen values for their templates."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pos import clock
from pos.extensions import db
from pos.models import Display, Payment, Shift
from pos.reports.closing import exceptions
from pos.reports.closing.exceptions import MoneyException
from pos.reports.counter import (
    announcing,
    newest,
    offered_receipt,
    other_currency,
    payees,
    payment_view,
    phases,
    recent,
    sounds,
    tip_view,
)
from pos.reports.counter.glance import Glance
from pos.reports.counter.offered_receipt import OfferedReceipt
from pos.reports.counter.other_currency import OtherCurrency
from pos.reports.counter.payees import PayeeNotice
from pos.reports.counter.payment_view import PaymentView, ms_until
from pos.reports.counter.phases import TIP
from pos.reports.counter.recent import CashDone, RecentPayment
from pos.reports.counter.sounds import SILENT, Sounds
from pos.reports.counter.tip_view import TipView
from pos.reports.office import attention
from pos.states import UNVERIFIED

_OF_PAYMENT = ("creating", "waiting", "failed", "checking", "paid", "expired")
"""Where a display is about a payment; elsewhere nothing of one leaves the till."""

RECEIPT = "receipt"


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
    payees: tuple[PayeeNotice, ...] = ()
    """Who else is paid since yesterday."""
    locked_ms: int = 0
    """For how long yet a touch must not take the result off the screens."""
    sounds: Sounds = SILENT
    tip: TipView | None = None
    """What the customer is asked, before there is a payment."""


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
    receipt: OfferedReceipt | None = None
    """The sale whose receipt the customer may take along."""
    tip: TipView | None = None


def till_screen(shift: Shift, glance: Glance) -> TillScreen:
    """Return the payment panel of the till where this shift is open."""
    shown = newest.shown(shift.till_id)
    tip = tip_view.of_shift(shift.id) if glance.phase == TIP else None
    cash = _last_cash(shift, shown) if glance.phase != TIP else None
    view = (
        payment_view.of(shown, glance.phase)
        if shown and not cash and glance.phase not in ("idle", TIP)
        else None
    )
    is_in_trouble = bool(view and view.trouble and glance.phase in payment_view.ASKING)
    undecided = exceptions.undecided(shift.till_id)
    about = view or tip
    said = announcing.announce(
        glance.phase, about.amount if about else None, in_trouble=is_in_trouble
    )
    return TillScreen(
        mark=glance.mark,
        phase="cash" if cash else glance.phase,
        announce=cash.announce if cash else said,
        payment=view,
        cash=cash,
        tip=tip,
        bank_trouble=is_in_trouble,
        worker_silent=glance.worker_silent,
        unverified=_unverified(shift.till_id, shown),
        attention=undecided,
        open_count=attention.count(shift.cashier),
        recent=recent.of_shift(shift.id),
        display_paired=has_display(shift.till_id),
        receipt_of=cash.sale_id if cash else _paid_sale(shown, glance.phase),
        payees=payees.of_store(shift.till.store_id),
        locked_ms=_locked_ms(shown, glance.phase, cash),
        sounds=sounds.at_till(shift.till, glance.phase, shown if view else None, undecided),
    )


def _last_cash(shift: Shift, shown: Payment | None) -> CashDone | None:
    return recent.cash_done(shift.id, after=shown.changed_at if shown else None)


def _paid_sale(shown: Payment | None, phase: str) -> int | None:
    return shown.sale_id if shown and phase in ("paid", "marked") else None


def _locked_ms(shown: Payment | None, phase: str, cash: CashDone | None) -> int:
    """Return what is left of the seconds in which a result stays, whoever touches what."""
    if cash is not None:
        return ms_until(cash.at + phases.PAID_LOCKED)
    return ms_until(shown.changed_at + phases.PAID_LOCKED) if shown and phase == "paid" else 0


def display_screen(display: Display, glance: Glance) -> DisplayScreen:
    """Return what a display shows for the phase that was glanced."""
    till = display.till
    newest_one = newest.shown(till.id) if till and glance.phase in (*_OF_PAYMENT, RECEIPT) else None
    shown = newest_one if glance.phase in _OF_PAYMENT else None
    ends = display.code_expires_at
    return DisplayScreen(
        mark=glance.mark,
        phase=glance.phase,
        now=clock.now(),
        pairing_code=display.pairing_code or "",
        code_remaining_ms=ms_until(ends) if ends else 0,
        store_name=till.store.name if till else "",
        till_name=till.name if till else "",
        payment=payment_view.of(shown, glance.phase) if shown else None,
        sounds=sounds.at_display(display, glance.phase, shown),
        other=other_currency.of(shown.amount, shown.sale.rate) if shown else None,
        cash=_cash(glance) if glance.phase == "cash" else None,
        receipt=offered_receipt.of(glance, newest_one) if glance.phase == RECEIPT else None,
        tip=tip_view.of_shift(glance.shift_id) if glance.phase == TIP else None,
    )


def _cash(glance: Glance) -> CashDone | None:
    return recent.cash_done(glance.shift_id, after=None) if glance.shift_id else None


def _unverified(till_id: int, shown: Payment | None) -> int:
    """Count the QRs given up whose last word is out, but for the one on the screen."""
    query = select(func.count(Payment.id)).where(
        Payment.till_id == till_id,
        Payment.status.in_(UNVERIFIED),
        Payment.id != (shown.id if shown else 0),
    )
    return db.session.scalar(query) or 0


def has_display(till_id: int) -> bool:
    """Return whether a customer's screen follows this till."""
    query = select(Display.id).where(Display.till_id == till_id).limit(1)
    return db.session.scalar(query) is not None
