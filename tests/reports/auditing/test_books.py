import hashlib
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from pos.database import writing
from pos.extensions import db
from pos.models import Correction, ZReport
from pos.reports.auditing import books, chain
from tests.books import Days, found_after, reports
from tests.factories import set_rate
from tests.tampering import unguarded

pytestmark = pytest.mark.usefixtures("context")

WHOLE_DAYS = (
    *("khqr", "cash", "paid_out", "close", "riel", "cash", "give_up", "discounted", "tipped"),
    "close",
    *("late", "refund", "cash_back", "short", "khqr", "forget", "count_later", "khqr", "close"),
)


@pytest.fixture
def days(context, shop, clock):
    set_rate(shop)
    return Days(shop, clock).do(*WHOLE_DAYS)


@pytest.fixture
def two_days(context, shop, clock):
    return Days(shop, clock).do("khqr", "close", "khqr", "close")


def test_books_of_mixed_days_hold(days):
    verdict = books.verify()
    assert verdict.damages == ()
    assert verdict.records == 9
    assert [one.number for one in db.session.scalars(select(Correction))] == [1, 2, 3, 4]
    assert [one.kind for one in db.session.scalars(select(Correction).order_by(Correction.id))] == [
        *("late_sale", "refund", "refund", "late_count"),
    ]


def test_a_shop_without_a_report_has_books_that_hold():
    assert books.verify() == books.Verdict(0, ())


def test_the_chain_can_be_reckoned_without_this_program(two_days):
    before = "0" * 64
    for row in db.session.execute(text("SELECT * FROM z_report ORDER BY link")).all():
        lines = ["khqr-pos-books-1", "Z", f"shift {row.shift_id}", f"till {row.till_id}"]
        lines += [f"number {row.number}", f"link {row.link}", f"written {row.written_at}"]
        lines += [f"previous {before}", row.body]
        assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == row.hash
        before = row.hash


CHANGES = {
    "UPDATE z_report SET body = replace(body, '350', '450') WHERE number = 1": (
        *("Z 1", "hash", "total bakong USD"),
    ),
    "UPDATE z_report SET written_at = written_at + 1 WHERE number = 2": ("Z 2", "hash"),
    "UPDATE z_report SET hash = previous_hash WHERE number = 3": ("Z 3", "hash"),
    "UPDATE z_report SET number = 70 WHERE number = 2": ("Z 70", "number"),
    "UPDATE z_report SET body = '{}' WHERE number = 4": ("Z 4", "text"),
    "DELETE FROM z_report WHERE number = 3": ("Z 3", "number"),
    "DELETE FROM z_report WHERE number = 5": ("Z 5", "number"),
    "DELETE FROM correction WHERE number = 2": ("C-2", "number"),
    "DELETE FROM correction WHERE number = 4": ("C-4", "number"),
    "UPDATE correction SET body = replace(body, '200', '100') WHERE number = 1": ("C-1", "amount"),
    "UPDATE correction SET source = 'money:1' WHERE number = 1": ("C-1", "hash"),
    "UPDATE till SET last_z_number = 4 WHERE last_z_number = 5": ("Z 5", "number"),
    "UPDATE till SET last_link = 8 WHERE last_link = 9": ("Z 5", "link"),
    "UPDATE till SET last_hash = 'x' WHERE last_link = 9": ("Z 5", "hash"),
    "UPDATE gateway_transaction SET amount_minor = 351 WHERE amount_minor = 350 AND id = 1": (
        *("Z 1", "total bakong USD"),
    ),
    "UPDATE gateway_transaction SET settles_sale_id = NULL WHERE id = 1": (
        *("Z 1", "total bakong USD"),
    ),
    "UPDATE tender SET given_usd_minor = 600 WHERE id = 1": ("Z 1", "drawer USD given"),
    "DELETE FROM tender WHERE id = 1": ("Z 1", "cash total USD"),
    "UPDATE cash_movement SET usd_minor = 200 WHERE kind = 'paid_out'": (
        *("Z 1", "drawer USD paid out"),
    ),
    "UPDATE cash_count SET khr_minor = 0 WHERE id = 1": ("Z 1", "drawer KHR counted"),
    "UPDATE shift SET float_usd_minor = 0 WHERE id = 2": ("Z 2", "float"),
    "UPDATE discount SET minor = minor + 1 WHERE id = 1": ("Z 2", "discounts"),
    "UPDATE sale SET discount_id = NULL WHERE discount_id = 1": ("Z 2", "discounts"),
    "UPDATE sale SET tip_minor = 34 WHERE tip_minor = 35": ("Z 2", "tips"),
    "UPDATE refund SET amount_minor = 99": ("Z 3", "refund 1"),
}


