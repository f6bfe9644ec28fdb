"""Random days of cash: what a Z report says is what its rows come to, to the riel."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos.extensions import db
from tests.factories import set_rate
from tests.random_days import DEEDS, NOTES, Day

pytestmark = pytest.mark.usefixtures("context")


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
