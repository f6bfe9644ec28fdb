"""Sales that another system registers: found by its own reference, and made once."""

import uuid
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from pos import clock
from pos.database import writing
from pos.errors import BadAmount, NotAllowed, NotFound, Taken
from pos.extensions import db
from pos.models import ApiToken, OutsideSale, Store
from pos.money import STEP, Currency, Money
from pos.plans import PlanKind
from pos.services.plans import making
from pos.services.selling import keypad
from pos.services.shop import limits

NOT_THERE = "There is no such sale."
NOTHING = "Invalid payment amount"
TOO_MUCH = "Payment amount exceeds maximum limit"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What another system wants paid, by its own reference; `number` is what people call it.

    With a `plan` the amount is the price before any discount.
    """

    reference: str
    number: str
    amount: Money
    customer: str = ""
    note: str = ""
    plan: PlanKind | None = None


def register(token: ApiToken, wanted: Wanted) -> tuple[OutsideSale, bool]:
    """Return the sale of a reference, and whether this call made it.

    The same reference again is the same sale. Taken where it stands for another amount, number,
    customer or plan; BadAmount for what nobody could pay; NotAllowed for another customer's sale.
    """
    refuse_bad_amount(wanted.amount, token.store_id)
    if token.customer and wanted.customer not in ("", token.customer):
        raise NotAllowed("This token reaches the sales of its own customer alone.")
    customer = wanted.customer or token.customer
    known = _of_reference(token.store_id, wanted.reference)
    if known is None:
        told = making.split_now(wanted.amount, wanted.plan) if wanted.plan else None
        row = _row(token, wanted, customer, told.total if told else wanted.amount)
        try:
            with writing(db.session):
                db.session.add(row)
                db.session.flush()
                if wanted.plan and told:
                    making.add(row, wanted.plan, told)
            return row, True
        except IntegrityError:
            known = _of_reference(token.store_id, wanted.reference)
            if known is None:
                raise Taken("This reference is another sale's id.") from None
    return _same(known, wanted, customer), False


def refuse_bad_amount(amount: Money, store_id: int) -> None:
    """Raise BadAmount for nothing, for riel that are no hundreds, for more than the store takes."""
    if amount.minor <= 0:
        raise BadAmount(NOTHING)
    if amount.currency is Currency.KHR and amount.minor % STEP:
        raise BadAmount(f"Riel go by hundreds: {STEP}, {2 * STEP}, and so on.")
    allowed = limits.of(db.session.get_one(Store, store_id))
    if amount.minor > allowed.largest(amount.currency).minor:
        raise BadAmount(TOO_MUCH)


def _row(token: ApiToken, wanted: Wanted, customer: str, amount: Money) -> OutsideSale:
    return OutsideSale(
        store_id=token.store_id,
        token_id=token.id,
        uid=_uid(wanted.reference),
        reference=wanted.reference,
        number=wanted.number,
        customer=customer,
        note=keypad.read_note(wanted.note),
        amount_minor=amount.minor,
        currency=amount.currency,
        made_at=clock.now(),
    )


def _uid(reference: str) -> str:
    """Return the uuid of a sale: its reference where that is one, unless it is taken."""
    try:
        own = str(uuid.UUID(reference))
    except ValueError:
        return str(uuid.uuid4())
    taken = db.session.scalar(select(OutsideSale.id).where(OutsideSale.uid == own))
    return own if own == reference and taken is None else str(uuid.uuid4())


def _same(known: OutsideSale, wanted: Wanted, customer: str) -> OutsideSale:
    plan = making.of(known)
    price, kind = (plan.price, plan.kind) if plan else (known.amount, None)
    told = (price, known.number, known.customer, kind)
    if told != (wanted.amount, wanted.number, customer, wanted.plan):
        raise Taken("This reference is registered with another amount, number, customer or plan.")
    return known


def _of_reference(store_id: int, reference: str) -> OutsideSale | None:
    query = select(OutsideSale).where(
        OutsideSale.store_id == store_id, OutsideSale.reference == reference
    )
    return db.session.scalar(query)


def find(token: ApiToken, name: str) -> OutsideSale:
    """Return a sale of the token's store by its uuid or its outside reference.

    NotFound for one of another store; NotAllowed for another customer's.
    """
    named = or_(OutsideSale.uid == name, OutsideSale.reference == name)
    query = select(OutsideSale).where(OutsideSale.store_id == token.store_id, named)
    # A reference may look like another sale's uuid: what a program sent itself comes first.
    found = sorted(db.session.scalars(query), key=lambda one: one.reference != name)
    if not found:
        raise NotFound(NOT_THERE)
    refuse_other_customer(token, found[0])
    return found[0]


def refuse_other_customer(token: ApiToken, sale: OutsideSale) -> None:
    """Raise NotAllowed where a token that reaches one customer's sales asks for another's."""
    if token.customer and token.customer != sale.customer:
        raise NotAllowed("This token reaches the sales of its own customer alone.")
