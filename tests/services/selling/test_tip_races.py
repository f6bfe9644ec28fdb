import pytest

from pos.errors import QrWaiting
from pos.extensions import db
from pos.models import Payment, Shift, TipAsk
from pos.services.bookkeeping import shifts
from pos.services.selling import tips
from tests.factories import new_key, usd
from tests.racing import errors, race
from tests.tipping import asking_shift, charge, sales


@pytest.fixture
def shift(context, shop):
    return asking_shift(shop)


def at_once(app, shift, *deeds):
    ask_id = charge(shift).id
    results = race(app, *(lambda one=one: one(db.session.get_one(TipAsk, ask_id)) for one in deeds))
    payments = db.session.query(Payment).count()
    return errors(results), sales(), payments


def test_of_choosing_and_skipping_at_once_one_sells(app, shift):
    problems, sold, payments = at_once(app, shift, lambda it: tips.choose(it, 35), tips.skip)
    assert (problems, len(sold), payments) == ([], 1, 1)
    assert sold[0] in ((385, 35), (350, 0))


def test_two_taps_at_once_sell_once(app, shift):
    taps = [lambda it, minor=minor: tips.choose(it, minor) for minor in (18, 35, 50)]
    problems, sold, payments = at_once(app, shift, *taps)
    assert (problems, len(sold), payments) == ([], 1, 1)
    assert sold[0] in ((368, 18), (385, 35), (400, 50))


def test_of_choosing_and_closing_at_once_no_sale_is_in_a_closed_shift(app, shift):
    shift_id, by = shift.id, shift.cashier_id
    problems, sold, _ = at_once(
        *(app, shift, lambda it: tips.choose(it, 35), lambda _it: shifts.close_shift(shift_id, by))
    )
    is_closed = db.session.get_one(Shift, shift_id).closed_at is not None
    assert is_closed is (sold == []) and all(isinstance(it, QrWaiting) for it in problems)


def test_of_cancelling_and_choosing_at_once_there_is_a_sale_or_none(app, shift):
    problems, sold, _ = at_once(app, shift, lambda it: tips.choose(it, 35), tips.cancel)
    assert len(sold) == len(problems) and len(sold) < 2


def test_two_charges_at_once_ask_one_customer(app, shift):
    shift_id = shift.id

    def charge_again():
        tips.charge(db.session.get_one(Shift, shift_id), usd("3.50"), new_key(), who="dara")

    problems = errors(race(app, charge_again, charge_again))
    assert [type(it) for it in problems] == [QrWaiting]
    assert (db.session.query(TipAsk).count(), sales()) == (1, [])
