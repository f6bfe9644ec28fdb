from itertools import count

import pytest

from tests.crash import deeds
from tests.crash.program import KILLED, Failed

NOTHING = {"status": "awaiting", "sale": "open", "settled": 0, "booked": 0, "events": 0}
PAID = {"status": "paid", "sale": "paid", "settled": 1, "booked": 1, "events": 1}


@pytest.fixture
def shift(day):
    return day.open_shift()


def fate_of(day, payment, shift):
    """What became of the money; it is in the shift's totals exactly when the sale is paid."""
    fate = day.witness.fate(payment)
    assert (fate.pop("paid_shift_id") == shift) == (fate["sale"] == "paid")
    return fate


def test_a_charge_killed_at_any_point_and_sent_again_is_one_sale(day, shift):
    for point in count(1):
        key = day.new_key()
        heard = day.run(deeds.charge, shift, key, kill_at=point)
        written = day.witness.sales_of(key)
        again = day.take_over(point, deeds.charge, shift, key)
        assert heard in (KILLED, again)
        assert written in ([], [again["sale"]])
        assert day.witness.sales_of(key) == [again["sale"]]
        day.witness.forms[key].add(again["sale"])
        assert day.witness.fate(again["payment"])["status"] == "awaiting"
        day.settle(again["payment"])
        if heard is not KILLED:
            break
    assert point > 15
    assert day.end() == []


def test_race_server_killed_at_any_point_between_paid_and_commit(day, shift):
    for point in count(1):
        payment = day.sell(shift)
        day.pay(payment)
        heard = day.run(deeds.claim_and_settle, payment, kill_at=point, ahead=4)
        before = fate_of(day, payment, shift)
        assert before in (NOTHING, PAID)
        day.take_over(point, deeds.work)
        assert fate_of(day, payment, shift) == PAID
        if heard is not KILLED:
            break
    assert (before, point > 15) == (PAID, True)
    assert day.end() == []


def test_a_close_killed_at_any_point_leaves_no_report_or_a_whole_one(day):
    def sold():
        shift = day.open_shift()
        day.settle(day.sell(shift))
        return shift, day.shop.manager.id

    for one in day.sweep(deeds.close, sold, only_writes=False):
        shift, point = one.args[0], one.point
        query = "SELECT status, (SELECT number FROM z_report WHERE shift_id = ?) FROM shift"
        (stand,) = day.witness.rows(f"{query} WHERE id = ?", shift, shift)
        assert stand in (("open", None), ("closed", point))
        assert one.heard in (KILLED, stand[1])
        assert one.again() == (Failed("ShiftClosed") if stand[1] else point)
    assert point > 10
    assert day.witness.numbers(day.shop.till_id) == [*range(1, point + 1)]
    assert day.do(deeds.verify_books) == []
    assert day.end() == []


def test_a_correction_killed_at_any_point_is_there_whole_or_not_at_all(day, shift):
    boss = day.shop.manager.id
    day.do(deeds.close, shift, boss)
    for killed in day.sweep(deeds.recount, lambda: (shift, day.new_key(), boss)):
        assert len(day.witness.rows("SELECT id FROM correction")) in (
            killed.point - 1,
            killed.point,
        )
        assert killed.again() == killed.point
    numbers = [row[0] for row in day.witness.rows("SELECT number FROM correction ORDER BY link")]
    assert (numbers, killed.point > 3) == ([*range(1, killed.point + 1)], True)
    assert day.do(deeds.verify_books) == []
