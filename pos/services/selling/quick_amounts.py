"""The amounts that a store's tills offer at one tap, as a manager set them."""

from sqlalchemy import delete, select

from pos.database import writing
from pos.errors import BadInput, NotAllowed
from pos.extensions import db
from pos.models import Deed, QuickAmount, Sale, Shift, User
from pos.money import Currency, Money
from pos.permissions import Right
from pos.services.auditing import audit
from pos.services.selling import keypad
from pos.services.shop.limits import Limits
from pos.words import _

LEAST, MOST = 4, 6
"""Amounts of one currency, where there are any: a row that fits the till."""

Amounts = dict[Currency, tuple[Money, ...]]


def of_store(store_id: int) -> Amounts:
    """Return the amounts of each currency in their order; none where none were set."""
    query = select(QuickAmount).where(QuickAmount.store_id == store_id)
    rows = db.session.scalars(query.order_by(QuickAmount.place)).all()
    return {
        currency: tuple(row.amount for row in rows if row.currency is currency)
        for currency in Currency
    }


def last_of(shift: Shift) -> Money | None:
    """Return the amount of a shift's newest sale, to be repeated; None where it has none."""
    query = select(Sale).where(Sale.shift_id == shift.id).order_by(Sale.number.desc()).limit(1)
    sale = db.session.scalar(query)
    return sale.amount if sale else None


def read(typed: str, currency: Currency, allowed: Limits) -> tuple[Money, ...]:
    """Return the amounts a person typed with spaces between, "1 2.50 5 10"; none for nothing.

    BadInput for too few, too many or one twice; BadAmount for one that cannot be charged as it is.
    """
    amounts = tuple(Money.read(one, currency) for one in typed.split())
    if amounts and not LEAST <= len(amounts) <= MOST:
        raise BadInput(
            _("Give %(least)s to %(most)s amounts, or none at all.", least=LEAST, most=MOST)
        )
    if len(set(amounts)) < len(amounts):
        raise BadInput(_("Each amount is given once."))
    for amount in amounts:
        keypad.check_limit(amount, allowed)
        if amount.to_step() != amount:
            raise BadInput(_("Riel go by hundreds: %(amount)s does not.", amount=amount))
    return amounts


def set_amounts(user: User, amounts: Amounts) -> None:
    """Put a store's amounts in place of those it had; NotAllowed for a cashier."""
    if not user.may(Right.MANAGE_SETTINGS):
        raise NotAllowed(_("Only managers set the quick amounts."))
    store_id, who = user.store_id, user.who
    with writing(db.session):
        was = of_store(store_id)
        db.session.execute(delete(QuickAmount).where(QuickAmount.store_id == store_id))
        for currency, row in amounts.items():
            for place, amount in enumerate(row, start=1):
                db.session.add(
                    QuickAmount(
                        store_id=store_id,
                        currency=currency,
                        place=place,
                        amount_minor=amount.minor,
                    )
                )
        told = {"was": _told(was), "now": _told(amounts)}
        audit.note(Deed.QUICK_AMOUNTS_SET, who, "", store_id, **told)


def _told(amounts: Amounts) -> str:
    return " ".join(str(amount) for row in amounts.values() for amount in row)