def test_every_change_is_found_by_till_record_and_field(days):
    for change, (record, *fields) in CHANGES.items():
        found = found_after(change)
        assert found.get(record, set()) >= set(fields), (change, found)
    assert books.verify().damages == ()


def test_the_last_report_cannot_vanish_with_its_number(days):
    gone = "DELETE FROM z_report WHERE number = 5"
    back = "UPDATE till SET last_z_number = 4, last_link = 8 WHERE last_link = 9"
    assert set(found_after(gone, back)) == {"C-4", "shift 5"}


def test_two_reports_that_change_places_are_both_found(two_days):
    swap = "UPDATE z_report SET body = CASE number WHEN 1 THEN :two ELSE :one END"
    bodies = {"one": reports()[0].body, "two": reports()[1].body}
    found = found_after(f"{swap} WHERE number IN (1, 2)", **bodies)
    assert {record for record, fields in found.items() if "number" in fields} == {"Z 1", "Z 2"}


def test_a_report_forged_with_its_own_right_hash_breaks_the_one_after_it(two_days):
    row = reports()[0]
    body = row.body.replace("Dara", "Sara")
    changed = {"shift_id": 1, "till_id": 1, "link": 1, "number": 1, "previous_hash": chain.FIRST}
    forged = chain.hash_of(ZReport(written_at=row.written_at, body=body, **changed))
    forge = "UPDATE z_report SET body = :body, hash = :hash WHERE number = 1"
    assert found_after(forge, body=body, hash=forged) == {"Z 2": {"previous hash"}}


GUARDED = ("z_report", "correction", "payment_event", "tender", "cash_movement", "cash_count")


def test_the_database_refuses_to_change_what_is_written_once(days):
    for table in (*GUARDED, "exchange_rate", "discount"):
        for deed in (f"UPDATE {table} SET id = id + 1000", f"DELETE FROM {table}"):
            with pytest.raises(IntegrityError, match=f"{table} is written once"):
                with writing(db.session):
                    db.session.execute(text(deed))


def test_what_is_written_once_is_neither_replaced_nor_emptied(two_days):
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    replace = "INSERT OR REPLACE INTO z_report SELECT * FROM z_report"
    command = replace if is_sqlite else "TRUNCATE z_report CASCADE"
    with pytest.raises(IntegrityError, match="is written once"), writing(db.session):
        db.session.execute(text(command))


def test_a_guard_that_is_gone_is_found():
    found = []
    with unguarded("z_report"):
        found += [str(one) for one in books.verify().damages]
    assert [one[:32] for one in found] == ["Database, table z_report, guard:"]
    assert books.verify().damages == ()


DEEDS = st.lists(
    st.sampled_from(
        ["khqr", "riel", "cash", "paid_out", "cash_back", "refund", "give_up", "late", "close"]
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=DEEDS, chance=st.integers(0, 10**6))
def test_any_one_damage_to_any_days_is_named(two_days, deeds, chance):
    two_days.do(*deeds, "close")
    assert books.verify().damages == ()
    record, damage, values = one_damage(Random(chance))
    assert record in found_after(damage, **values)
    assert books.verify().damages == ()


def one_damage(chance):
    """One change of one record or of a row under it, and what the record is called."""
    z = chance.choice(reports())
    figures = [at for at in range(len(z.body)) if z.body.startswith('"minor":', at)]
    at = chance.choice(figures) + len('"minor":')
    values = {"body": z.body[:at] + "7" + z.body[at:]}
    kinds = [
        (f"Z {z.number}", f"UPDATE z_report SET body = :body WHERE id = {z.id}"),
        (f"Z {z.number}", f"UPDATE z_report SET previous_hash = hash WHERE id = {z.id}"),
        (f"Z {z.number}", f"UPDATE shift SET float_khr_minor = 1 WHERE id = {z.shift_id}"),
        (f"Z {z.number}", f"UPDATE shift SET closed_at = closed_at + 1 WHERE id = {z.shift_id}"),
    ]
    corrected = select(Correction.z_report_id)
    alone = db.session.scalars(select(ZReport).where(ZReport.id.not_in(corrected))).all()
    if alone:
        one = chance.choice(alone)
        kinds.append((f"Z {one.number}", f"DELETE FROM z_report WHERE id = {one.id}"))
    for one in db.session.scalars(select(Correction)).all():
        kinds.append((one.name, f"DELETE FROM correction WHERE id = {one.id}"))
    record, damage = chance.choice(kinds)
    return record, damage, values if ":body" in damage else {}
