import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pos.cash import Cash
from pos.extensions import db
from pos.models import Store
from pos.money import Currency
from pos.reports.closing import day
from pos.reports.exporting.export_table import Span
from pos.services.bookkeeping import auto_close
from tests import recompute_z
from tests.factories import khr, open_shift, set_rate, usd
from tests.random_days import DEEDS, NOTES, Day
from tests.z_figures import difference, figures, write_csvs

pytestmark = pytest.mark.usefixtures("context")

ON = date(2026, 11, 22)
SCRIPT = Path(recompute_z.__file__)


def files(shop, folder):
    write_csvs(folder, Span(shop.store_id, ON, ON))
    return str(folder)


def off(body, folder):
    """By how much the files are off the report, figure by figure."""
    z = json.loads(body)
    found = recompute_z.recompute(folder, z["till_name"], str(z["number"]))
    return difference(figures(body), found)


BUSY = (
    *("cash", "khqr", "discounted", "tipped", "bank_refund", "split", "refund", "paid_in"),
    *("tipped_in_cash", "twice", "wrong"),
)


def a_busy_day(shop):
    """Each kind of deed that a day may have, at one till."""
    set_rate(shop)
    one = Day(shop)
    for name in BUSY:
        one.do(name, usd("3.59"), Cash(500, 2_000))
        one.do(name, khr("12270"), Cash(300, 9_000))
    one.do("paid_out", usd("1"), Cash(500, 1_000))
    return json.dumps(one.close(Cash(4_100, 90_000)))


def test_the_whole_z_is_recomputed_from_the_files_with_no_difference(shop, tmp_path):
    body = a_busy_day(shop)
    told = figures(body)
    assert off(body, files(shop, tmp_path)) == {}
    for name in (
        "Discount",
        "Tip",
        "KHQR",
        "KHQR given back",
        "Cash",
        "Cash given back",
        "Given",
        "Out",
        "Over",
    ):
        assert told[f"{name} USD"] != 0, name
    assert told["Keyed rounding KHR"] != 0 and told["Rounding KHR"] != 0 and told["Change KHR"] > 0


def test_a_cent_that_is_missing_from_a_file_is_found(shop, tmp_path):
    body, folder = a_busy_day(shop), files(shop, tmp_path)
    path = tmp_path / "tenders.csv"
    path.write_bytes(path.read_bytes().replace(b"3.59", b"3.58", 1))
    assert off(body, folder) == {"Cash USD": Decimal("-0.01")}


def test_a_discount_that_is_another_in_a_file_is_found(shop, tmp_path):
    body, folder = a_busy_day(shop), files(shop, tmp_path)
    path = tmp_path / "sales.csv"
    path.write_bytes(path.read_bytes().replace(b",0.27,", b",0.28,", 1))
    assert off(body, folder) == {"Discount USD": Decimal("0.01")}


def test_a_tip_that_is_another_in_a_file_is_found(shop, tmp_path):
    body, folder = a_busy_day(shop), files(shop, tmp_path)
    path = tmp_path / "sales.csv"
    path.write_bytes(path.read_bytes().replace(b",0.41,", b",0.42,", 1))
    assert off(body, folder) == {"Tip USD": Decimal("0.01")}


def test_a_drawer_that_nobody_counted_has_no_over_and_short(shop, clock, tmp_path):
    open_shift(shop, floats=(usd("50"), khr("100")))
    clock.advance(hours=17)
    auto_close.close_forgotten()
    found = recompute_z.recompute(files(shop, tmp_path), "Till 1", "1")
    assert (found["Expected USD"], "Over USD" in found) == (50, False)


def test_the_script_runs_alone(shop, tmp_path):
    told = figures(a_busy_day(shop))
    command = [sys.executable, "-I", str(SCRIPT), files(shop, tmp_path), "Till 1", "1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    lines = dict(line.rsplit(" ", 1) for line in done.stdout.splitlines())
    assert difference(told, {name: Decimal(value) for name, value in lines.items()}) == {}


def test_the_script_is_short_enough_to_be_read_at_once():
    source = SCRIPT.read_text()
    assert len([line for line in source.splitlines() if line.strip()]) <= 30
    assert "import pos" not in source and "from pos" not in source


def sold(currency):
    """What the sales that were paid came to, less all that went back of them, from bare rows."""
    query = text("""SELECT
        (SELECT COALESCE(SUM(amount_minor), 0) FROM sale
          WHERE status = 'paid' AND currency = :it)
      - (SELECT COALESCE(SUM(worth_minor), 0) FROM cash_movement
          JOIN sale ON sale.id = sale_id WHERE sale.status = 'paid' AND currency = :it)
      - (SELECT COALESCE(SUM(refund.amount_minor), 0) FROM refund
          JOIN gateway_transaction AS money ON money.id = transaction_id
          WHERE settles_sale_id IS NOT NULL AND refund.currency = :it)""")
    return int(db.session.scalar(query, {"it": currency}))


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.integers(0, 1), DEEDS), max_size=25), NOTES)
@example([(at % 2, (name, usd("3.59"), Cash(500))) for at, name in enumerate(2 * BUSY)], Cash(900))
@example([(0, (name, khr("12300"), Cash(0, 13_000))) for name in BUSY], Cash())
def test_a_random_day_at_two_tills_adds_up_in_reports_files_and_rows(shop, tmp_path, deeds, notes):
    set_rate(shop)
    tills = Day(shop, 0), Day(shop, 1)
    for till, deed in deeds:
        tills[till].do(*deed)
    closed = [json.dumps(one.close(notes)) for one in tills]
    folder = files(shop, tmp_path)
    assert [off(body, folder) for body in closed] == [{}, {}]
    told = day.gather(db.session.get_one(Store, shop.store_id), ON)
    net = {line.currency: line.net.minor for line in told.lines}
    assert [net.get(one, 0) for one in Currency] == [sold(one) for one in Currency]
