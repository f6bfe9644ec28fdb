import random

import pytest
from sqlalchemy import select

from pos import clock
from pos.extensions import db
from pos.models import GatewayTransaction, Payment
from pos.reports.office import payment_search
from pos.reports.office.payment_search import Wanted
from pos.states import PaymentStatus
from tests import said
from tests.factories import charge, create_other_shop, open_shift, usd

PAYERS = ("sok_2345@abaa", "12345@wing", "SOK_2345@ABAA", "2345", "92345@aclb", "sok2345", "a@b")
TYPED = (*PAYERS, "2345@", "k_2345", "SOK2345", "_2345", "2345@abaa", "12345", "9999", "abaa")
FILTERS = ({}, {"state": PaymentStatus.PAID}, {"state": PaymentStatus.MISMATCH}, {"till_id": 1})


@pytest.fixture
def shops(shop, context, clock, bank):
    """Two stores with some money each, of payers whose accounts end alike."""
    drawn, both = random.Random(7), (shop, create_other_shop(bank.url, bank.token()))
    opened = [open_shift(one) for one in both]
    for at in range(33):
        clock.advance(at % 2)
        payment, amount = charge(opened[at % 3 == 0], usd("3.50")), drawn.choice(("3.50", "3"))
        said.tell(payment, said.paid(payment, payer=drawn.choice(PAYERS), amount=usd(amount)))
    return both


def of_payer(typed, shop, state=None, till_id=0):
    """Look at each payment of a store, one by one, and return the ids of those that fit."""
    low, money = typed.lower(), GatewayTransaction
    rows = db.session.execute(
        select(Payment, money.payer).join(money, money.payment_id == Payment.id)
    )
    return [
        payment.id
        for payment, payer in sorted(rows, key=lambda row: (row[0].made_at, row[0].id))[::-1]
        if payment.till_id in ((till_id,) if till_id else shop.till_ids)
        and (payment.till_id in shop.till_ids and state in (None, payment.status))
        and (payer.lower() == low or ("@" not in low and payer.lower().split("@")[0].endswith(low)))
    ]


def found(typed, shop, **filters):
    """Search page after page."""
    ids, before, today = [], None, clock.business_date(clock.now())
    while True:
        wanted = Wanted(store_id=shop.store_id, text=typed, before=before, **filters)
        page = payment_search.newest(wanted, today)
        ids += [payment_id for _at, payment_id in page[: payment_search.PAGE]]
        if len(page) <= payment_search.PAGE:
            return ids
        before = page[payment_search.PAGE - 1]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_payers_end_finds_what_a_look_at_every_payment_finds(shops, monkeypatch, filters):
    monkeypatch.setattr(payment_search, "PAGE", 4)
    count = 0
    for shop in shops:
        for typed in TYPED:
            ids = of_payer(typed, shop, **filters)
            assert found(typed, shop, **filters) == ids, (typed, shop.store_id)
            count += len(ids)
    assert count > 20


def test_of_ends_that_very_many_have_the_newest_are_found(shops, monkeypatch):
    shop = shops[0]
    whole = of_payer("2345", shop)
    monkeypatch.setattr(payment_search, "MOST_OF_A_TAIL", 9)
    some = found("2345", shop)
    assert 0 < len(some) < len(whole) and some == whole[: len(some)]


def test_a_payers_money_is_taken_by_its_end_before_it_is_looked_at(shops, plans):
    found("sok_2345", shops[0])
    told = "\n".join(plan for plan, asked in plans if "payer_tail" in asked)
    is_sqlite = db.engine.dialect.name == "sqlite"
    assert "ix_transaction_payer" in told if is_sqlite else told.count("Limit") == 2
