from datetime import date, timedelta

import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import ZReport
from pos.money import Currency
from pos.reports.closing import shift_figures, z_report
from pos.services.bookkeeping import shifts
from pos.services.selling import checkout
from pos.services.settling import answers
from tests import said
from tests.factories import charge, close_shift, khr, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")

WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop, floats=(usd("50"), khr("200000")))


def sell(shift, amount, clock, after=2):
    payment = charge(shift, amount)
    clock.advance(after)
    said.tell(payment, said.paid(payment))
    return payment


def close(shift, shop):
    return z_report.from_json(close_shift(shift, shop.cashier).body)


def test_totals_are_per_currency_and_never_added(shift, shop, clock):
    for amount in (usd("3.50"), khr("15000"), usd("1.25"), khr("500"), usd("0.05")):
        sell(shift, amount, clock)
    by_currency = {one.currency: one for one in close(shift, shop).totals}
    assert set(by_currency) == {Currency.USD, Currency.KHR}
    assert (by_currency["USD"].count, by_currency["USD"].amount) == (3, usd("4.80"))
    assert (by_currency["KHR"].count, by_currency["KHR"].amount) == (2, khr("15500"))
    assert {(one.tender, one.gateway) for one in by_currency.values()} == {("KHQR", "bakong")}


def test_each_total_is_the_sum_of_its_lines(shift, shop, clock):
    for amount in ("0.01", "99999.99", "3.33"):
        sell(shift, usd(amount), clock)
    z = close(shift, shop)
    lines = [line.amount.minor for line in z.payments]
    assert [total.amount.minor for total in z.totals] == [sum(lines)] == [10_000_333]


def test_a_shift_without_a_sale_has_a_report_of_nothing(shift, shop):
    z = close(shift, shop)
    assert (z.totals, z.payments, z.exceptions, z.unverified) == ((), (), (), ())
    assert (z.health.attempts, z.health.median_seconds, z.health.p95_seconds) == (0, None, None)


def test_it_says_who_where_and_when(shift, shop, clock):
    opened = clock.time
    clock.advance(hours=3)
    z = close(shift, shop)
    assert (z.number, z.merchant_name, z.store_name, z.till_name) == (
        *(1, "Mekong Coffee"),
        *("Riverside", "Till 1"),
    )
    assert (z.opened_at, z.closed_at, z.written_at) == (opened, clock.time, clock.time)
    assert (z.opened_by, z.closed_by, z.is_auto_closed) == ("Dara", "Dara", False)
    assert (z.business_day, z.floats) == (date(2026, 11, 22), (usd("50"), khr("200000")))
    assert z.version


def test_a_line_has_what_a_bank_statement_is_matched_by(shift, shop, clock):
    payment = charge(shift)
    sent = clock.time - timedelta(seconds=1)
    answer = said.paid(payment, reference="ab12cd34ef", bank_reference="100FT7", paid_at=sent)
    said.tell(payment, answer)
    (line,) = close(shift, shop).payments
    assert (line.tran_id, line.short_hash, line.bank_reference) == (
        *(payment.tran_id, "ab12cd34"),
        "100FT7",
    )
    assert (line.at, line.amount, line.payer) == (sent, usd("3.50"), "customer@practice")


def test_what_is_written_is_what_is_read_again(shift, shop, clock):
    sell(shift, usd("3.50"), clock)
    body = close_shift(shift, shop.cashier).body
    view = z_report.from_json(body)
    assert z_report.to_json(view) == body
    gathered = z_report.gather(shift, view.number)
    assert gathered == view


def test_health_counts_each_way_a_qr_can_end(shift, shop, clock):
    sell(shift, usd("1"), clock)
    expired = charge(shift)
    clock.time = expired.expires_at
    answers.expire_due()
    clock.advance(10)
    said.tell(expired, said.NOT_FOUND)
    cancelled = charge(shift)
    checkout.cancel(cancelled, who=WHO)
    said.tell(cancelled, said.NOT_FOUND)
    failed = charge(shift)
    said.tell(failed, said.FAILED)
    clock.advance(300)
    health = close(shift, shop).health
    assert (health.attempts, health.paid, health.expired) == (4, 1, 1)
    assert (health.cancelled, health.failed) == (1, 1)


