from datetime import timedelta

import pytest
from sqlalchemy import text

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Payment
from pos.money import Currency
from pos.reports.office import payment_search, payments
from pos.reports.office.payment_search import Wanted
from pos.services.selling import checkout
from pos.services.selling.keypad import Keyed
from pos.states import PaymentStatus, Remark
from tests import said
from tests.factories import charge, create_other_shop, khr, new_key, open_shift, usd
from tests.plans import walks_a_till, walks_all

HASH = "ab12cd34" + "0" * 55 + "f"


@pytest.fixture
def shift(shop, context, clock):
    return open_shift(shop)


def found(shop, **wanted):
    today = clock.business_date(clock.now())
    page = payments.page(Wanted(store_id=shop.store_id, **wanted), today)
    return [one.tran_id for one in page.lines]


def sell(shift, amount=None, note="", **money):
    payment = checkout.charge(
        shift.id, amount or usd("3.50"), new_key(), who="dara", keyed=Keyed(note=note)
    )
    said.tell(payment, said.paid(payment, **money))
    return payment


@pytest.fixture
def sold(shop, shift, clock):
    """Three payments, a minute apart: paid with a note, paid, and one in riel that waits."""
    money = {"reference": HASH, "payer": "sok_12345@abaa", "bank_reference": "FT-77"}
    first = sell(shift, note="Table 4, Sok 100%", **money)
    clock.advance(60)
    rows = [first, sell(shift, usd("4"))]
    clock.advance(60)
    rows.append(charge(shift, khr("15000")))
    return [row.tran_id for row in rows]


def test_without_filters_the_newest_comes_first(shop, sold):
    assert found(shop) == sold[::-1]


@pytest.mark.parametrize(
    "typed",
    [
        *("3.50", "$3.50", "#1", HASH, HASH.upper(), HASH[:8], "FT-77"),
        *("sok_12345@abaa", "SOK_12345@abaa", "2345", "12345", "sok_12345"),
        *("table 4", "Sok", "100%", "tran", "md5"),
    ],
)
def test_a_payment_is_found_by_each_thing_that_is_known_of_it(shop, sold, typed):
    payment = db.session.query(Payment).filter_by(tran_id=sold[0]).one()
    words = {"tran": payment.tran_id, "md5": payment.lookup}
    assert found(shop, text=words.get(typed, typed)) == [sold[0]]


@pytest.mark.parametrize(
    "typed", ["9.99", "2346", "9345", "x_12345@abaa", "table_4", "%", "''", "\x00"]
)
def test_what_fits_nothing_finds_nothing(shop, sold, typed):
    assert found(shop, text=typed) == ([sold[0]] if typed == "%" else [])


@pytest.mark.parametrize(
    ("wanted", "which"),
    [
        ({"state": PaymentStatus.PAID}, [1, 0]),
        ({"state": PaymentStatus.AWAITING}, [2]),
        ({"currency": Currency.KHR}, [2]),
        ({"gateway": "bakong"}, [2, 1, 0]),
        ({"gateway": "payway"}, []),
        ({"cashier_id": 1}, [2, 1, 0]),
        ({"cashier_id": 2}, []),
        ({"till_id": 1}, [2, 1, 0]),
        ({"till_id": 2}, []),
        ({"remark": Remark.DUPLICATE}, []),
        ({"text": "$4", "state": PaymentStatus.PAID}, [1]),
        ({"text": "sok", "currency": Currency.KHR}, []),
    ],
    ids=str,
)
def test_filters_narrow_the_list(shop, sold, wanted, which):
    assert found(shop, **wanted) == [sold[one] for one in which]


def test_days_begin_and_end_at_the_shops_midnight(shop, shift, clock):
    clock.time = clock.time.replace(hour=16, minute=59, second=59)
    before = sell(shift).tran_id
    clock.advance(1)
    after = charge(shift).tran_id
    day = clock.time.date()
    assert found(shop, first=day, last=day) == [before]
    assert found(shop, first=day + timedelta(days=1)) == [after]


def test_pages_follow_each_other_without_a_gap_or_a_repeat(shop, shift, clock, monkeypatch):
    monkeypatch.setattr(payment_search, "PAGE", 2)
    monkeypatch.setattr(payments, "PAGE", 2)
    # Two are of the same instant.
    all_of_them = [(sell(shift).tran_id, clock.advance(n % 2))[0] for n in range(5)]
    seen, before = [], None
    while True:
        wanted = Wanted(store_id=shop.store_id, before=before)
        page = payments.page(wanted, clock.time.date())
        seen += [one.tran_id for one in page.lines]
        before = page.older
        if before is None:
            break
    assert seen == all_of_them[::-1]


def test_an_old_note_is_found_when_its_days_are_asked_for(shop, sold, clock):
    made = clock.time.date()
    clock.advance(days=40)
    assert found(shop, text="table 4") == []
    assert found(shop, text="3.50") == [sold[0]]
    assert found(shop, text="table 4", last=made) == [sold[0]]


def test_another_store_finds_nothing_of_ours(bank, shop, sold):
    other = create_other_shop(bank.url, bank.token())
    for typed in ("", "3.50", "1", HASH, HASH[:8], "2345", "FT-77", sold[0], "table"):
        assert found(other, text=typed) == [], typed
    assert found(other, till_id=shop.till_id) == []


def test_the_end_of_a_payers_account_is_kept_with_the_money(sold):
    assert db.session.query(GatewayTransaction).first().payer_tail == "2345"


@pytest.mark.parametrize("typed", ["", "3.50", "15000", HASH, HASH[:8], "12345", "a@b1234", "Sok"])
@pytest.mark.parametrize("more", [{}, {"state": PaymentStatus.PAID}, {"cashier_id": 1}], ids=str)
def test_no_search_walks_through_all_payments(shop, sold, plans, typed, more):
    found(shop, text=typed, **more)
    assert plans
    assert [(plan, asked) for plan, asked in plans if walks_all(plan)] == []


@pytest.mark.parametrize("typed", [HASH, "12345", "#1", "tran"])
@pytest.mark.parametrize("more", [{}, {"state": PaymentStatus.PAID}, {"cashier_id": 1}], ids=str)
def test_payments_that_are_known_are_taken_by_their_ids(shop, sold, plans, typed, more):
    found(shop, text=sold[0] if typed == "tran" else typed, **more)
    told = [(plan, asked) for plan, asked in plans if "payment.id IN" in asked]
    assert told
    assert [plan for plan, _ in told if walks_a_till(plan)] == []


def test_a_note_is_looked_for_without_reading_sales(shop, sold, plans):
    assert found(shop, text="table 4")
    told = [asked for _, asked in plans if "payment.plain_note LIKE" in asked]
    assert told and not [asked for asked in told if "sale" in asked.partition("FROM")[2]]


def is_postgresql():
    return db.session.get_bind().dialect.name == "postgresql"


def test_a_remark_is_found_by_its_own_index(shop, sold, plans):
    found(shop, remark=Remark.DUPLICATE)
    told = "".join(plan for plan, asked in plans if "payment.remark =" in asked)
    # Over a handful of rows PostgreSQL may take the index of all that has a remark instead.
    taken = {name for name in ("ix_payment_remark_till", "ix_payment_remarked") if name in told}
    assert taken and (taken == {"ix_payment_remark_till"} or is_postgresql())


def test_a_search_that_has_no_index_is_seen(shop, sold, plans):
    db.session.execute(text("SELECT id FROM payment WHERE receiver = 'x'")).all()
    assert [plan for plan, _ in plans if walks_all(plan)]
