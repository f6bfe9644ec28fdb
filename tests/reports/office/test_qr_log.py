import pytest

from pos.reports.exporting import export_table
from pos.reports.exporting.exports import EXPORTS
from pos.reports.office import qr_log
from pos.services.selling import checkout
from pos.services.settling import answers
from tests import said
from tests.factories import charge, create_other_shop, khr, open_shift


@pytest.fixture
def shift(shop, context, clock):
    return open_shift(shop)


def lines(shop, clock):
    return qr_log.of_day(shop.store_id, clock.time.date()).lines


def pay(payment):
    said.tell(payment, said.paid(payment))


def test_a_qr_lives_until_it_is_paid(shop, shift, clock):
    payment = charge(shift)
    clock.advance(17.9)
    pay(payment)
    (line,) = lines(shop, clock)
    assert (line.seconds, line.status_text, line.cashier_name) == (17, "Paid", "Dara")
    assert line.ended_at == clock.time and line.tran_id == payment.tran_id


def test_a_qr_in_front_of_the_customer_has_no_end(shop, shift, clock):
    charge(shift)
    (line,) = lines(shop, clock)
    assert (line.ended_at, line.seconds, line.status_text) == (None, None, "Waiting")


def test_a_transfer_that_failed_does_not_end_a_qr(shop, shift, clock):
    payment = charge(shift)
    said.tell(payment, said.FAILED)
    assert lines(shop, clock)[0].ended_at is None
    clock.advance(30)
    pay(payment)
    assert lines(shop, clock)[0].seconds == 30


def test_time_up_and_cancel_end_it_whatever_comes_later(shop, shift, clock):
    late = charge(shift)
    clock.advance(300)
    answers.expire_due()
    clock.advance(60)
    given_up = charge(shift)
    clock.advance(5)
    checkout.cancel(given_up, who="cashier:dara")
    clock.advance(60)
    pay(late)
    assert [line.seconds for line in lines(shop, clock)] == [300, 5]


def test_a_clock_that_was_set_back_makes_no_life_shorter_than_nothing(shop, shift, clock):
    payment = charge(shift)
    clock.advance(-30)
    pay(payment)
    assert lines(shop, clock)[0].seconds == 0


def test_only_the_day_and_the_store_that_are_asked_for_are_there(bank, shop, shift, clock):
    clock.time = clock.time.replace(hour=16, minute=59, second=59)
    pay(charge(shift))
    day = clock.time.date()
    clock.advance(1)
    charge(shift, khr("15000"))
    other = create_other_shop(bank.url, bank.token())
    assert len(qr_log.of_day(shop.store_id, day).lines) == 1
    assert qr_log.of_day(other.store_id, day).lines == ()


def test_a_day_with_too_many_says_so(shop, shift, clock, monkeypatch):
    monkeypatch.setattr(qr_log, "MOST", 1)
    pay(charge(shift))
    charge(shift)
    day = qr_log.of_day(shop.store_id, clock.time.date())
    assert (len(day.lines), day.is_cut, day.paid) == (1, True, 1)


def test_the_file_has_what_the_page_has(shop, shift, clock):
    payment = charge(shift)
    clock.advance(17)
    pay(payment)
    today = clock.time.date()
    span = export_table.Span(shop.store_id, today, today)
    export = EXPORTS["qr_log"]
    (row,) = export_table.rows(export, span)
    told = dict(zip([column.name for column in export.columns], row, strict=True))
    assert (told["Number"], told["Seconds"], told["Outcome"]) == (payment.tran_id, 17, "Paid")
    assert (str(told["Amount USD"]), told["Amount KHR"]) == ("3.50", None)
