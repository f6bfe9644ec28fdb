"""The payments of the store on the screen: found by filters and words, and one by one."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import select

from pos import clock
from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db, settings
from pos.models import GatewayAccount, Till, User
from pos.money import Currency
from pos.permissions import Right
from pos.reports import wording
from pos.reports.office import payment_page, payment_timeline, payment_words, payments
from pos.reports.office.payment_search import Found, Wanted
from pos.reports.office.payments import PaymentPage
from pos.states import PaymentStatus, Remark
from pos.web import places
from pos.words import _

bp = Blueprint("payments", __name__, url_prefix="/payments")

Word = TypeVar("Word", bound=StrEnum)

_FIELDS = (*("text", "state", "remark", "gateway", "till", "cashier", "currency", "first", "last"),)


@dataclass(frozen=True)
class Lists:
    """What the filters offer: by the word that is sent, what is read."""

    state: dict[str, str]
    remark: dict[str, str]
    gateway: dict[str, str]
    till: dict[str, str]
    cashier: dict[str, str]
    currency: dict[str, str]


@bp.get("", endpoint="payments")
def payment_list() -> ResponseReturnValue:
    """List payments, newest first; with 422 and none of them for what cannot be asked."""
    me: User = current_user.user
    if not me.may(Right.SEE_ALL_TILLS):
        return _page(me, payments.last_of_shift(me))
    asked = {name: request.args.get(name, "")[: payment_words.LONGEST].strip() for name in _FIELDS}
    asked = {name: typed for name, typed in asked.items() if typed}
    lists = _lists(me)
    try:
        found = payments.page(_wanted(me, asked, lists), _today())
    except Refused as problem:
        return _page(me, PaymentPage(), asked, lists, problem)
    return _page(me, found, asked, lists)


@bp.get("/<tran_id>")
def payment(tran_id: str) -> ResponseReturnValue:
    """Show one payment with all that happened to it; 404 for one that is not the person's."""
    me: User = current_user.user
    found = payments.visible(me, tran_id)
    if found is None:
        raise NotFound(_("There is no such payment."))
    return render_template(
        "payments/payment.html",
        store_name=me.store.name,
        one=payment_page.of_payment(found, me),
        pretty=payment_timeline.pretty,
    )


def _page(
    me: User,
    page: PaymentPage,
    asked: dict[str, str] | None = None,
    lists: Lists | None = None,
    problem: Refused | None = None,
) -> ResponseReturnValue:
    asked = asked or {}
    return render_template(
        "payments/payments.html",
        store_name=me.store.name,
        page=page,
        asked=asked,
        lists=lists,
        earlier=_earlier(page, asked),
        older=_cursor(page.older),
        month=(str(_today().replace(day=1)), str(_today())),
        error=problem.text if problem else "",
    ), problem.status if problem else 200


def _earlier(page: PaymentPage, asked: dict[str, str]) -> dict[str, str]:
    """Return what asks for the days before those that were looked at; nothing at their end."""
    window = page.window
    if window is None or window.first is None or asked.get("first", "") == str(window.first):
        return {}
    return {**asked, "last": str(window.first - timedelta(days=1))}


def _today() -> date:
    return clock.business_date(clock.now(), settings().day_starts_hour)


def _lists(me: User) -> Lists:
    accounts = select(GatewayAccount.gateway).where(
        GatewayAccount.merchant_id == me.store.merchant_id
    )
    tills = select(Till).where(Till.store_id == me.store_id).order_by(Till.name)
    people = select(User).where(User.store_id == me.store_id).order_by(User.display_name)
    return Lists(
        state={str(one): wording.STATUS[one][0] for one in PaymentStatus},
        remark={str(one): wording.REMARK[one] for one in Remark},
        gateway={name: name for name in sorted(set(db.session.scalars(accounts)))},
        till={str(till.id): till.name for till in db.session.scalars(tills)},
        cashier={str(one.id): one.display_name for one in db.session.scalars(people)},
        currency={str(one): str(one) for one in Currency},
    )


def _wanted(me: User, asked: dict[str, str], lists: Lists) -> Wanted:
    for name, offered in vars(lists).items():
        if name in asked and asked[name] not in offered:
            raise BadInput(_("Choose from the lists."))
    first, last = _day(asked.get("first")), _day(asked.get("last"))
    if first and last and first > last:
        raise BadInput(_("The first day is after the last."))
    return Wanted(
        store_id=me.store_id,
        text=asked.get("text", ""),
        state=_one(PaymentStatus, asked.get("state")),
        remark=_one(Remark, asked.get("remark")),
        gateway=asked.get("gateway", ""),
        till_id=int(asked.get("till", 0)),
        cashier_id=int(asked.get("cashier", 0)),
        currency=_one(Currency, asked.get("currency")),
        first=first,
        last=last,
        before=_before(request.args.get("before")),
    )


def _one(kind: type[Word], typed: str | None) -> Word | None:
    return kind(typed) if typed else None


def _day(typed: str | None) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise BadInput(_("Choose a day.")) from None


def _cursor(found: Found | None) -> str:
    """Write where a page ends, as an address has it."""
    return places.write(*found) if found else ""


def _before(typed: str | None) -> Found | None:
    if not typed:
        return None
    try:
        at, (payment_id,) = places.read(typed, ids=1)
    except ValueError:
        raise BadInput(_("Begin at the newest payment.")) from None
    return at, payment_id
