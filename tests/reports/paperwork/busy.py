"""Books in which every kind of paper has something to tell."""

from pos.gateways.base import Trouble
from tests import said
from tests.books import Days
from tests.factories import charge, mark, set_rate, usd

SOLD = "khqr discounted tipped riel cash paid_out cash_back refund"
LATER = "refund cash_back give_up short late forget count_later khqr cash"


def busy_days(shop, clock):
    """All that reports tell of: short, closed by the system, counted later, corrected, marked."""
    set_rate(shop)
    days = Days(shop, clock).do(*SOLD.split())
    wrong = charge(days.shift, usd("4"))
    said.tell(wrong, said.paid(wrong, amount=usd("3.99")))
    marked = _marked(days, shop)
    clock.advance(600)
    said.tell(marked, said.paid(marked))
    said.tell(_marked(days, shop), said.NOT_FOUND)
    return days.do("give_up", "short", *LATER.split())


def _marked(days, shop):
    payment = charge(days.shift, usd("5"))
    said.tell(payment, said.unknown(Trouble.SILENT))
    mark(payment.id, shop)
    return payment
