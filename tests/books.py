"""Days of a till for tests of the books: sales, cash, refunds, closes, corrections, and damage."""

from contextlib import suppress

from sqlalchemy import select, text

from pos.cash import Cash
from pos.errors import Refused
from pos.extensions import db
from pos.models import Sale, Shift, User, ZReport
from pos.reports.auditing import books
from pos.reports.closing import drawer
from pos.services.bookkeeping import auto_close, counting, recounts
from pos.services.bookkeeping import drawer as drawers
from pos.services.bookkeeping.counting import Counted, Off
from pos.services.bookkeeping.drawer import Wish
from pos.services.bookkeeping.recounts import Recount
from pos.services.selling import checkout, discounts, tenders, tips
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from pos.states import MovementKind
from tests import said, tipping
from tests.factories import charge, close_shift, khr, new_key, open_shift, usd
from tests.refunding import give_back, money_of
from tests.tampering import unguarded

FLOATS = (usd("20"), khr("80000"))


def off(shop, reason="unknown", note=""):
    return Off(reason=reason, note=note, approved_by_id=shop.manager.id)


def count_later(shop, shift_id, dollars=20, riel=80_000, key=""):
    counted = Counted(pieces={}, other=Cash(dollars * 100, riel))
    people = {"entered_by_id": shop.manager.id, "approved_by_id": shop.manager.id}
    wish = Recount(counted=counted, reason="not_counted", note="", key=key or new_key(), **people)
    return recounts.count(shift_id, wish)


class Days:
    """A till, deed by deed. `deeds` are words; what is refused leaves nothing behind."""

    def __init__(self, shop, clock):
        self.shop, self.clock = shop, clock
        # A real clock tells microseconds, of which the books keep the milliseconds.
        clock.advance(microseconds=987_654)
        self.shift = open_shift(shop, floats=FLOATS)
        self.given_up = []

    def do(self, *deeds):
        for deed in deeds:
            self.clock.advance(60)
            with suppress(Refused):
                getattr(self, deed)()
        return self

    def khqr(self):
        payment = charge(self.shift, usd("3.50"))
        said.tell(payment, said.paid(payment))

    def discounted(self):
        discounts.set_limit(db.session.get_one(User, self.shop.manager.id), 10)
        by, price = self.shop.cashier.id, usd("10")
        off = {"off": usd("0.75"), "permille": 75, "reason": "regular", "note": ""}
        wish = discounts.Wish(before=price, given_by_id=by, **off)
        row = discounts.give(self.shift.id, wish, new_key())
        keyed = Keyed(discount_id=row.id, discount=row.minor)
        payment = checkout.charge(self.shift.id, row.after, new_key(), who="dara", keyed=keyed)
        said.tell(payment, said.paid(payment))

    def tipped(self):
        ask = tipping.charge(tipping.asking(self.shop, self.shift))
        tips.choose(ask, 35)
        payment = checkout.live_payment(self.shift.till_id)
        said.tell(payment, said.paid(payment))

    def riel(self):
        payment = charge(self.shift, khr("6000"))
        said.tell(payment, said.paid(payment))

    def cash(self):
        offer = Offer(given=Cash(500, 0))
        tenders.take_for_new_sale(self.shift.id, usd("3"), offer, new_key(), who="dara")

    def paid_out(self):
        people = {"asked_by_id": self.shop.cashier.id, "approved_by_id": self.shop.manager.id}
        wish = Wish(kind=MovementKind.PAID_OUT, cash=Cash(100, 0), reason="supplies", **people)
        drawers.move(self.shift.id, wish, new_key())

    def cash_back(self):
        people = {"asked_by_id": self.shop.cashier.id, "approved_by_id": self.shop.manager.id}
        wish = Wish(kind=MovementKind.REFUND, cash=Cash(), reason="goods_back", **people)
        for sale in db.session.scalars(select(Sale).order_by(Sale.id)).all():
            left = drawers.refundable(sale)
            if left.minor and sale.till_id == self.shift.till_id:
                drawers.refund(self.shift.id, sale.id, left, wish, new_key())
                return

    def refund(self):
        sales = select(Sale.id).where(Sale.status == "paid").order_by(Sale.id)
        for sale_id in db.session.scalars(sales).all():
            find = text("SELECT id FROM gateway_transaction WHERE settles_sale_id = :sale")
            for money_id in db.session.scalars(find, {"sale": sale_id}).all():
                with suppress(Refused):
                    give_back(money_id, self.shop, "1", reference=f"FT-{new_key()[-6:]}")
                    return

    def give_up(self):
        payment = charge(self.shift, usd("2"))
        checkout.cancel(payment, who="dara")
        self.given_up.append((payment, self.clock.time))

    def late(self):
        payment, sent = self.given_up.pop(0) if self.given_up else (None, None)
        if payment is not None:
            db.session.expire_all()
            said.tell(payment, said.paid(payment, paid_at=sent))

    def close(self):
        close_shift(self.shift, self.shop.cashier)
        self._open()

    def short(self):
        counting.begin(self.shift.id)
        for _ in range(2):
            counted = Counted(pieces={}, other=Cash(0, 100))
            by = self.shop.cashier.id
            counting.submit(self.shift.id, counted, new_key(), counted_by_id=by)
        counting.close_off(self.shift.id, off(self.shop), closed_by_id=self.shop.manager.id)
        self._open()

    def forget(self):
        self.clock.advance(hours=17)
        auto_close.close_forgotten()
        self._open()

    def count_later(self):
        last = select(Shift.id).where(Shift.closed_at.is_not(None)).order_by(Shift.id.desc())
        shift_id = db.session.scalar(last.limit(1))
        if shift_id is not None:
            count_later(self.shop, shift_id)

    def _open(self):
        db.session.expire_all()
        if self.shift.closed_at is not None:
            self.shift = open_shift(self.shop, floats=FLOATS)


class Undone(Exception):
    """Takes back what was damaged, once it was looked at."""


def found_after(*damage, **values):
    """Damage the books, return what is found as {record: fields}, and take all back."""
    tables = (
        "z_report",
        "correction",
        "tender",
        "cash_movement",
        "cash_count",
        "receipt",
        "discount",
        "plan",
        "plan_release",
    )
    told: dict[str, set[str]] = {}
    with suppress(Undone), unguarded(*tables) as connection:
        for command in damage:
            assert connection.execute(text(command), values).rowcount > 0, command
        db.session.expire_all()
        for one in books.verify().damages:
            if one.till != "Database":
                told.setdefault(one.record, set()).add(one.field)
        raise Undone
    db.session.expire_all()
    return told


def reports():
    return list(db.session.scalars(select(ZReport).order_by(ZReport.id)))


__all__ = ["Days", "count_later", "drawer", "found_after", "money_of", "reports"]
