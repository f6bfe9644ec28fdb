"""The plan of a sale, written with the sale itself."""

from sqlalchemy import select

from pos.extensions import db, settings
from pos.models import Instalment, OutsideSale, Plan
from pos.money import Money
from pos.plans import PlanKind, Split, split


def split_now(price: Money, kind: PlanKind) -> Split:
    """Return a price in its instalments, by the discount of today; BadAmount for too little."""
    return split(price, kind, settings().plan_discount * 10)


def add(sale: OutsideSale, kind: PlanKind, told: Split) -> None:
    """Add the plan of a new sale with its instalments, within the open transaction."""
    plan = Plan(
        outside_id=sale.id,
        kind=kind,
        price_minor=told.price.minor,
        currency=told.price.currency,
        permille=settings().plan_discount * 10 if kind is PlanKind.FULL else 0,
    )
    db.session.add(plan)
    db.session.flush()
    for number, (name, amount) in enumerate(told.parts, 1):
        row = Instalment(plan_id=plan.id, number=number, name=name, currency=amount.currency)
        row.amount_minor = amount.minor
        db.session.add(row)


def of(sale: OutsideSale) -> Plan | None:
    """Return the plan of a sale; None where it is paid in one."""
    return db.session.scalar(select(Plan).where(Plan.outside_id == sale.id))
