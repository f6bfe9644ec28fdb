"""Random days of cash: what a Z report says is what its rows come to, to the riel."""

import json
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from pos.cash import Cash
from pos.errors import Refused
from pos.extensions import db
from pos.models import Payment, Sale
from pos.money import Currency, Money
from pos.services import checkout, counting, drawer, tenders
from pos.services.counting import Counted, Off
from pos.services.drawer import Wish
from pos.services.tenders import Offer
from pos.states import MovementKind
from tests import said
from tests.factories import charge, khr, new_key, open_shift, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

AMOUNTS = st.one_of(
    st.integers(1, 4_000).map(lambda it: Money(it, Currency.USD)),
    st.integers(50, 160_000).map(lambda it: Money(it, Currency.KHR)),
)
NOTES = st.tuples(st.integers(0, 60), st.integers(0, 1_600)).map(
    lambda it: Cash(it[0] * 100, it[1] * 100)
)
DEEDS = st.one_of(
    st.tuples(st.sampled_from(["cash", "all_riel", "split"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["khqr", "instead", "split_given_up"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["refund", "rate"]), AMOUNTS, NOTES),
    st.tuples(st.sampled_from(["paid_in", "paid_out", "no_sale"]), AMOUNTS, NOTES),
)


class Day:
    """One shift, deed by deed; what is refused in words leaves nothing behind."""

    def __init__(self, shop):
        self.shop, self.refunds = shop, Counter()
        self.shift = open_shift(shop, floats=(usd("20"), khr("80000")))

    def do(self, name, amount, notes):
        with suppress(Refused):
            getattr(self, name)(amount, notes)

    def _take(self, amount, notes, **how):
        offer = Offer(given=notes, **how)
        return tenders.take_for_new_sale(self.shift.id, amount, offer, new_key(), who="dara").sale

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

    def khqr(self, amount, _notes):
        self._pay(charge(self.shift, amount).sale)

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
        query = select(Sale).where(Sale.shift_id == self.shift.id, Sale.status == "paid")
        for sale in db.session.scalars(query).all():
            back = Money(min(amount.minor, sale.amount_minor), sale.currency)
            asked = self._wish(MovementKind.REFUND, Cash())
            drawer.refund(self.shift.id, sale.id, back, asked, new_key())
            self.refunds[str(sale.currency)] += back.minor
            return

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


def rows(query, shift_id):
    return [tuple(map(int, row)) for row in db.session.execute(text(query), {"it": shift_id})]


def drawers(shift_id):
    """Each drawer from the bare rows: float, and every note that came or went."""
    sums = rows("SELECT float_usd_minor, float_khr_minor FROM shift WHERE id = :it", shift_id)
    sums += rows(
        """SELECT given_usd_minor - change_usd_minor, given_khr_minor - change_khr_minor
        FROM tender WHERE shift_id = :it""",
        shift_id,
    )
    sums += rows(
        """SELECT usd_minor * way, khr_minor * way FROM (SELECT *,
        CASE kind WHEN 'paid_in' THEN 1 ELSE -1 END AS way FROM cash_movement) AS m
        WHERE shift_id = :it""",
        shift_id,
    )
    return [sum(one) for one in zip(*sums, strict=True)]


def roundings(shift_id):
    query = """SELECT rounding_minor FROM tender WHERE shift_id = :it
        UNION ALL SELECT rounding_minor FROM cash_movement WHERE shift_id = :it"""
    return sum(row[0] for row in rows(query, shift_id))


def paid_sales(shift_id):
    query = text("""SELECT currency, SUM(amount_minor) FROM sale
        WHERE shift_id = :it AND status = 'paid' GROUP BY currency""")
    found = db.session.execute(query, {"it": shift_id})
    return Counter({currency: int(total) for currency, total in found})


def told(z):
    """What the report's totals say was sold: cash without what went back, and KHQR."""
    sums = Counter()
    for one in z["cash"]["totals"]:
        sums[one["currency"]] += one["amount"]["minor"] - one["refunded"]["minor"]
    for one in z["totals"]:
        sums[one["currency"]] += one["amount"]["minor"]
    return sums


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(DEEDS, max_size=25), NOTES)
def test_a_report_is_the_sum_of_its_rows_to_the_riel(shop, deeds, counted):
    set_rate(shop)
    day = Day(shop)
    for deed in deeds:
        day.do(*deed)
    z, shift_id = day.close(counted), day.shift.id
    lines = z["cash"]["lines"]
    assert [one["expected"]["minor"] for one in lines] == drawers(shift_id)
    over = [counted.usd - drawers(shift_id)[0], counted.khr - drawers(shift_id)[1]]
    assert [one["over"]["minor"] for one in lines] == over
    assert z["cash"]["rounding"]["minor"] == roundings(shift_id)
    sold = paid_sales(shift_id)
    sold.subtract(day.refunds)
    assert {k: v for k, v in told(z).items() if v} == {k: v for k, v in sold.items() if v}
