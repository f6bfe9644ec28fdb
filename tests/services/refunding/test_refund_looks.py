"""Refunds whose answer was lost: found again at the bank, never sent again."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from pos.database import writing
from pos.errors import AlreadyDecided, BadInput, Refused
from pos.extensions import db
from pos.models import Refund
from pos.services.refunding import refund_looks
from pos.states import RefundStatus
from tests import racing
from tests.factories import usd
from tests.payway import asked, shift
from tests.refunding import REFUND_PATH, all_refunds, at_bank, give_back, paid, payway_shop, shop

__all__ = ["paid", "payway_shop", "shift", "shop"]

pytestmark = pytest.mark.usefixtures("context")

R = RefundStatus
LOST = {"happened": {"cut": True}, "never came": {"status": 503}}


@pytest.fixture
def lose(paid, shop, bank):
    """Makes a refund of three dollars of which no usable answer comes."""

    def lose(how):
        bank.misbehave(**LOST[how], path=REFUND_PATH)
        refund = give_back(paid.id, shop)
        bank.behave()
        assert refund.status is R.UNKNOWN
        return refund

    return lose


def look(refund):
    refund_looks.look(refund.id, who="worker")
    db.session.refresh(refund)
    return refund.status


def decide(refund, shop, went_back, note="seen in the bank's app"):
    refund_looks.decide(
        refund.id, went_back=went_back, note=note, approved_by_id=shop.manager.id, who="m"
    )


@pytest.mark.parametrize("how", LOST)
def test_a_refund_without_an_answer_is_open_and_keeps_its_money(paid, shop, bank, lose, how):
    lose(how)
    db.session.refresh(paid)
    assert paid.left == usd("7")
    with pytest.raises(Refused, match="still open"):
        give_back(paid.id, shop, "1")
    assert asked(bank).count("refund") == 1


@pytest.mark.parametrize("how", LOST)
def test_it_is_never_sent_again_however_often_it_is_looked_for(bank, clock, lose, how):
    refund = lose(how)
    for _ in range(40):
        clock.advance(minutes=1)
        refund_looks.give_up_sending()
        for refund_id in refund_looks.due():
            refund_looks.look_if_due(refund_id)
    assert asked(bank).count("refund") == 1
    db.session.refresh(refund)
    assert refund.status is (R.DONE if how == "happened" else R.REFUSED)


def test_one_that_happened_is_found_by_the_banks_total(bank, clock, lose):
    refund = lose("happened")
    assert refund_looks.due() == []
    clock.advance(15)
    assert refund_looks.due() == [refund.id] and refund_looks.look_if_due(refund.id)
    db.session.refresh(refund)
    assert (refund.status, refund.next_look_at, len(all_refunds())) == (R.DONE, None, 1)


def test_one_that_did_not_is_free_only_when_it_can_no_more_be_on_its_way(paid, clock, lose):
    refund = lose("never came")
    clock.advance(refund_looks.SURE_AFTER.total_seconds() - 1)
    assert look(refund) is R.UNKNOWN
    clock.advance(1)
    assert look(refund) is R.REFUSED
    db.session.refresh(paid)
    assert paid.left == usd("10")


@pytest.mark.parametrize(
    "switches", [{"status": 503}, {"payway_code": "6"}, {"wrong_amount": True}], ids=str
)
def test_a_bank_that_cannot_tell_ends_nothing(bank, clock, lose, switches):
    refund = lose("never came")
    clock.advance(hours=1)
    bank.misbehave(**switches)
    assert look(refund) is R.UNKNOWN
    assert refund.next_look_at == refund_looks.clock.now() + timedelta(seconds=600)


def test_a_part_that_somebody_gave_back_meanwhile_decides_nothing(paid, bank, clock, lose):
    refund = lose("never came")
    at_bank(bank, paid, "1")
    clock.advance(hours=1)
    assert look(refund) is R.UNKNOWN


def test_more_than_ours_is_ours_and_the_rest_somebodys(paid, bank, clock, lose):
    refund = lose("happened")
    at_bank(bank, paid, "1")
    assert look(refund) is R.DONE
    assert [(one.status, one.amount) for one in all_refunds()[1:]] == [(R.FOUND, usd("1"))]


def test_a_program_that_died_while_sending_leaves_an_open_refund(bank, paid, shop, clock):
    refund = give_back(paid.id, shop)
    with writing(db.session):
        died = {"status": R.SENDING, "ended_at": None, "shift_id": None}
        db.session.execute(update(Refund).values(**died))
    refund_looks.give_up_sending()
    assert all_refunds()[0].status is R.SENDING
    clock.advance(35)
    refund_looks.give_up_sending()
    assert refund_looks.due() == [refund.id] and look(refund) is R.DONE


def test_one_of_two_lookers_looks(app, clock, bank, lose):
    refund_id = lose("happened").id
    clock.advance(15)
    before = asked(bank).count("transaction-detail")
    results = racing.race(app, *[lambda: refund_looks.look_if_due(refund_id)] * 4)
    assert sorted(results) == [False, False, False, True]
    assert asked(bank).count("transaction-detail") == before + 1


def test_a_manager_ends_what_the_bank_cannot_tell(paid, shop, bank, clock, lose):
    refund = lose("never came")
    at_bank(bank, paid, "1")
    with pytest.raises(Refused, match="on its way"):
        decide(refund, shop, went_back=False)
    clock.advance(minutes=5)
    with pytest.raises(BadInput):
        decide(refund, shop, went_back=False, note=" ")
    decide(refund, shop, went_back=False)
    db.session.refresh(refund)
    assert (refund.status, refund.note) == (R.REFUSED, "seen in the bank's app")
    with pytest.raises(AlreadyDecided):
        decide(refund, shop, went_back=True)


def test_a_person_looks_at_once_but_not_all_the_time(lose, clock):
    refund = lose("happened")
    assert refund_looks.look_now(refund.id, who="cashier:dara") is R.DONE
    with pytest.raises(Refused, match="a moment ago"):
        refund_looks.look_now(refund.id, who="cashier:dara")


def test_a_total_without_this_refund_is_no_answer(paid, shop, bank):
    give_back(paid.id, shop, "3")
    bank.misbehave(set={"total_refunded": 3.0}, path=REFUND_PATH)
    assert give_back(paid.id, shop, "3").status is R.UNKNOWN


def test_nothing_is_sent_while_the_bank_shows_less_than_our_books(paid, shop, bank, lose):
    refund = lose("never came")
    decide(refund, shop, went_back=True)
    with pytest.raises(Refused, match=r"given back \$0.00, our books say \$3.00"):
        give_back(paid.id, shop, "1")
    assert asked(bank).count("refund") == 1
