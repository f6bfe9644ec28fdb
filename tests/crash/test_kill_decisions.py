"""What a manager decides and what a receipt proves, killed at each write and each commit."""

import pytest

from tests.conftest import make_settings
from tests.crash import deeds, till_deeds
from tests.crash.program import KILLED, Failed

PAID = {"status": "paid", "sale": "paid", "settled": 1, "booked": 1, "events": 1}
OPEN = {**PAID, "status": "awaiting", "sale": "open", "settled": 0, "booked": 0, "events": 0}
WRONG = {**OPEN, "status": "mismatch", "booked": 1}
MARKED = {**PAID, "settled": 0, "booked": 0}
ALREADY = Failed("AlreadyDecided")


@pytest.fixture
def settings(tmp_path, database):
    """A receipt may be sent again at once."""
    more = {"gateway_seconds": 2, "check_now_seconds": 0}
    return make_settings(tmp_path, database_url=database, **more)


@pytest.fixture
def shift(day):
    return day.open_shift()


def fate_of(day, payment, shift):
    fate = day.witness.fate(payment)
    assert (fate.pop("paid_shift_id") == shift) == (fate["sale"] == "paid")
    return fate


def lives_once(day, shift, sweep, before, after, refusal):
    """Assert that each deed of a sweep happens whole or not at all, and once; return how many."""
    for one in sweep:
        payment = one.args[0]
        stand = fate_of(day, payment, shift)
        assert stand in (before, after) and (one.heard is KILLED or stand == after)
        again = one.again()
        assert isinstance(again, Failed) == (stand == after), again
        assert again == refusal or stand == before
        assert fate_of(day, payment, shift) == after
        yield one


def test_a_decision_killed_at_any_point_is_taken_once(day, shift):
    def wrong_money():
        payment = day.sell(shift)
        day.pay(payment, amount="3.00")
        assert day.do(deeds.settle, payment) == "paid"
        return payment, day.shop

    sweep = day.sweep(till_deeds.accept, wrong_money)
    *_, last = lives_once(day, shift, sweep, WRONG, PAID, Failed("Refused"))
    assert last.point > 8
    assert day.witness.rows("SELECT count(*) FROM resolution") == [(last.point,)]
    assert day.end() == []


def test_a_claim_killed_at_any_point_settles_its_sale_once(day, shift):
    def receipt():
        payment = day.sell(shift)
        return payment, day.pay(payment)

    sweep = day.sweep(till_deeds.claim, receipt)
    *_, last = lives_once(day, shift, sweep, OPEN, PAID, Failed("Refused"))
    assert last.point > 8
    assert day.end() == []


def test_a_mark_killed_at_any_point_stands_once_and_is_confirmed_by_the_bank(day, shift):
    def unanswered():
        payment = day.sell(shift)
        day.do(till_deeds.find_bank_down, payment)
        return payment, day.shop

    sweep = day.sweep(till_deeds.call_paid, unanswered)
    for one in lives_once(day, shift, sweep, OPEN, MARKED, Failed("AlreadyDecided")):
        day.settle(one.args[0])
        assert fate_of(day, one.args[0], shift) == {**PAID, "events": 2}
    assert one.point > 8
    assert day.witness.rows("SELECT count(*) FROM mark") == [(one.point,)]
    assert day.end() == []
