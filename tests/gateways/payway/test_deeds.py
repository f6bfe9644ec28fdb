from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from pos.gateways import open_gateway
from pos.gateways.base import Trouble
from pos.gateways.payway import lists
from pos.gateways.words import Done
from tests.gateways.requests import NOW, khr, qr_request, said, usd

DAY = timedelta(days=1)


def test_closing_twice_is_no_trouble_and_money_that_comes_all_the_same_is_found(gateway, bank, qr):
    assert [gateway.close(qr.lookup).done for _ in range(2)] == [Done.DONE, Done.DONE]
    assert said(gateway.check(qr.lookup)) == "not_found"
    bank.pay(qr.qr_string)
    assert said(gateway.check(qr.lookup)) == "paid"


def test_a_close_that_leaves_the_bill_pending_is_a_close(gateway, bank, qr):
    bank.misbehave(close_keeps_pending=True)
    assert gateway.close(qr.lookup).done is Done.DONE
    assert said(gateway.check(qr.lookup)) == "not_found"


def test_a_paid_qr_cannot_be_closed_and_says_so(gateway, bank, qr):
    bank.pay(qr.qr_string)
    result = gateway.close(qr.lookup)
    assert (result.done, result.is_paid, result.code) == (Done.REFUSED, True, "2")


def test_what_payway_never_heard_of_is_as_good_as_closed(gateway):
    assert gateway.close("T9:USD").done is Done.DONE


@pytest.mark.parametrize(
    ("switches", "trouble"),
    [({"payway_code": "1"}, Trouble.UNAUTHORISED), ({"payway_code": "4711"}, Trouble.OTHER)]
    + [
        ({"status": 503}, Trouble.DOWN),
        ({"hang": 3}, Trouble.SILENT),
        ({"body": "{}"}, Trouble.GARBLED),
    ],
)
def test_a_close_in_trouble_may_not_have_happened(gateway, bank, qr, switches, trouble):
    bank.misbehave(**switches)
    result = gateway.close(qr.lookup)
    assert (result.done, result.is_paid, result.trouble) == (Done.UNKNOWN, False, trouble)


def test_refunds_add_up_until_nothing_is_left(gateway, bank, qr):
    bank.pay(qr.qr_string)
    assert gateway.refund(qr.lookup, usd("1.25")).total == usd("1.25")
    assert gateway.refund(qr.lookup, usd("2.25")).total == usd("3.50")
    more = gateway.refund(qr.lookup, usd("0.01"))
    assert (more.done, more.code, more.total) == (Done.REFUSED, "PTL37", None)
    assert gateway.check(qr.lookup).facts.refunded == usd("3.50")


def test_riel_go_back_as_whole_riel(gateway, bank):
    qr = gateway.issue_qr(qr_request(amount=khr("4000")))
    bank.pay(qr.qr_string)
    assert gateway.refund(qr.lookup, khr("1500")).total == khr("1500")


@pytest.mark.parametrize(
    ("switches", "done"),
    [
        ({"payway_code": "PTL57"}, Done.REFUSED),
        ({"payway_code": "PTL02"}, Done.REFUSED),
        ({"payway_code": "PTL999"}, Done.REFUSED),
        ({"payway_code": "PTL58"}, Done.UNKNOWN),
        ({"payway_code": "PTL168"}, Done.UNKNOWN),
        ({"status": 500}, Done.UNKNOWN),
        ({"status_body": 500}, Done.UNKNOWN),
        ({"drop": True}, Done.UNKNOWN),
        ({"hang": 3}, Done.UNKNOWN),
        ({"truncated": True}, Done.UNKNOWN),
        ({"body": "{}"}, Done.UNKNOWN),
        ({"without": ["total_refunded"]}, Done.UNKNOWN),
        ({"set": {"total_refunded": 0.5}}, Done.UNKNOWN),
        ({"set": {"currency": "KHR"}}, Done.UNKNOWN),
    ],
)
def test_only_a_clear_no_is_a_no(gateway, bank, qr, switches, done):
    bank.pay(qr.qr_string)
    bank.misbehave(**switches)
    result = gateway.refund(qr.lookup, usd("1"))
    assert (result.done, result.total) == (done, None)
    assert bank.asked().count("refund") == 1


