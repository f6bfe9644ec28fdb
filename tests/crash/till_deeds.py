"""What people decide and what cash does between two crashes: the services behind those forms."""

from sqlalchemy import select

from pos.cash import Cash
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayTransaction, Payment, Shift
from pos.reports.closing import drawer as report
from pos.services.bookkeeping import counting, drawer
from pos.services.refunding import refund_looks, refund_wishes, refunds
from pos.services.selling import tenders
from pos.services.settling import attention, claims
from pos.states import MovementKind, ResolutionKind
from tests import said
from tests.factories import Shop, mark, usd

WHO = "cashier:dara"
AMOUNT = usd("3.50")
BACK = usd("1")
"""Less than a third of a sale: a refund that is sent twice is not refused by the bank."""
PART = Cash(200, 0)
ALL = Cash(500, 0)


def money_of(payment_id: int) -> int:
    """Return the one piece of money of a payment."""
    query = select(GatewayTransaction.id).where(GatewayTransaction.payment_id == payment_id)
    return db.session.scalars(query).one()


def accept(payment_id: int, shop: Shop) -> int:
    """Accept money that was not right, as the manager decides; return the decision."""
    decision = attention.Decision(
        kind=ResolutionKind.ACCEPTED,
        reason="goods_given",
        note="",
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    return attention.resolve(payment_id, money_of(payment_id), decision, who=WHO).id


def claim(payment_id: int, receipt: str) -> bool:
    """Put the characters of a receipt before the bank; return whether that settled the sale."""
    return claims.claim(db.session.get_one(Payment, payment_id), receipt, who=WHO).is_settled


def call_paid(payment_id: int, shop: Shop) -> None:
    """Call a payment paid by hand."""
    mark(payment_id, shop)


def give_back(payment_id: int, key: str, shop: Shop) -> str:
    """Give a part of a payment back; return what came of it."""
    wish = refund_wishes.Wish(
        amount=BACK,
        reason="goods_back",
        note="",
        key=key,
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    return str(refunds.give_back(money_of(payment_id), wish, who=WHO).status)


def look_for_refunds() -> None:
    """Find out what became of refunds without an answer, as the worker does."""
    refund_looks.look_for_all()


def take_cash(shift_id: int, given: Cash, key: str) -> int:
    """Take cash for a sale, the rest by a QR; return the tender."""
    offer = tenders.Offer(given=given, rest_by_qr=True)
    return tenders.take_for_new_sale(shift_id, AMOUNT, offer, key, who=WHO).id


def pay_in(shift_id: int, key: str, cashier_id: int) -> int:
    """Put cash into the drawer; return the movement."""
    wish = drawer.Wish(
        kind=MovementKind.PAID_IN,
        cash=Cash(500, 8_000),
        reason="change_brought",
        asked_by_id=cashier_id,
    )
    return drawer.move(shift_id, wish, key).id


def count_and_close(shift_id: int, cash: Cash, key: str, person_id: int) -> int:
    """Count the drawer, again where it is off, and close the shift; return the report's number."""
    counting.begin(shift_id)
    counted = counting.Counted(pieces={}, other=cash)
    for turn in ("first", "second"):
        report = counting.submit(shift_id, counted, f"{key}-{turn}", counted_by_id=person_id)
        if report is not None:
            return report.number
    off = counting.Off(reason="unknown", note="", approved_by_id=person_id)
    return counting.close_off(shift_id, off, closed_by_id=person_id).number


def find_bank_down(payment_id: int) -> None:
    """Hear that the bank cannot be asked about a payment."""
    said.tell(db.session.get_one(Payment, payment_id), said.unknown(Trouble.DOWN))


def expected(shift_id: int) -> Cash:
    """Return what should be in a drawer."""
    return report.expected(db.session.get_one(Shift, shift_id))
