from functools import partial
from random import Random

import pytest

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import Till
from tests import factories, racing
from tests.crash import deeds, till_deeds
from tests.crash.program import KILLED, Failed, run_together
from tests.factories import khr, usd
from tests.slowly import dawdle

ONE_HASH = "7" * 64


@pytest.fixture
def shift(day):
    return day.open_shift()


@pytest.fixture
def scratch(app):
    """Changes the schema of this test's database, or makes it slow at one place."""

    def change(command):
        with app.app_context(), db.engine.begin() as connection:
            connection.exec_driver_sql(command)

    return change


def eight(day, deed, *args):
    """Do a deed in eight processes at once; return what each was heard of."""
    return run_together([day.start(deed, *args)] * 8)


def test_eight_processes_that_settle_one_payment_settle_it_once(day, shift):
    payment = day.sell(shift)
    day.pay(payment)
    assert eight(day, deeds.settle, payment) == ["paid"] * 8
    fate = day.witness.fate(payment)
    assert (fate["settled"], fate["booked"], fate["events"]) == (1, 1, 1)
    assert day.end() == []


def test_eight_threads_that_settle_one_payment_settle_it_once(app, day, shift):
    payment = day.sell(shift)
    day.pay(payment)
    with app.app_context():
        assert racing.race(app, *[partial(deeds.settle, payment)] * 8) == ["paid"] * 8
    fate = day.witness.fate(payment)
    assert (fate["settled"], fate["booked"], fate["events"]) == (1, 1, 1)
    assert day.end() == []


def test_eight_processes_that_close_one_shift_write_one_report(day, shift):
    day.settle(day.sell(shift))
    heard = eight(day, deeds.close, shift, day.shop.manager.id)
    assert sorted(heard, key=str) == [1, *[Failed("ShiftClosed")] * 7]
    assert day.witness.numbers(day.shop.till_id) == [1]
    assert day.end() == []


def test_eight_threads_that_close_one_shift_write_one_report(app, day, shift):
    day.settle(day.sell(shift))
    close = partial(deeds.close, shift, day.shop.manager.id)
    with app.app_context():
        heard = racing.race(app, *[close] * 8)
    assert len(racing.errors(heard)) == 7
    assert day.witness.numbers(day.shop.till_id) == [1]
    assert day.end() == []


def settle_one_hash_at_eight_tills(day):
    """Let the bank tell eight tills of the same money at once; return how often it is booked."""
    with day.app.app_context():
        payments = [day.sell(shift) for shift in shifts_at_eight_tills(day.shop.store_id)]
    for payment in payments:
        day.pay(payment)
    day.bank.misbehave(set={"hash": ONE_HASH})
    run_together([day.start(deeds.settle, payment) for payment in payments])
    query = "SELECT count(*) AS booked, count(settles_sale_id) AS settling FROM gateway_transaction"
    return day.witness.rows(query)[0]


def shifts_at_eight_tills(store_id):
    """Open a shift at each of eight tills; return them."""
    with writing(db.session):
        names = [f"Till {number}" for number in range(11, 19)]
        tills = [Till(store_id=store_id, name=name, label=name) for name in names]
        db.session.add_all(tills)
    people = [factories.create_user(store_id, f"cashier{till.id}").id for till in tills]
    return [deeds.open_shift(till.id, person) for till, person in zip(tills, people, strict=True)]


@pytest.mark.scratch
def test_eight_processes_that_hear_of_one_piece_of_money_book_it_once(app, day):
    with app.app_context():
        dawdle(db.engine, "BEFORE INSERT", "gateway_transaction")
    assert settle_one_hash_at_eight_tills(day) == (1, 1)


@pytest.mark.scratch
@pytest.mark.postgres
def test_without_its_unique_key_that_check_sees_it_booked_again(app, day, scratch):
    with app.app_context():
        dawdle(db.engine, "BEFORE INSERT", "gateway_transaction")
    scratch("DROP INDEX uq_transaction_reference")
    booked, settling = settle_one_hash_at_eight_tills(day)
    assert booked == settling > 1


def close_without_turns(app, day, shift):
    """Let eight close a shift in programs that do not queue at the till; return the numbers."""
    with app.app_context():
        # So long that the last of eight has read the open shift before the first has closed it.
        dawdle(db.engine, "BEFORE UPDATE OF status", "shift", seconds=0.8)
    close = partial(deeds.close, shift, day.shop.manager.id)
    eight(day, deeds.without_turns, close)
    return day.witness.numbers(day.shop.till_id)


@pytest.mark.scratch
def test_where_closers_do_not_queue_the_unique_key_still_lets_one_report_be(app, day, shift):
    assert close_without_turns(app, day, shift) == [1]


@pytest.mark.scratch
@pytest.mark.postgres
def test_without_its_unique_key_that_check_sees_a_second_report(app, day, shift, scratch):
    scratch("ALTER TABLE z_report DROP CONSTRAINT uq_z_report_shift_id")
    assert len(close_without_turns(app, day, shift)) > 1


def test_eight_closers_under_kills_leave_one_report_for_each_shift(day):
    chance, killed = Random(3), 0
    for number in range(1, 5):
        shift = day.open_shift()
        day.settle(day.sell(shift))
        close = partial(day.start, deeds.close, shift, day.shop.manager.id)
        starts = [close(kill_at=chance.randint(1, 30)) for _ in range(8)]
        heard = run_together(starts, [chance.uniform(0, 0.1) for _ in starts])
        killed += heard.count(KILLED)
        assert [one for one in heard if isinstance(one, int)] in ([], [number])
        last = day.run(deeds.close, shift, day.shop.manager.id)
        assert last in (number, Failed("ShiftClosed"))
        assert day.witness.numbers(day.shop.till_id) == [*range(1, number + 1)]
    assert killed > 4
    assert day.end() == []


HALF = """SELECT s.id FROM shift s LEFT JOIN z_report z ON z.shift_id = s.id
    WHERE (s.closed_at IS NULL) != (z.id IS NULL)
    OR z.id IS NOT NULL AND (SELECT count(*) FROM cash_count c WHERE c.shift_id = s.id) != 1"""


def sell_a_shift(day, number):
    """Open a drawer with ten dollars and 40,000 riel, and sell for cash and by QR."""
    shift = day.open_shift((usd("10"), khr("40000")))
    day.settle(day.sell(shift))
    for part in range(number):
        day.do(till_deeds.take_cash, shift, Cash(300 + 100 * part, 10_000), day.new_key())
    return shift


def test_eight_who_count_one_drawer_under_kills_leave_one_report_for_each_shift(day):
    chance, killed = Random(5), 0
    with day.app.app_context():
        factories.set_rate(day.shop)
    for number in range(1, 5):
        shift = sell_a_shift(day, number)
        right, who = day.do(till_deeds.expected, shift), day.shop.manager.id
        args = [(shift, right, f"count-{shift}-by-{one}", who) for one in range(9)]
        count = partial(day.start, till_deeds.count_and_close)
        starts = [count(*one, kill_at=chance.randint(1, 40)) for one in args[:8]]
        heard = run_together(starts, [chance.uniform(0, 0.1) for _ in starts])
        killed += heard.count(KILLED)
        assert [one for one in heard if isinstance(one, int)] in ([], [number])
        last = day.run(till_deeds.count_and_close, *args[8])
        assert last in (number, Failed("ShiftClosed"))
        assert day.witness.numbers(day.shop.till_id) == [*range(1, number + 1)]
        assert day.witness.rows(HALF) == []
    assert killed > 4
    assert day.end() == []
