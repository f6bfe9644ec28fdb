import pytest

from pos.extensions import db
from pos.models import User
from pos.reports.office import attention
from pos.reports.office.attention_wanted import Wanted
from pos.services.settling import attention as deciding
from pos.states import Remark, ResolutionKind
from tests import said
from tests.factories import charge, create_other_shop, open_shift, usd


@pytest.fixture
def shift(shop, context, clock):
    return open_shift(shop)


@pytest.fixture
def waiting(shift, clock):
    """Seven pieces of money that wait, of five payments: some of one instant, some of one QR."""
    rows = []
    for at in range(5):
        clock.advance(at % 2)
        rows.append(charge(shift, usd("3.50")))
        said.tell(rows[at], said.paid(rows[at], amount=usd("3"), reference=f"first-{at}"))
    for at, payment in enumerate(rows[3:]):
        said.tell(payment, said.paid(payment, amount=usd("1"), reference=f"more-{at}"))
    return rows


def write_off(payment_id, money_id, shop):
    decision = deciding.Decision(
        kind=ResolutionKind.WRITTEN_OFF,
        reason="other",
        note="as we agreed",
        asked_by_id=shop.cashier.id,
        approved_by_id=shop.manager.id,
    )
    deciding.resolve(payment_id, money_id, decision, who="cashier:dara")


def read(shop, **wanted):
    person = db.session.get_one(User, shop.manager.id)
    return attention.queue(person, Wanted(**wanted))


def ids(page):
    return [(one.payment_id, one.money_id) for one in page.items]


def walk(shop, **wanted):
    """Read page after page to the end, and return what stood on all of them."""
    seen, page = [], read(shop, **wanted)
    while page.newer:
        seen += ids(page)
        page = read(shop, **wanted, after=page.newer)
    return seen + ids(page)


@pytest.mark.parametrize("size", [1, 2, 6, 7])
def test_pages_hold_all_that_waits_once_and_oldest_first(shop, waiting, monkeypatch, size):
    whole = read(shop)
    assert (len(whole.items), whole.total, whole.newer) == (7, 7, None)
    assert [one.at for one in whole.items] == sorted(one.at for one in whole.items)
    monkeypatch.setattr(attention, "PAGE", size)
    assert walk(shop) == ids(whole)
    assert (len(read(shop).items), read(shop).total) == (size, 7)


def test_what_is_decided_meanwhile_moves_nothing_off_the_pages(shop, waiting, monkeypatch):
    whole = ids(read(shop))
    monkeypatch.setattr(attention, "PAGE", 2)
    first = read(shop)
    write_off(*whole[0], shop)
    assert ids(read(shop, after=first.newer)) == whole[2:4]
    assert (read(shop).total, walk(shop)) == (6, whole[1:])


def test_filters_hold_on_every_page(shop, waiting, shift, clock, monkeypatch):
    monkeypatch.setattr(attention, "PAGE", 2)
    clock.advance(7_200)
    much = charge(shift, usd("2"))
    said.tell(much, said.paid(much, amount=usd("5")))
    short = {"kind": Remark.UNDERPAID, "till_id": shop.till_id}
    assert len(walk(shop, **short)) == len(walk(shop, **short, age="hour")) == 7
    assert [one for one, _money in walk(shop, kind=Remark.OVERPAID)] == [much.id]
    assert walk(shop, age="day") == walk(shop, kind=Remark.PAID_LATE) == []


def test_a_decision_keeps_the_kind_that_was_decided_about(shop, waiting, monkeypatch):
    first, rest = waiting[0], {"kind": Remark.UNDERPAID}
    write_off(*next(one for one in ids(read(shop)) if one[0] == first.id), shop)
    assert read(shop, **rest).total == 6


def test_any_item_is_found_wherever_it_stands_and_by_its_own_store_alone(
    bank, shop, waiting, monkeypatch
):
    monkeypatch.setattr(attention, "PAGE", 1)
    other = db.session.get_one(User, create_other_shop(bank.url, bank.token()).manager.id)
    mine = db.session.get_one(User, shop.manager.id)
    for payment in waiting:
        found = attention.of_payment(mine, payment.tran_id)
        assert found is not None and found.payment_id == payment.id
        assert attention.of_payment(other, payment.tran_id) is None
    assert attention.of_payment(mine, "no\x00number") is None
