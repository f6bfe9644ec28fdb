import pytest

from pos.errors import BadInput, SameAgain
from pos.extensions import db
from pos.models import Sale
from pos.services.selling import checkout, keypad, tenders
from pos.services.selling.keypad import Keyed
from tests import said
from tests.factories import charge, khr, new_key, open_shift, usd

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


def pay(payment):
    said.tell(payment, said.paid(payment))


def charge_asking(shift, amount=None):
    amount = amount or usd("3.50")
    keyed = Keyed(asks=True)
    return checkout.charge(shift.id, amount, new_key(), who="cashier:dara", keyed=keyed)


def test_the_same_amount_within_half_a_minute_is_asked_about(shift, clock):
    pay(charge(shift))
    clock.advance(29)
    with pytest.raises(SameAgain, match=r"\$3.50 was charged 29 seconds ago"):
        charge_asking(shift)
    assert db.session.query(Sale).count() == 1
    clock.advance(1)
    assert charge_asking(shift).sale.number == 2


def test_nobody_is_asked_about_another_amount_or_currency_or_one_that_was_said_to_be_meant(shift):
    for amount in (usd("3.51"), khr("400"), usd("3.50")):
        pay(charge_asking(shift, amount))
    assert charge(shift).sale.number == 4


def test_a_sale_that_was_given_up_is_not_asked_about(shift):
    checkout.cancel(charge(shift), who="cashier:dara")
    assert charge_asking(shift).sale.number == 2


def test_a_key_sent_twice_is_one_sale_and_no_question(shift):
    key, asking = new_key(), Keyed(asks=True)
    both = [
        checkout.charge(shift.id, usd("3.50"), key, who="cashier:dara", keyed=asking)
        for _ in range(2)
    ]
    assert both[0].id == both[1].id


def test_a_note_and_the_rounding_stay_with_the_sale(shift):
    keyed = Keyed(note="table 7", rounding=-49)
    payment = checkout.charge(shift.id, khr("15000"), new_key(), who="cashier:dara", keyed=keyed)
    db.session.expire_all()
    assert (payment.sale.note, payment.sale.rounding_minor) == ("table 7", -49)
    assert payment.sale.typed == khr("15049")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("  table \t 7 ", "table 7"), ("តុ\u200bលេខ៧", "តុ\u200bលេខ៧"), ("x" * 60, "x" * 60)],
)
def test_a_note_is_kept_as_it_is_read(typed, kept):
    assert keypad.read_note(typed) == kept


@pytest.mark.parametrize("typed", ["x" * 61, "a\x00b", "a\u202eb", "\x1b[2J"])
def test_a_note_that_cannot_be_shown_is_refused(typed):
    with pytest.raises(BadInput, match="60 letters"):
        keypad.read_note(typed)


def test_cash_keeps_the_note_too(shift):
    offer = tenders.Offer(given=tenders.Cash(usd=500))
    keyed = Keyed(note="8851959132012")
    tender = tenders.take_for_new_sale(
        shift.id, usd("5"), offer, new_key(), who="cashier:dara", keyed=keyed
    )
    assert tender.sale.note == "8851959132012"