def test_seconds_to_pay_run_from_the_qr_to_the_payers_time(shift, shop, clock):
    for seconds in (1, 2, 3, 4, 100):
        sell(shift, usd("1"), clock, after=seconds)
    health = close(shift, shop).health
    assert (health.median_seconds, health.p95_seconds) == (3.0, 80.8)


def test_a_single_payment_is_its_own_median(shift, shop, clock):
    sell(shift, usd("1"), clock, after=7)
    health = close(shift, shop).health
    assert (health.median_seconds, health.p95_seconds) == (7.0, 7.0)


def test_a_qr_whose_last_word_is_out_is_listed_never_dropped(shift, shop):
    waiting = charge(shift, usd("9"))
    checkout.cancel(waiting, who=WHO)
    (item,) = close(shift, shop).unverified
    assert (item.sale_number, item.amount, item.status_text) == (1, usd("9"), "Cancelling")


def test_wrong_money_is_an_exception_and_in_no_total(shift, shop, clock):
    payment = charge(shift)
    said.tell(payment, said.paid(payment, amount=usd("3.49")))
    z = close(shift, shop)
    (item,) = z.exceptions
    assert (item.tran_id, item.amount, item.received) == (
        *(payment.tran_id, usd("3.50")),
        usd("3.49"),
    )
    assert (item.remark_text, z.totals, z.payments) == ("Too little was paid", (), ())


def test_a_sale_paid_twice_is_once_in_the_totals_and_once_an_exception(shift, shop):
    older = charge(shift, usd("2"))
    fresh = checkout.new_qr(older, who=WHO)
    for one in (older, fresh):
        said.tell(one, said.paid(one))
    z = close(shift, shop)
    assert [(total.count, total.amount) for total in z.totals] == [(1, usd("2"))]
    assert [item.remark_text for item in z.exceptions] == ["Paid a second time"]


def test_a_code_paid_twice_is_once_in_the_totals(shift, shop):
    payment = charge(shift, usd("2"))
    said.tell(payment, said.paid(payment))
    said.tell(payment, said.paid(payment, reference="another-transfer"))
    z = close(shift, shop)
    assert [(total.count, total.amount) for total in z.totals] == [(1, usd("2"))]
    assert [item.remark_text for item in z.exceptions] == ["Paid a second time"]


def test_a_second_payment_is_in_no_later_total_either(shift, shop):
    older = charge(shift, usd("2"))
    fresh = checkout.new_qr(older, who=WHO)
    for one in (older, fresh):
        said.tell(one, said.paid(one))
    close(shift, shop)
    assert close(open_shift(shop), shop).totals == ()


def test_exceptions_found_while_the_till_was_closed_are_in_the_next_report(shift, shop, clock):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    said.tell(payment, said.NOT_FOUND)
    first = close(shift, shop)
    clock.advance(60)
    said.tell(payment, said.paid(payment))
    clock.advance(60)
    second = close(open_shift(shop), shop)
    assert first.exceptions == ()
    assert [item.tran_id for item in second.exceptions] == [payment.tran_id]
    clock.advance(60)
    assert close(open_shift(shop), shop).exceptions == ()


def test_another_tills_money_is_not_in_it(shift, shop, clock):
    other = shifts.open_shift(shop.till_ids[1], shop.manager.id, (usd("1"), khr("1")))
    payment = charge(other)
    said.tell(payment, said.paid(payment, amount=usd("9")))
    sell(other, usd("5"), clock)
    z = close(shift, shop)
    assert (z.totals, z.exceptions, z.health.attempts) == ((), (), 0)


def test_nothing_later_changes_what_was_written(shift, shop, clock):
    late = charge(shift, usd("3.50"))
    checkout.cancel(late, who=WHO)
    sell(shift, usd("1"), clock)
    before = close_shift(shift, shop.cashier).body
    said.tell(late, said.paid(late))
    shop_now = shift.till.store.merchant
    assert shop_now.name == z_report.from_json(before).merchant_name
    assert db.session.scalars(select(ZReport.body)).one() == before


def test_totals_so_far_are_those_that_the_report_would_have(shift, shop, clock):
    sell(shift, usd("1"), clock)
    so_far = shift_figures.totals([shift.id])[shift.id]
    assert close(shift, shop).totals == so_far
