"""A till that asks its customers for tips."""

from pos.extensions import db
from pos.models import Sale, TipAsk, User
from pos.services.selling import tip_asks, tips
from pos.services.selling.keypad import PLAIN
from pos.services.shop import displays
from tests.factories import new_key, open_shift, usd

PRICE = usd("3.50")


def asking_shift(shop):
    """Open a shift of a store that asks for tips, with a customer screen at its till."""
    return asking(shop, open_shift(shop))


def asking(shop, shift):
    """Let the store of a shift ask for tips, and show a customer screen of its till."""
    tips.set_asking(db.session.get_one(User, shop.manager.id), asks=True)
    displays.open_window(shift.till)
    return shift


def charge(shift, amount=PRICE, key="", keyed=PLAIN) -> TipAsk:
    """Charge as the till does, and return what the customer is asked."""
    tips.charge(shift, amount, key or new_key(), who="cashier:dara", keyed=keyed)
    return tip_asks.asking(shift.id)


def asked_in_vain(shop, shift) -> int:
    """Ask a customer, and give the sale up again: the number of the question."""
    ask = charge(asking(shop, shift))
    tips.cancel(ask)
    tips.set_asking(db.session.get_one(User, shop.manager.id), asks=False)
    return ask.id


def sales() -> list[tuple[int, int]]:
    """Return what each sale comes to, and the tip in it, as the books say now."""
    db.session.expire_all()
    told = db.session.query(Sale).order_by(Sale.id)
    return [(sale.amount_minor, sale.tip_minor) for sale in told]
