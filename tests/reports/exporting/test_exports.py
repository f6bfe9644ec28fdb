import tracemalloc
from datetime import date

import pytest
from sqlalchemy import insert, select

from pos import clock as pos_clock
from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import Payment, Sale
from pos.reports.closing import z_report
from pos.reports.exporting import export_table
from pos.reports.exporting.export_table import Span
from pos.reports.exporting.exports import EXPORTS
from pos.services.bookkeeping import counting, drawer, shifts
from pos.services.bookkeeping.drawer import Wish
from pos.services.selling import checkout, tenders
from pos.services.selling.keypad import Keyed
from pos.services.selling.tenders import Offer
from pos.states import MovementKind as K
from tests import said
from tests.counting import queries
from tests.factories import charge, close_shift, khr, new_key, open_shift, set_rate, usd

pytestmark = pytest.mark.usefixtures("context")

DAY = date(2026, 11, 22)


def read(shop, name="payments", first=DAY, last=DAY):
    export = EXPORTS[name]
    names = [column.name for column in export.columns]
    rows = export_table.rows(export, Span(shop.store_id, first, last))
    return [dict(zip(names, row, strict=True)) for row in rows]


def sell(shift, asked, clock, **wrong):
    payment = charge(shift, asked)
    clock.advance(2)
    said.tell(payment, said.paid(payment, **wrong))
    return payment


def a_mixed_day(shop, clock):
    """Two tills: sales in both currencies, wrong, late, double and cancelled money."""
    for till in (0, 1):
        shift = open_shift(shop, till)
        for amount in ("0.01", "3.50", "99999.99", "1.10"):
            sell(shift, usd(amount), clock)
        sell(shift, khr("15000"), clock)
        paid = sell(shift, khr("500"), clock)
        said.tell(paid, said.paid(paid, reference=f"twice-{till}"))
        sell(shift, usd("4.00"), clock, amount=usd("3.99"))
        yield shifts.close_shift(shift.id, shop.cashier.id)


def test_a_payment_is_found_by_the_note_of_its_sale(shop):
    shift, keyed = open_shift(shop), Keyed(note="table 7")
    checkout.charge(shift.id, usd("3.50"), new_key(), who="cashier:dara", keyed=keyed)
    assert [row["Note"] for row in read(shop)] == ["table 7"]


def test_each_currency_has_a_column_of_its_own(shop, clock):
    shift = open_shift(shop)
    sell(shift, usd("3.50"), clock)
    sell(shift, khr("15000"), clock)
    rows = read(shop)
    assert [(row["Received USD"], row["Received KHR"]) for row in rows] == [
        (usd("3.50").decimal, None),
        (None, khr("15000").decimal),
    ]


def test_a_payment_that_nobody_paid_stands_there_too(shop):
    payment = charge(open_shift(shop))
    (row,) = read(shop)
    assert (row["Number"], row["Status"], row["Received USD"]) == (payment.tran_id, "Waiting", None)
    assert (row["Asked USD"], row["In the Z total"], row["Z report"]) == (
        usd("3.50").decimal,
        "no",
        None,
    )


def test_another_day_and_another_store_are_left_out(shop, clock):
    sell(open_shift(shop), usd("1"), clock)
    assert read(shop, first=date(2026, 11, 23), last=date(2027, 1, 1)) == []
    span = Span(shop.store_id + 1, DAY, DAY)
    assert export_table.is_empty(EXPORTS["payments"], span)
    assert not export_table.is_empty(EXPORTS["payments"], Span(shop.store_id, DAY, DAY))


def test_money_of_a_closed_till_is_on_the_day_of_the_report_that_tells_of_it(shop, clock):
    first = open_shift(shop)
    payment = charge(first)
    sent = clock.time
    clock.advance(600)
    said.tell(payment, said.NOT_FOUND)
    shifts.close_shift(first.id, shop.cashier.id)
    said.tell(payment, said.paid(payment, paid_at=sent))
    clock.advance(hours=24)
    open_shift(shop)
    (row,) = read(shop, last=date(2026, 11, 23))
    assert row["Business day"] == pos_clock.business_date(clock.time)


def test_a_shift_tells_what_it_took_and_its_report(shop, clock):
    reports = list(a_mixed_day(shop, clock))
    rows = read(shop, "shifts")
    assert [(row["Till"], row["Z report"]) for row in rows] == [("Till 1", 1), ("Till 2", 1)]
    for row, report in zip(rows, reports, strict=True):
        totals = z_report.from_json(report.body).totals
        told = [(row[f"KHQR payments {c}"], row[f"KHQR {c}"]) for c in ("KHR", "USD")]
        assert told == [(one.count, one.amount.decimal) for one in totals]


