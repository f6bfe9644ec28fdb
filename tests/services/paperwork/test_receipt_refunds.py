"""What a receipt tells of money that went back after it was written."""

import pytest
from sqlalchemy import update

from pos.cash import Cash
from pos.database import writing
from pos.extensions import db
from pos.models import Device, GatewayTransaction, Kind, Receipt
from pos.paper.document import Paper
from pos.reports.paperwork import documents
from pos.services.bookkeeping import drawer
from pos.services.bookkeeping.drawer import Wish
from pos.services.paperwork import printing, receipts
from pos.services.reconciling import returned
from pos.services.selling import tenders
from pos.services.selling.tenders import Offer
from pos.states import MovementKind
from tests.factories import new_key, set_rate, usd
from tests.payway import shift
from tests.refunding import REFUND_PATH, all_refunds, at_bank, give_back, paid, payway_shop, shop

__all__ = ["paid", "payway_shop", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def receipt(paid):
    return receipts.issue(paid.settles_sale_id)


def told(document):
    """The lines under "Given back", without the moments before them."""
    found = [one for one in document.sections if one.heading == "Given back"]
    return [(line.label, line.value) for one in found for line in one.lines]


def shown(receipt):
    return told(documents.find(Kind.RECEIPT, receipt.id).document)


def print_it(receipt):
    usual = {"device": Device.BROWSER, "paper": Paper.ROLL, "who": "cashier:dara"}
    return printing.ask(Kind.RECEIPT, receipt.id, **usual)


def test_a_receipt_without_refunds_says_nothing_of_them(receipt):
    assert shown(receipt) == []


def test_each_refund_and_what_is_left_stand_on_the_receipt(receipt, paid, shop, clock):
    give_back(paid.id, shop, "3")
    clock.advance(hours=1)
    give_back(paid.id, shop, "2")
    assert shown(receipt) == [
        ("Sun 22 Nov 2026, 09:00:00", "$3.00"),
        ("Sun 22 Nov 2026, 10:00:00", "$2.00"),
        ("In all", "$5.00"),
        ("Left of what was paid", "$5.00"),
    ]


def test_the_receipt_itself_stays_as_it_was_written(receipt, paid, shop):
    before = receipt.body
    give_back(paid.id, shop, "10")
    assert db.session.get_one(Receipt, receipt.id, populate_existing=True).body == before
    assert shown(receipt)[-1] == ("Left of what was paid", "$0.00")


def test_a_receipt_written_after_the_refund_tells_of_it_too(paid, shop):
    give_back(paid.id, shop, "3")
    assert len(shown(receipts.issue(paid.settles_sale_id))) == 3


def test_a_copy_tells_what_the_first_print_could_not_know(receipt, paid, shop, clock):
    first = print_it(receipt)
    clock.advance(minutes=1)
    give_back(paid.id, shop, "3")
    clock.advance(minutes=1)
    copy = print_it(receipt)
    assert told(documents.as_printed(first)) == []
    assert told(documents.as_printed(copy))[-1] == ("Left of what was paid", "$7.00")
    assert "COPY 1" in documents.as_printed(copy).flags


def test_a_refund_whose_answer_was_lost_is_said_to_be_under_way(receipt, paid, shop, bank):
    bank.misbehave(drop=True, path=REFUND_PATH)
    give_back(paid.id, shop, "3")
    assert shown(receipt)[0] == ("Being given back", "$3.00")


def test_a_refund_that_was_refused_is_not_told(receipt, paid, shop, bank):
    bank.misbehave(payway_code="PTL181", path=REFUND_PATH)
    give_back(paid.id, shop, "3")
    assert [str(one.status) for one in all_refunds()] == ["refused"] and shown(receipt) == []


def test_what_went_back_at_the_bank_is_told_once_a_manager_took_note(receipt, paid, shop, bank):
    at_bank(bank, paid, "4")
    with writing(db.session):
        money = db.session.get_one(GatewayTransaction, paid.id)
        returned.hear(money, usd("4"), who="worker")
    assert shown(receipt) == []
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    returned.take_note(all_refunds()[0].id, "seen in the portal", who="manager:maly", **people)
    assert shown(receipt)[-1] == ("Left of what was paid", "$6.00")


def test_money_that_paid_no_sale_stands_on_no_receipt(receipt, paid, shop):
    give_back(paid.id, shop, "3")
    with writing(db.session):
        db.session.execute(update(GatewayTransaction).values(settles_sale_id=None))
    assert shown(receipt) == []


def test_cash_that_went_back_is_told_as_cash(shift, shop):
    set_rate(shop)
    taken = tenders.take_for_new_sale(
        shift.id, usd("10"), Offer(given=Cash(1_000, 0)), new_key(), who="cashier:dara"
    )
    people = {"asked_by_id": shop.cashier.id, "approved_by_id": shop.manager.id}
    wish = Wish(kind=MovementKind.REFUND, cash=Cash(), reason="goods_back", **people)
    drawer.refund(shift.id, taken.sale_id, usd("4"), wish, new_key())
    found = shown(receipts.issue(taken.sale_id))
    assert found[0][0].startswith("in cash, ") and found[-1][1] == "$6.00"
