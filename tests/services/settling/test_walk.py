import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from pos.errors import Refused
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import GatewayTransaction, Payment, PaymentEvent, Sale, ZReport
from pos.reports.closing import z_report
from pos.services.asking import questions
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.states import EventName, PaymentStatus, SaleStatus, event_of
from tests import said
from tests.factories import NO_FLOAT, charge, khr, usd

pytestmark = pytest.mark.usefixtures("context")

WHO = "cashier:dara"
GRACE = timedelta(seconds=10)


class Walk:
    """A day at one till in which anything may happen next; the bank's truth is kept apart."""

    def __init__(self, seed, shop, clock):
        self.dice, self.shop, self.clock = random.Random(seed), shop, clock
        self.shift = shifts.open_shift(shop.till_id, shop.cashier.id, NO_FLOAT)
        self.bank = {}

    def payments(self):
        return list(db.session.scalars(select(Payment).order_by(Payment.id)))

    def any_payment(self):
        return self.dice.choice(self.payments()[-4:] or [None])

    def step(self):
        deeds = [self.charge, self.pay, self.ask, self.cancel, self.new_qr, self.wait, self.ask]
        with suppress(Refused):
            self.dice.choice([*deeds, self.wait, self.ask, self.change_shift])()
        answers.expire_due()

    def charge(self):
        charge(self.shift, self.dice.choice([usd("1.25"), usd("0.01"), khr("4000")]))

    def pay(self):
        """Money moves at the bank; it is not told to anybody."""
        payment = self.any_payment()
        if payment and payment.qr_string and payment.id not in self.bank:
            wrong = self.dice.random() < 0.2
            amount = payment.amount + payment.amount if wrong else payment.amount
            self.bank[payment.id] = said.paid(payment, amount=amount)

    def truth(self, payment):
        return self.bank.get(payment.id, said.NOT_FOUND)

    def ask(self, always=False):
        for payment_id in questions.due() if always else questions.due()[:1]:
            payment = db.session.get_one(Payment, payment_id)
            silent = not always and self.dice.random() < 0.3
            said.tell(payment, said.unknown(Trouble.DOWN) if silent else self.truth(payment))

    def cancel(self):
        if payment := self.any_payment():
            checkout.cancel(payment, who=WHO)

    def new_qr(self):
        if payment := self.any_payment():
            checkout.new_qr(payment, who=WHO)

    def wait(self):
        self.clock.advance(self.dice.choice([1, 5, 20, 120, 400]))

    def change_shift(self):
        shifts.close_shift(self.shift.id, self.shop.cashier.id)
        self.wait()
        self.shift = shifts.open_shift(self.shop.till_id, self.shop.cashier.id, NO_FLOAT)

    def end(self):
        """The bank is well again; let the worker find what there is, and close the books."""
        for _ in range(45):
            self.clock.advance(60)
            answers.expire_due()
            self.ask(always=True)
        self.change_shift()
        shifts.close_shift(self.shift.id, self.shop.cashier.id)


def live_codes(walk):
    return [one for one in walk.payments() if checkout.is_live(one)]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_the_books_and_the_bank_agree(shop, clock, seed):
    walk = Walk(seed, shop, clock)
    for _ in range(50):
        walk.step()
        assert len(live_codes(walk)) <= 1
    walk.end()
    assert_all_money_is_booked_once(walk)
    assert_paid_sales_have_their_money(walk)
    assert_histories_are_whole(walk)
    assert_reports_hold_all_settled_money_once(walk)


def transactions():
    return list(db.session.scalars(select(GatewayTransaction)))


def assert_all_money_is_booked_once(walk):
    at_bank = Counter(answer.facts.reference for answer in walk.bank.values())
    assert Counter(money.reference for money in transactions()) == at_bank


def assert_paid_sales_have_their_money(walk):
    settled = {money.settles_sale_id: money for money in transactions() if money.settles_sale_id}
    sales = list(db.session.scalars(select(Sale)))
    assert {sale.id for sale in sales if sale.status is SaleStatus.PAID} == set(settled)
    for sale in sales:
        if sale.id in settled:
            money = settled[sale.id]
            assert money.amount == sale.amount
            assert (money.payment.status, money.payment.sale_id) == (PaymentStatus.PAID, sale.id)
            assert money.paid_at <= money.payment.expires_at + GRACE


def assert_histories_are_whole(walk):
    for payment in walk.payments():
        query = select(PaymentEvent).where(PaymentEvent.payment_id == payment.id)
        events = list(db.session.scalars(query.order_by(PaymentEvent.id)))
        moves = [one for one in events if one.name is not EventName.LATE_MONEY]
        assert [event_of(one.old, one.new) for one in moves] == [one.name for one in moves]
        assert all(one.new is following.old for one, following in pairwise(moves))
        assert moves[-1].new is payment.status
        assert payment.status not in (PaymentStatus.AWAITING, PaymentStatus.EXPIRING)


def assert_reports_hold_all_settled_money_once(walk):
    rows = list(db.session.scalars(select(ZReport).order_by(ZReport.id)))
    reports = [z_report.from_json(row.body) for row in rows]
    assert [z.number for z in reports] == list(range(1, len(reports) + 1))
    printed = Counter(line.tran_id for z in reports for line in z.payments)
    assert printed == Counter(one.payment.tran_id for one in transactions() if one.settles_sale_id)
    for z in reports:
        sums = Counter()
        for line in z.payments:
            sums[line.amount.currency] += line.amount.minor
        assert {total.currency: total.amount.minor for total in z.totals} == sums
