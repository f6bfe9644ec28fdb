"""What a receipt says of money that went back: told when it is shown or printed, never stored.

The receipt itself stays as it was written. A paper says what was so when it was asked for, so
that the same printing reads the same for ever.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from pos.extensions import db
from pos.models import CashMovement, GatewayTransaction, Refund, Sale
from pos.money import Currency, Money
from pos.paper.document import Line, Section
from pos.reports.paperwork import receipt
from pos.reports.writing import moment
from pos.states import RefundKind, RefundStatus
from pos.words import _, joined


@dataclass(frozen=True, kw_only=True)
class Back:
    """One sum that went back to the payer, or is on its way where `at` is None."""

    amount: Money
    at: datetime | None
    in_cash: bool = False


def of_sale(sale: Sale, by: datetime) -> tuple[Back, ...]:
    """Return what of the money that paid a sale had gone back by an instant, oldest first.

    What was found at the bank counts once a manager has taken note of it. Money that paid no
    sale stands on no receipt, and neither does its refund.
    """
    query = (
        select(Refund)
        .join(GatewayTransaction, GatewayTransaction.id == Refund.transaction_id)
        .where(GatewayTransaction.settles_sale_id == sale.id, Refund.made_at <= by)
        .order_by(Refund.id)
    )
    found = [_back(one, by) for one in db.session.scalars(query)]
    moved = select(CashMovement).where(
        CashMovement.sale_id == sale.id, CashMovement.worth_minor > 0, CashMovement.at <= by
    )
    for one in db.session.scalars(moved.order_by(CashMovement.id)):
        worth = Money(one.worth_minor, sale.currency)
        found.append(Back(amount=worth, at=one.at, in_cash=True))
    return tuple(sorted((one for one in found if one), key=lambda one: one.at or by))


def _back(refund: Refund, by: datetime) -> Back | None:
    is_over = refund.ended_at is not None and refund.ended_at <= by
    if not is_over:
        # Only the gateway's own may be under way; it may have gone back and may not.
        is_sent = refund.kind is RefundKind.GATEWAY
        return Back(amount=refund.amount, at=None) if is_sent else None
    went_back = refund.status is RefundStatus.DONE
    return Back(amount=refund.amount, at=refund.ended_at) if went_back else None


def section(sale: Sale, by: datetime) -> Section | None:
    """Return the part of a receipt about refunds and what is left, None without any."""
    backs = of_sale(sale, by)
    if not backs:
        return None
    return Section(
        heading=_("Given back"), lines=(*(_line(one) for one in backs), *_left(sale, backs))
    )


def _line(one: Back) -> Line:
    if one.at is None:
        return Line(label=_("Being given back"), value=str(one.amount))
    when = moment(one.at)
    return Line(label=joined(_("in cash"), when) if one.in_cash else when, value=str(one.amount))


def _left(sale: Sale, backs: Iterable[Back]) -> Iterable[Line]:
    for gone, left in sums(sale, backs):
        yield Line(label=_("In all"), value=str(gone), is_strong=True)
        yield Line(label=_("Left of what was paid"), value=str(left), is_strong=True)


def sums(sale: Sale, backs: Iterable[Back]) -> Iterable[tuple[Money, Money]]:
    """Return what went back in all and what is left, in each currency of which some did."""
    gone: Counter[Currency] = Counter()
    for one in backs:
        gone[one.amount.currency] += one.amount.minor
    paid: Counter[Currency] = Counter()
    for tender in receipt.tenders(sale):
        paid[tender.amount.currency] += tender.amount.minor
    for currency, minor in gone.items():
        yield Money(minor, currency), Money(paid[currency] - minor, currency)