@pytest.mark.parametrize(
    ("change", "amount"),
    [({}, usd("0.01") - usd("0.01")), ({}, khr("1")), ({"refund_key": ""}, usd("1"))]
    + [({"refund_key": "-----BEGIN"}, usd("1")), ({"token": ""}, usd("1"))],
)
def test_a_refund_that_cannot_be_right_is_not_sent(bank, qr, change, amount):
    shop = open_gateway(replace(bank.account, **change), seconds=2)
    assert shop.refund(qr.lookup, amount).done is Done.REFUSED
    assert "refund" not in bank.asked()


def test_nothing_that_was_not_sent_was_given_back(bank, qr):
    nowhere = open_gateway(replace(bank.account, base_url="http://127.0.0.1:1"), seconds=2)
    result = nowhere.refund(qr.lookup, usd("1"))
    assert (result.done, result.trouble) == (Done.REFUSED, Trouble.UNREACHABLE)


def paid(gateway, bank, count):
    for number in range(count):
        bank.pay(gateway.issue_qr(qr_request(f"T{number}")).qr_string)


def test_the_list_has_what_was_paid_and_no_open_qr(gateway, bank, qr):
    bank.pay(gateway.issue_qr(qr_request("T2", amount=khr("4000"))).qr_string)
    listing = gateway.list_paid(NOW - DAY, NOW + DAY)
    assert listing.is_whole and [row.tran_id for row in listing.rows] == ["T2"]
    row = listing.rows[0]
    assert (row.status, row.amount, row.refunded) == ("APPROVED", khr("4000"), khr("1") - khr("1"))
    assert row.at == NOW and row.bank_reference and row.payer.startswith("Practice Bank")


def test_a_long_list_comes_page_by_page(gateway, bank, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_ROWS", 2)
    paid(gateway, bank, 5)
    listing = gateway.list_paid(NOW - DAY, NOW + DAY)
    assert listing.is_whole and len(listing.rows) == 5
    assert bank.asked().count("transaction-list-2") == 3


def test_a_list_that_breaks_off_says_so(gateway, bank, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_ROWS", 1)
    monkeypatch.setattr(lists, "MOST_PAGES", 2)
    paid(gateway, bank, 3)
    listing = gateway.list_paid(NOW - DAY, NOW + DAY)
    assert not listing.is_whole and len(listing.rows) == 2
    bank.misbehave(status=503)
    listing = gateway.list_paid(NOW - DAY, NOW + DAY)
    assert (listing.rows, listing.is_whole, listing.trouble) == ((), False, Trouble.DOWN)


def test_rows_that_cannot_be_read_are_counted(gateway, bank):
    paid(gateway, bank, 2)
    bank.misbehave(set={"original_currency": "EUR"})
    listing = gateway.list_paid(NOW - DAY, NOW + DAY)
    assert (listing.rows, listing.unread, listing.is_whole) == ((), 2, False)


def test_a_list_over_more_than_two_days_is_not_asked_for(gateway, bank):
    assert not gateway.list_paid(NOW - 3 * DAY, NOW).is_whole
    assert bank.asked() == []


def test_the_detail_tells_who_paid(gateway, bank, qr):
    assert gateway.detail("T9:USD").rows == ()
    bank.pay(qr.qr_string)
    row = gateway.detail(qr.lookup).rows[0]
    assert (row.tran_id, row.amount, row.paid) == ("T1122-000001", usd("3.50"), usd("3.50"))
    assert row.payer and row.bank_reference and row.payment_type == "KHQR"


def test_the_eleventh_detail_of_a_minute_is_refused(gateway, qr):
    heard = [gateway.detail(qr.lookup) for _ in range(11)]
    assert heard[9].is_whole and heard[10].trouble is Trouble.BUSY


def test_the_rates_are_riel_for_a_unit_and_have_no_dollar(gateway, bank):
    rates = gateway.exchange_rates().by_currency
    assert rates["THB"].sell > rates["THB"].buy > Decimal(1) and "USD" not in rates
    bank.misbehave(payway_code="1")
    assert gateway.exchange_rates().trouble is Trouble.UNAUTHORISED
