"""Random days at a till: what people may do there, drawn by Hypothesis and done for real."""

import json
from collections import Counter
from contextlib import suppress

from hypothesis import strategies as st
from sqlalchemy import select

from pos.cash import Cash
from pos.errors import Refused
from pos.extensions import db
from pos.models import GatewayTransaction, Payment, Sale, User
from pos.money import Currency, Money
from pos.services.bookkeeping import counting, drawer, shifts
from pos.services.bookkeeping.counting import Counted, Off
from pos.services.bookkeeping.drawer import Wish
from pos.services.selling import checkout, discounts, tenders, tips
from pos.services.selling.discounts import Wish as Taken
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from pos.states import MovementKind
from tests import said, tipping
from tests.factories import charge, khr, new_key, set_rate, usd
from tests.refunding import give_back

AMOUNTS = st.one_of(
    st.integers(1, 4_000).map(lambda it: Money(it, Currency.USD)),
    st.integers(50, 160_000).map(lambda it: Money(it, Currency.KHR)),
)
NOTES = st.tuples(st.integers(0, 60), st.integers(0, 1_600)).map(
    lambda it: Cash(it[0] * 100, it[1] * 100)
)
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["cash", "all_riel", "split"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["discounted", "tipped", "tipped_in_cash"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["khqr", "instead", "split_given_up"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["refund", "bank_refund", "rate"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["wrong", "twice"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["paid_in", "paid_out", "no_sale"]), AMOUNTS, NOTES),
)


def rounded(typed):
    """Return an amount as the till charges it, and what it keeps of what was typed."""
    due = typed.to_step()
    return due, Keyed(rounding=due.minor - typed.minor)


class Day:
    """One shift, deed by deed; what is refused in words leaves nothing behind."""

    def __init__(self, shop, till=0):
        self.shop, self.refunds = shop, Counter()
        person = (shop.cashier, shop.manager)[till]
        floats = (usd("20"), khr("80000"))
        discounts.set_limit(db.session.get_one(User, shop.manager.id), 99)
        self.shift = shifts.open_shift(shop.till_ids[till], person.id, floats)

    def do(self, name, amount, notes):
        with suppress(Refused):
            getattr(self, name)(amount, notes)

    def _take(self, amount, notes, **how):
        offer = Offer(given=notes, **how)
        due, keyed = rounded(amount)
        typed = {"who": "dara", "keyed": keyed}
        return tenders.take_for_new_sale(self.shift.id, due, offer, new_key(), **typed).sale

    def cash(self, amount, notes):
        self._take(amount, notes)

    def all_riel(self, amount, notes):
        self._take(amount, notes, all_riel=True)

    def split(self, amount, notes):
        self._pay(self._take(amount, notes, rest_by_qr=True))

    def split_given_up(self, amount, notes):
        sale = self._take(amount, notes, rest_by_qr=True)
        payment = db.session.scalar(select(Payment).where(Payment.sale_id == sale.id))
        if payment is not None:
            tenders.give_back(payment, asked_by_id=self.shop.cashier.id, who="dara")

    def discounted(self, amount, notes):
        """Sell with 7.5 per cent off: by cash as far as it goes, and a QR over the rest."""
        off, permille = discounts.take_off(amount.to_step(), "7.5", "")
        one = {"before": amount.to_step(), "off": off, "permille": permille, "note": ""}
        wish = Taken(**one, reason="regular", given_by_id=self.shop.cashier.id)
        row = discounts.give(self.shift.id, wish, new_key())
        keyed = Keyed(discount_id=row.id, discount=row.minor)
        if not notes:
            pressed = checkout.charge(self.shift.id, row.after, new_key(), who="dara", keyed=keyed)
            return self._pay(pressed.sale)
        offer, by = Offer(given=notes, rest_by_qr=True), {"who": "dara", "keyed": keyed}
        taken = tenders.take_for_new_sale(self.shift.id, row.after, offer, new_key(), **by)
        return self._pay(taken.sale)

    def _asked_for_a_tip(self, amount):
        due, keyed = rounded(amount)
        ask = tipping.charge(tipping.asking(self.shop, self.shift), due, keyed=keyed)
        tips.choose(ask, max(ask.offers.values()))
        return checkout.live_payment(self.shift.till_id)

    def tipped(self, amount, _notes):
        self._pay(self._asked_for_a_tip(amount).sale)

    def tipped_in_cash(self, amount, notes):
        """A tip is chosen, and then cash is given for all of it instead of the QR."""
        payment = self._asked_for_a_tip(amount)
        try:
            offer = Offer(given=notes)
            tenders.take_for(payment, self.shift.id, offer, new_key(), who="dara")
        except Refused:
            checkout.cancel(payment, who="dara")

    def khqr(self, amount, _notes):
        due, keyed = rounded(amount)
        done = checkout.charge(self.shift.id, due, new_key(), who="cashier:dara", keyed=keyed)
        self._pay(done.sale)

    def instead(self, amount, notes):
        payment = charge(self.shift, amount)
        try:
            offer = Offer(given=notes)
            tenders.take_for(payment, self.shift.id, offer, new_key(), who="dara")
        except Refused:
            checkout.cancel(payment, who="dara")

    def _pay(self, sale):
        payment = db.session.scalar(select(Payment).where(Payment.sale_id == sale.id))
        if payment is not None:
            said.tell(payment, said.paid(payment))

    def refund(self, amount, _notes):
        mine = (Sale.shift_id == self.shift.id, Sale.status == "paid")
        query = select(Sale).where(*mine, Sale.currency == amount.currency).order_by(Sale.id)
        sale = db.session.scalars(query).first()
        if sale is not None:
            back = Money(min(amount.minor, sale.amount_minor), sale.currency)
            asked = self._wish(MovementKind.REFUND, Cash())
            drawer.refund(self.shift.id, sale.id, back, asked, new_key())
            self.refunds[str(sale.currency)] += back.minor

    def bank_refund(self, amount, _notes):
        """Some of the money that a bank reported goes back: of a sale, or of none."""
        query = (
            select(GatewayTransaction)
            .join(Payment)
            .where(
                Payment.till_id == self.shift.till_id,
                GatewayTransaction.currency == amount.currency,
            )
        )
        money = db.session.scalars(query.order_by(GatewayTransaction.id.desc())).first()
        if money is not None:
            back = Money(min(amount.minor, money.left.minor), money.currency)
            give_back(money.id, self.shop, back, reference=f"FT-{new_key()[-6:]}")

    def wrong(self, amount, _notes):
        payment = charge(self.shift, amount)
        more = Money(amount.minor + 1, amount.currency)
        said.tell(payment, said.paid(payment, amount=more))

    def twice(self, amount, _notes):
        payment = charge(self.shift, amount)
        for reference in (new_key(), new_key()):
            said.tell(payment, said.paid(payment, reference=reference))

    def rate(self, amount, _notes):
        set_rate(self.shop, 3_900 + amount.minor % 100, 4_000 + amount.minor % 100)

    def paid_in(self, _amount, notes):
        drawer.move(self.shift.id, self._wish(MovementKind.PAID_IN, notes), new_key())

    def paid_out(self, _amount, notes):
        drawer.move(self.shift.id, self._wish(MovementKind.PAID_OUT, notes), new_key())

    def no_sale(self, _amount, _notes):
        drawer.move(self.shift.id, self._wish(MovementKind.NO_SALE, Cash()), new_key())

    def _wish(self, kind, cash):
        by = {"asked_by_id": self.shop.cashier.id, "approved_by_id": self.shop.manager.id}
        return Wish(kind=kind, cash=cash, reason="other", note="a day", **by)

    def close(self, counted):
        counting.begin(self.shift.id)
        for _ in range(2):
            found = Counted(pieces={}, other=counted)
            by = self.shop.cashier.id
            report = counting.submit(self.shift.id, found, new_key(), counted_by_id=by)
            if report is not None:
                return json.loads(report.body)
        off = Off(reason="unknown", note="", approved_by_id=self.shop.manager.id)
        return json.loads(counting.close_off(self.shift.id, off, closed_by_id=by).body)
