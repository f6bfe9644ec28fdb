"""Money of a program's sale that goes back: as at a counter, with the word of two people."""

import hashlib
from dataclasses import dataclass, replace

from pos.errors import BadInput, NotAllowed, NotFound
from pos.models import ApiToken, Payment, Refund
from pos.money import Money
from pos.services.people import pins
from pos.services.refunding import refund_wishes, refunds


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a program asks to give back; `amount` None is all that is left.

    `approver` is the user name of who agrees, `pin` theirs.
    """

    amount: str | None
    reason: str
    note: str
    reference: str
    approver: str
    pin: str

    def __repr__(self) -> str:
        return f"<Asked {self.amount} {self.reason}>"


def give_back(payment: Payment, asked: Asked, token: ApiToken) -> Refund:
    """Give money of a payment back, in the name of the token's person and with another's PIN.

    The same transfer, by its reference, is one refund however often it is asked for. NotFound
    where no money came; BadInput, WrongPin or Refused where it may not be.
    """
    money = refund_wishes.money_of(payment.id)
    if money is None:
        raise NotFound("No money came by this payment.")
    wish = refund_wishes.Wish(
        amount=Money.read(asked.amount, money.currency) if asked.amount else money.left,
        reason=asked.reason,
        note=asked.note,
        key=_key(payment, asked),
        asked_by_id=token.owner_id,
        approved_by_id=_approver_id(token, asked.approver),
        reference=asked.reference,
    )
    known = refund_wishes.of_key(wish.key)
    if known is not None:
        return _same(known, asked)
    # All that is wrong is told before a PIN is tried.
    refund_wishes.refuse_bad(wish, by_hand=refund_wishes.is_by_hand(money))
    refund_wishes.refuse_unfit(money)
    if wish.amount.minor > money.left.minor:
        raise BadInput(f"At most {money.left.plain} can go back.")
    money_id, store_id, who = money.id, token.store_id, token.who
    agreed = pins.approve(wish.approved_by_id, asked.pin, payment.till_id, store_id)
    return refunds.give_back(money_id, replace(wish, approved_by_id=agreed.id), who=who)


def _same(known: Refund, asked: Asked) -> Refund:
    """Return a refund that was made before, unless another amount is named this time."""
    if asked.amount and Money.read(asked.amount, known.currency).minor != known.amount_minor:
        raise BadInput("This transfer is written down with another amount.")
    return known


def _key(payment: Payment, asked: Asked) -> str:
    told = f"{payment.tran_id}\n{asked.reference.strip()}".encode()
    return f"api-{hashlib.sha256(told).hexdigest()[:48]}"


def _approver_id(token: ApiToken, username: str) -> int:
    people = {one.username: one.id for one in pins.approvers(token.store_id)}
    if username not in people:
        raise NotAllowed("Nobody of this name may agree to it.")
    return people[username]
