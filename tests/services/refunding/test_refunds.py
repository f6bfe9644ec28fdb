"""Money given back through PayWay: partly, again, never too much, and never twice."""

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from pos.database import writing
from pos.errors import BadInput, Refused
from pos.extensions import db
from pos.models import GatewayAccount, GatewayTransaction, Refund
from pos.services.refunding import refunds
from pos.states import RefundStatus
from tests import racing
from tests.factories import khr, usd
from tests.payway import asked, shift
from tests.refunding import (
    all_refunds,
    at_bank,
    bank_total,
    give_back,
    paid,
    payway_shop,
    shop,
    wish,
)

__all__ = ["paid", "payway_shop", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

R = RefundStatus


def sent(bank):
    return asked(bank).count("refund")


def test_parts_go_back_until_nothing_is_left(paid, shop, bank):
    for amount, left in [("3", 700), ("6.99", 1), ("0.01", 0)]:
        refund = give_back(paid.id, shop, amount)
        db.session.refresh(paid)
        assert (refund.status, paid.left.minor) == (R.DONE, left)
    assert float(bank_total(bank, paid)) == 10.0
    with pytest.raises(Refused, match="All of this money"):
        give_back(paid.id, shop, "0.01")
    assert sent(bank) == 3


@pytest.mark.parametrize("amount", ["10.01", "1000000"])
def test_more_than_was_paid_is_refused_before_anything_is_asked(paid, shop, bank, amount):
    before = len(asked(bank))
    with pytest.raises(BadInput, match=r"At most \$10.00"):
        give_back(paid.id, shop, amount)
    assert len(asked(bank)) == before and all_refunds() == []


@pytest.mark.parametrize(
    "bad",
    [
        {"amount": khr("4000")},
        {"reason": "because"},
        {"reason": "other"},
        {"note": "x" * 501},
        {"note": "bell\x07"},
        {"key": "short"},
    ],
    ids=str,
)
def test_a_bad_form_sends_nothing(paid, shop, bank, bad):
    with pytest.raises(BadInput):
        give_back(paid.id, shop, **bad)
    assert sent(bank) == 0 and all_refunds() == []


def test_one_form_makes_one_refund(paid, shop, bank):
    form = wish(shop, "4")
    first, second = (refunds.give_back(paid.id, form, who="cashier:dara") for _ in range(2))
    assert first.id == second.id and sent(bank) == 1
    db.session.refresh(paid)
    assert paid.refunded_minor == 400


def test_of_eight_refunds_at_once_of_more_than_half_one_is_made(app, paid, shop, bank):
    money_id = paid.id
    results = racing.race(app, *[lambda: give_back(money_id, shop, "6").status] * 8)
    assert results.count(R.DONE) == 1 and len(racing.errors(results)) == 7
    assert all(isinstance(one, Refused) for one in racing.errors(results))
    assert (sent(bank), float(bank_total(bank, paid))) == (1, 6.0)


def test_one_form_sent_eight_times_at_once_makes_one_refund(app, paid, shop, bank):
    money_id, form = paid.id, wish(shop, "1")
    deed = lambda: refunds.give_back(money_id, form, who="cashier:dara").id  # noqa: E731
    results = racing.race(app, *[deed] * 8)
    made = {one for one in results if isinstance(one, int)}
    assert len(made) == 1 and sent(bank) == 1
    assert db.session.scalar(select(func.count(Refund.id))) == 1


def test_the_database_itself_takes_no_more_than_was_paid(paid):
    for minor in (1001, -1):
        with pytest.raises(IntegrityError), writing(db.session):
            db.session.execute(update(GatewayTransaction).values(refunded_minor=minor))


def test_the_database_itself_takes_one_open_refund_of_money(paid, shop):
    first = give_back(paid.id, shop, "1")
    names = [column.key for column in Refund.__mapper__.columns if column.key != "id"]
    same = {name: getattr(first, name) for name in names}
    with pytest.raises(IntegrityError), writing(db.session):
        for number in range(2):
            db.session.add(Refund(**{**same, "key": f"another-{number}", "status": R.UNKNOWN}))


@pytest.mark.parametrize(
    ("switches", "says"),
    [
        ({"status": 503}, "Nothing was sent"),
        ({"cut": True}, "Nothing was sent"),
        ({"payway_code": "6"}, "Nothing was sent"),
        ({"payway_code": "429"}, "slow down"),
    ],
    ids=str,
)
def test_a_bank_that_cannot_be_looked_into_is_sent_nothing(paid, shop, bank, switches, says):
    bank.misbehave(**switches)
    with pytest.raises(Refused, match=says):
        give_back(paid.id, shop)
    assert sent(bank) == 0 and all_refunds() == []


def test_what_went_back_at_the_bank_is_found_first_and_leaves_less(paid, shop, bank):
    at_bank(bank, paid, "8")
    with pytest.raises(Refused, match=r"left of this payment: \$2.00"):
        give_back(paid.id, shop, "3")
    (found,) = all_refunds()
    assert (found.status, found.amount, sent(bank)) == (R.FOUND, usd("8"), 0)
    assert give_back(paid.id, shop, "2").status is R.DONE


def test_a_no_of_the_bank_leaves_the_money_free(paid, shop, bank, clock):
    clock.advance(days=31)
    refund = give_back(paid.id, shop)
    assert (refund.status, refund.code) == (R.REFUSED, "PTL57")
    assert refund.says and refund.ended_at
    db.session.refresh(paid)
    assert paid.left == usd("10")


def test_an_account_without_a_refund_key_is_told_so(paid, shop, bank, app):
    with writing(db.session):
        db.session.execute(update(GatewayAccount).values(refund_key_sealed=""))
    refund = give_back(paid.id, shop)
    assert (refund.status, sent(bank)) == (R.REFUSED, 0) and "key" in refund.says
