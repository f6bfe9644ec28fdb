"""Cash that is taken, moved and counted, killed at each write and each commit."""

import pytest

from pos.cash import Cash
from tests import factories
from tests.crash import till_deeds
from tests.crash.program import KILLED, Failed
from tests.factories import khr, usd

FLOATS = (usd("20"), khr("40000"))
PAID, PART = ("paid", 1, 0), ("open", 1, 1)

_SALE = """SELECT s.status,
    (SELECT count(*) FROM tender t WHERE t.sale_id = s.id) AS tenders,
    (SELECT count(*) FROM payment p WHERE p.sale_id = s.id) AS qrs FROM sale s WHERE s.key = ?"""
_SHIFT = """SELECT status, (SELECT number FROM z_report z WHERE z.shift_id = s.id) AS number,
    (SELECT count(*) FROM cash_count c WHERE c.shift_id = s.id) AS counts
    FROM shift s WHERE s.id = ?"""


@pytest.fixture
def shop(shop, app):
    with app.app_context():
        factories.set_rate(shop)
    return shop


@pytest.mark.parametrize(("given", "whole"), [(till_deeds.ALL, PAID), (till_deeds.PART, PART)])
def test_cash_taken_and_killed_at_any_point_is_one_sale_with_its_cash(day, given, whole):
    shift = day.open_shift(FLOATS)
    for one in day.sweep(till_deeds.take_cash, lambda: (shift, given, day.new_key())):
        key = one.args[2]
        stand = day.witness.rows(_SALE, key)
        assert stand in ([], [whole])
        again = one.again()
        assert isinstance(again, int) and one.heard in (KILLED, again)
        assert day.witness.rows(_SALE, key) == [whole]
        if whole == PART:
            ((payment,),) = day.witness.rows("SELECT max(id) FROM payment")
            day.settle(payment)
    assert one.point > 8
    assert day.end() == []


def test_cash_paid_in_and_killed_at_any_point_is_in_the_drawer_once(day):
    shift = day.open_shift(FLOATS)
    prepare = lambda: (shift, f"put-in-{day.new_key()}", day.shop.cashier.id)  # noqa: E731
    for one in day.sweep(till_deeds.pay_in, prepare):
        query = "SELECT id FROM cash_movement WHERE key = ?"
        before = day.witness.rows(query, one.args[1])
        again = one.again()
        assert before in ([], [(again,)]) and one.heard in (KILLED, again)
        assert day.witness.rows(query, one.args[1]) == [(again,)]
    assert one.point > 2
    assert day.end() == []


COUNTS = {"right": (Cash(2_400, 42_000), 1), "short": (Cash(2_000, 42_000), 2)}


@pytest.mark.parametrize("count", COUNTS)
def test_a_count_killed_at_any_point_leaves_no_report_or_a_whole_one(day, count):
    cash, counts = COUNTS[count]

    def sold():
        shift = day.open_shift(FLOATS)
        day.do(till_deeds.take_cash, shift, till_deeds.ALL, day.new_key())
        return shift, cash, f"count-of-shift-{shift:04}", day.shop.manager.id

    for one in day.sweep(till_deeds.count_and_close, sold):
        (stand,) = day.witness.rows(_SHIFT, one.args[0])
        assert stand == ("closed", one.point, counts) or stand[:2] in (
            ("open", None),
            ("counting", None),
        )
        again = one.again()
        assert again == (Failed("ShiftClosed") if stand[1] else one.point)
        assert day.witness.rows(_SHIFT, one.args[0]) == [("closed", one.point, counts)]
    assert one.point > 8
    assert day.witness.numbers(day.shop.till_id) == [*range(1, one.point + 1)]
    assert day.end() == []
