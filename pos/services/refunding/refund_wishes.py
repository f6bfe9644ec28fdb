"""What may be given back, and what a form that asks for it must say."""

from dataclasses import dataclass

from sqlalchemy import select

from pos.errors import BadInput, Refused
from pos.extensions import db
from pos.gateways import capabilities_of
from pos.models import GatewayTransaction, Refund
from pos.money import Money
from pos.reports.closing import exceptions
from pos.services.refunding import refund_alone, refund_moves
from pos.states import REFUND_OPEN, ResolutionKind
from pos.words import _

MOST_NOTE = 500

REASONS = {
    "goods_back": _("The customer brought the goods back"),
    "no_goods": _("The goods were not given"),
    "charged_wrong": _("The wrong amount was charged"),
    "paid_twice": _("The customer paid more than once"),
    "other": _("Another reason, written below"),
}
"""Why money goes back, as the form lists it."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked for; `key` is the form's, so that it makes one refund.

    `reference` is the transfer's number at the bank, for one made by hand.
    """

    amount: Money
    reason: str
    note: str
    key: str
    asked_by_id: int
    approved_by_id: int
    reference: str = ""


def is_by_hand(money: GatewayTransaction) -> bool:
    """Return whether this money's gateway cannot give back, so that a person has to."""
    return not capabilities_of(money.gateway).can_refund


def money_of(payment_id: int, money_id: int | None = None) -> GatewayTransaction | None:
    """Return money of a payment: the one asked for, else what settled its sale, else the first."""
    query = select(GatewayTransaction).where(GatewayTransaction.payment_id == payment_id)
    if money_id is not None:
        return db.session.scalar(query.where(GatewayTransaction.id == money_id))
    first = query.order_by(GatewayTransaction.settles_sale_id.is_(None), GatewayTransaction.id)
    return db.session.scalars(first.limit(1)).first()


def of_key(key: str) -> Refund | None:
    """Return the refund that the form with this key has made."""
    return db.session.scalar(select(Refund).where(Refund.key == key))


def refuse_bad(wish: Wish, *, by_hand: bool) -> None:
    """Raise BadInput for an amount, reason, note, key, reference or approver that cannot be.

    Nobody records a transfer alone: who agrees is another person than who asks, but for the
    owner of a shop where nobody else may agree.
    """
    if wish.amount.minor <= 0:
        raise BadInput(_("Type the amount that goes back."))
    if not 16 <= len(wish.key) <= 64 or not (wish.key.isascii() and wish.key.isprintable()):
        raise BadInput(_("This form is not complete. Reload the page and try again."))
    if wish.reason not in REASONS:
        raise BadInput(_("Choose a reason."))
    note = wish.note.replace("\r", "").replace("\n", "")
    if len(wish.note) > MOST_NOTE or not note.isprintable():
        raise BadInput(_("A note has 500 characters at most, and no signs that do not print."))
    if wish.reason == "other" and not wish.note.strip():
        raise BadInput(_("Write the reason down."))
    reference = wish.reference.strip()
    if by_hand and not (4 <= len(reference) <= 128 and reference.isprintable()):
        raise BadInput(_("Write down the reference of the transfer, as the bank's app shows it."))
    if by_hand and wish.asked_by_id == wish.approved_by_id:
        refund_alone.refuse(wish.asked_by_id)


def refuse_unfit(money: GatewayTransaction) -> None:
    """Raise Refused where nothing of this money can go back from here."""
    if money.payment.remark in refund_moves.NOT_OURS and money.settles_sale_id is None:
        raise Refused(_("This money is not on the shop's account. It cannot be given back here."))
    decided = exceptions.decisions(money.payment_id, money.id)
    if decided and decided[-1].kind is ResolutionKind.REFUNDED and money.refunded_minor == 0:
        raise Refused(_("This money was sent back already, by a manager's decision."))
    if money.left.minor == 0:
        raise Refused(_("All of this money has gone back."))
    open_one = select(Refund.id).where(
        Refund.transaction_id == money.id,
        Refund.status.in_(REFUND_OPEN),
    )
    if db.session.scalar(open_one.limit(1)) is not None:
        raise Refused(_("A refund of this money is still open. Its end must be known first."))
