from dataclasses import replace
from datetime import timedelta

import pytest

from pos.gateways.deeds import ListedTransaction
from pos.models import ListFinding
from pos.services.reconciling.bank_list import Booked, compare
from tests.conftest import NOW
from tests.factories import khr, usd

F = ListFinding
ROW = ListedTransaction(
    tran_id="one", status="APPROVED", amount=usd("3"), paid=None,
    refunded=usd("1") - usd("1"), at=NOW,
)  # fmt: skip
OURS = Booked(
    reference="one", amount=usd("3"), paid_at=NOW, back_least=ROW.refunded, back_most=ROW.refunded
)
DAY = {"since": NOW - timedelta(hours=9), "until": NOW + timedelta(hours=15)}


def found(ours, rows, *, is_whole=True):
    booked = {one.reference: one for one in ours}
    return [one.finding for one in compare(booked, rows, is_whole=is_whole, **DAY)]


def test_what_agrees_is_no_difference():
    assert found([OURS], [ROW]) == [] == found([], [])


def test_a_payment_that_the_bank_lacks_is_told_only_of_a_whole_list():
    assert found([OURS], []) == [F.OURS_ONLY]
    assert found([OURS], [], is_whole=False) == []


def test_a_payment_that_we_lack_is_told_of_any_list():
    assert found([], [ROW], is_whole=False) == [F.THEIRS_ONLY]


@pytest.mark.parametrize("hours", [-10, 15])
def test_what_lies_beyond_the_time_is_compared_and_not_missed(hours):
    at = NOW + timedelta(hours=hours)
    assert found([], [replace(ROW, at=at)]) == []
    assert found([replace(OURS, paid_at=at)], []) == []
    assert found([OURS], [replace(ROW, at=at)]) == []


@pytest.mark.parametrize("amount", [usd("2.99"), usd("3.01"), khr("3")])
def test_another_amount_or_currency_is_told(amount):
    assert found([OURS], [replace(ROW, amount=amount)]) == [F.AMOUNT_DIFFERS]


@pytest.mark.parametrize(
    ("least", "most", "theirs", "tells"),
    [("1", "1", "1", []), ("1", "1", "2", [F.RETURNED]), ("2", "2", "1", [F.RETURNED]),
     ("1", "3", "1", []), ("1", "3", "3", []), ("1", "2", "3", [F.RETURNED])],
)  # fmt: skip
def test_another_sum_given_back_is_told_unless_an_open_refund_explains_it(
    least, most, theirs, tells
):
    ours = replace(OURS, back_least=usd(least), back_most=usd(most))
    assert found([ours], [replace(ROW, refunded=usd(theirs))]) == tells