def test_drawer_movements_are_numbers_in_and_out(shop, clock):
    shift = a_day_with_cash(shop)
    wish = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    put = Wish(kind=K.PAID_IN, cash=Cash(2_000, 40_000), reason="change_brought", **wish)
    took = Wish(kind=K.PAID_OUT, cash=Cash(500), reason="other", note="=ice()", **wish)
    looked = Wish(kind=K.NO_SALE, cash=Cash(), reason="looked", **wish)
    for at, one in enumerate((put, took, looked)):
        drawer.move(shift.id, one, f"key-{at}")
    columns = ("What", "In USD", "In KHR", "Out USD", "Out KHR", "Note", "Agreed by")
    assert [tuple(row[name] for name in columns) for row in read(shop, "movements")] == [
        ("Paid in", 20, 40_000, None, None, "", "Maly"),
        ("Paid out", None, None, 5, 0, "=ice()", "Maly"),
        ("Drawer opened", None, None, None, None, "", "Maly"),
    ]
    assert read(shop, "movements", first=date(2026, 11, 23), last=date(2027, 1, 1)) == []


def test_a_refund_in_cash_names_its_sale_and_its_report(shop):
    shift = a_day_with_cash(shop)
    (sale_id,) = db.session.scalars(select(Sale.id))
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    wish = Wish(kind=K.REFUND, cash=Cash(), reason="goods_back", **people)
    drawer.refund(shift.id, sale_id, usd("3.59"), wish, "back")
    close_shift(shift, shop.cashier)
    (row,) = read(shop, "movements")
    told = ("Sale", "Out USD", "Out KHR", "Rounding KHR", "Z report", "Reason")
    assert [row[name] for name in told] == [1, 3, 2_400, -40, 1, "The goods came back"]


def a_day_with_cash(shop):
    """$50 in the drawer and $3.59 sold for $5, with a change of $1 and 1,600 riel."""
    set_rate(shop)
    shift = open_shift(shop, floats=(usd("50"), khr("100000")))
    offer = Offer(given=Cash(500))
    tenders.take_for_new_sale(shift.id, usd("3.59"), offer, "sold", who="dara")
    return shift


COUNTED = ("Counted USD", "Counted KHR", "Over or short USD", "Over or short KHR")


def test_a_shift_tells_its_last_count_only_when_it_is_closed(shop):
    shift = a_day_with_cash(shop)
    counting.begin(shift.id)
    for dollars, riel in ((1_000, 0), (1_000, 98_500)):
        counted = counting.Counted(pieces={}, other=Cash(dollars, riel))
        counting.submit(shift.id, counted, f"count-{riel}", counted_by_id=shop.cashier.id)
        (row,) = read(shop, "shifts")
        assert (row["Status"], [row[one] for one in COUNTED]) == ("Being counted", [None] * 4)
    off = counting.Off(reason="other", note="two notes torn", approved_by_id=shop.manager.id)
    counting.close_off(shift.id, off, closed_by_id=shop.cashier.id)
    (row,) = read(shop, "shifts")
    assert [row[one] for one in COUNTED] == [10, 98_500, -44, 100]
    assert (row["Why it is off"][:14], row["Note"]) == ("Another reason", "two notes torn")


def test_a_shift_that_was_not_counted_tells_no_count(shop):
    shifts.close_shift(open_shift(shop).id, shop.cashier.id)
    (row,) = read(shop, "shifts")
    assert [row[one] for one in COUNTED] == [None] * 4


def many_payments(shift, count):
    """Put so many sales into the books at once, each with a payment nobody paid."""
    sample = charge(shift)
    sale = {**vars(sample.sale)}
    sales, payments = [], []
    for at in range(1000, 1000 + count):
        given = {"id": at, "number": at, "key": f"k{at}"}
        sales.append({**columns(Sale, sale), **given})
        given = {"id": at, "sale_id": at, "tran_id": f"T{at}", "lookup": f"l{at}"}
        payments.append({**columns(Payment, vars(sample)), **given})
    with writing(db.session):
        db.session.execute(insert(Sale), sales)
        db.session.execute(insert(Payment), payments)


def columns(table, values):
    return {one.key: values[one.key] for one in table.__mapper__.column_attrs}


def test_every_row_comes_once_in_order_a_page_at_a_time(shop):
    many_payments(open_shift(shop), 1_799)
    with queries() as asked:
        numbers = [row["Number"] for row in read(shop)]
    assert len(numbers) == len(set(numbers)) == 1_800
    assert numbers[1:] == [f"T{at}" for at in range(1000, 2799)]
    assert len([one for one in asked if "LIMIT" in one]) == 1_800 // export_table.PAGE + 1


def test_rows_of_a_year_take_the_memory_of_a_page(shop):
    many_payments(open_shift(shop), 4_000)
    span = Span(shop.store_id, DAY, DAY)
    rows = export_table.rows(EXPORTS["payments"], span)
    next(rows)
    tracemalloc.start()
    assert sum(1 for _ in rows) == 4_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000
    assert db.session.scalar(select(Payment.id).limit(1)) is not None
