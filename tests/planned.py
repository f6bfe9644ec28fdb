"""Sales that are paid in parts: registered by a program, charged online or at a till, and paid."""

from sqlalchemy import select

from pos.extensions import db
from pos.models import OutsideSale, Payment, User
from pos.money import Money
from pos.permissions import Scope
from pos.plans import PlanKind
from pos.reports.online import planned
from pos.services.api import tokens
from pos.services.online import orders, paying
from pos.services.online.orders import Wanted
from pos.services.settling import payments
from tests import said
from tests.factories import usd

WHO = "api:1"


def register(
    shop, amount: Money | None = None, kind: PlanKind = PlanKind.DEPOSIT, reference: str = "B-1"
) -> OutsideSale:
    """Register a sale, a hundred dollars with a deposit."""
    owner = db.session.get_one(User, shop.manager.id)
    token = tokens.create(owner, "web shop", set(Scope), by="test")[0]
    wanted = Wanted(reference=reference, number="2025-001", amount=amount or usd("100"), plan=kind)
    return orders.register(token, wanted)[0]


def again() -> OutsideSale:
    """The one sale there is, as it is now."""
    db.session.rollback()
    return db.session.scalars(select(OutsideSale)).one()


def charge(sale: OutsideSale | None = None, **named) -> Payment:
    """Charge what is due at the online till."""
    return paying.pay(sale or again(), who=WHO, again_ok=True, **named)


def charge_at(shift_id: int, **named) -> Payment:
    """Charge what is due in a shift at a till."""
    return paying.begin(again().id, shift_id, who="cashier:dara", again_ok=True, **named)


def pay(payment: Payment) -> Payment:
    """Let the bank say that a payment was paid."""
    said.tell(payment, said.paid(payment))
    return payments.read(payment.id)


def pay_all() -> list[Payment]:
    """Charge and pay each part online that is left."""
    done = []
    while (view := planned.standing(again())) is not None and view.due.minor:
        done.append(pay(charge()))
    return done


def states() -> list[str]:
    view = planned.standing(again())
    return [str(one.state) for one in view.parts]


def sums() -> tuple[str, ...]:
    """What is paid, due, held, released and refunded."""
    view = planned.standing(again())
    told = view.paid, view.due, view.held, view.released, view.refunded
    return tuple(one.plain for one in told)
