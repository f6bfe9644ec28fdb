"""The queue of money that needs a person: what happened, what the bank says, what to do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import GatewayQuestion, GatewayTransaction, Payment, Resolution, User
from pos.money import Money
from pos.permissions import Right
from pos.reports.auditing import books_health
from pos.reports.closing import exceptions
from pos.reports.closing.exceptions import Item
from pos.reports.office import callback_alarms, disputes, refunds
from pos.reports.office.ages import length_text
from pos.reports.office.attention_wanted import ALL, OLD, Place, Wanted
from pos.reports.office.payment_events import ANSWER
from pos.reports.remembered import noted
from pos.reports.wording import REMARK, trouble_text
from pos.states import Remark, ResolutionKind, SaleStatus
from pos.words import Day, Words, _

TO_DO: dict[Remark, str] = {
    Remark.PAID_LATE: _("Accept it if the customer got the goods; otherwise send it back."),
    Remark.PAID_AFTER_CANCEL: _(
        "The sale was given up. Send the money back, or keep it if the customer leaves it."
    ),
    Remark.DUPLICATE: _("The sale was paid already. Send this money back."),
    Remark.UNDERPAID: _("Accept it if the rest was paid in cash; otherwise send it back."),
    Remark.OVERPAID: _("Accept it if the customer got the goods, and give back what is too much."),
    Remark.WRONG_CURRENCY: _("Accept it if it is worth the price; otherwise send it back."),
    Remark.WRONG_RECEIVER: _("It is not on the shop's account. Tell the bank, then write it off."),
    Remark.ODD_TIME: _(
        "Was the shop's clock wrong? Accept it if the customer paid at the counter."
    ),
    Remark.GIVEN_BACK: _("Look at the bank how much went back, and write it off."),
    Remark.MARK_DENIED: _("Look into the bank's own app. Accept only what is seen there."),
    Remark.UNCONFIRMED: _(
        "Look for it on the bank's statement. Keep it if it is there; else write"
        " it off. The sale stays paid."
    ),
}
"""What a manager should do about each kind of money."""

_NEXT = _("The money is to be sent back. When the bank's app shows the transfer, say so here.")

PAGE = 30
"""Items on one page."""


@dataclass(frozen=True, kw_only=True)
class BankNow:
    """What the bank said when it was last asked about a payment, as a word and its tone."""

    text: str
    tone: str
    at: datetime
    trouble_text: str


@dataclass(frozen=True, kw_only=True)
class DecisionLine:
    """One decision taken so far."""

    text: str
    at: datetime
    note: str


@dataclass(frozen=True, kw_only=True)
class AttentionItem:
    """One item of the queue; `money_id` is 0 where the bank reported no money."""

    payment_id: int
    tran_id: str
    money_id: int
    till_id: int
    till_name: str
    sale_number: int
    amount: Money
    received: Money | None
    remark: Remark
    happened: str
    bank_said: str
    bank_now: BankNow | None
    to_do: str
    at: datetime
    age_text: str
    is_old: bool
    last: ResolutionKind | None
    is_sale_open: bool
    decisions: tuple[DecisionLine, ...]


@dataclass(frozen=True)
class QueuePage:
    """A page of the queue, oldest first; `newer` is what the next begins after.

    `total` items fit, on this page and on all others.
    """

    items: tuple[AttentionItem, ...] = ()
    total: int = 0
    newer: Place | None = None


def count(user: User) -> int:
    """Return how much waits for this person: money, refunds, due disputes, alarms."""
    tills = exceptions.tills_of(user)
    alarms = len(callback_alarms.of_user(user))
    damaged = user.may(Right.SEE_FIGURES) and books_health.alarm() is not None
    money = exceptions.count_open(tills) + refunds.count_open(tills)
    return money + disputes.count_due(tills) + alarms + damaged


def queue(user: User, wanted: Wanted = ALL) -> QueuePage:
    """Return a page of what a person's tills have open: a manager sees the store's."""
    tills = exceptions.tills_of(user)
    found = exceptions.open_items(tills, *wanted.on_page(), most=PAGE + 1)
    is_whole = wanted.after is None and len(found) <= PAGE
    return QueuePage(
        items=tuple(_view(item) for item in found[:PAGE]),
        total=len(found) if is_whole else exceptions.count_open(tills, *wanted.fitting()),
        newer=_place(found[PAGE - 1]) if len(found) > PAGE else None,
    )


def of_payment(user: User, tran_id: str) -> AttentionItem | None:
    """Return the oldest open item of one payment, if this person may see it."""
    if not tran_id.isprintable():
        return None
    this = Payment.tran_id == tran_id
    items = exceptions.open_items(exceptions.tills_of(user), this, most=1)
    return _view(items[0]) if items else None


def _place(item: Item) -> Place:
    return item.at, item.payment.id, item.money.id if item.money else 0


def _view(item: Item) -> AttentionItem:
    payment, money = item.payment, item.money
    age = clock.now() - item.at
    last = item.decisions[-1].kind if item.decisions else None
    return AttentionItem(
        payment_id=payment.id,
        tran_id=payment.tran_id,
        money_id=money.id if money else 0,
        till_id=payment.till_id,
        till_name=payment.till.name,
        sale_number=payment.sale.number,
        amount=payment.amount,
        received=money.amount if money else None,
        remark=item.remark,
        happened=REMARK[item.remark],
        bank_said=_bank_said(payment, money),
        bank_now=_bank_now(payment.id),
        to_do=_NEXT if last is ResolutionKind.REFUND_REQUESTED else TO_DO[item.remark],
        at=item.at,
        age_text=length_text(age),
        is_old=age > OLD,
        last=last,
        is_sale_open=payment.sale.status is SaleStatus.OPEN,
        decisions=tuple(_decision(row) for row in item.decisions),
    )


def _bank_now(payment_id: int) -> BankNow | None:
    query = select(GatewayQuestion).where(GatewayQuestion.payment_id == payment_id)
    row = db.session.scalar(query.order_by(GatewayQuestion.id.desc()).limit(1))
    if row is None:
        return None
    text, tone = ANSWER.get(row.outcome, (row.outcome, "quiet"))
    why = trouble_text(row.trouble)
    return BankNow(text=text, tone=tone, at=row.asked_at, trouble_text=why)


def _decision(row: Resolution) -> DecisionLine:
    return DecisionLine(text=exceptions.decision_text(row), at=row.at, note=noted(row.note))


def _bank_said(payment: Payment, money: GatewayTransaction | None) -> str:
    if money is None:
        at = payment.answered_at or payment.changed_at
        return _("Asked at %(time)s, it had no payment for this QR.", time=_time(at))
    told = _("%(amount)s sent %(at)s", amount=money.amount, at=_day_time(money.paid_at))
    if money.payer:
        told = _("%(told)s, from %(payer)s", told=told, payer=money.payer)
    told = _(
        "%(told)s, to %(receiver)s, hash %(hash)s",
        told=told,
        receiver=money.receiver,
        hash=money.reference[:8],
    )
    if money.bank_reference:
        told = _("%(told)s, bank reference %(number)s", told=told, number=money.bank_reference)
    return _("%(told)s.", told=told)


def _time(instant: datetime) -> str:
    return clock.shop_time(instant).strftime("%H:%M:%S")


def _day_time(instant: datetime) -> str:
    local = clock.shop_time(instant)
    day = Day(local.date(), is_short=True)
    return Words("%(day)s, %(time)s", day=day, time=local.strftime("%H:%M:%S"))
