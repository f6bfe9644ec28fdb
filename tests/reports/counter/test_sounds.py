import pytest
from sqlalchemy import select

from pos.errors import BadInput
from pos.extensions import db
from pos.models import Display, Till
from pos.reports.counter import glance, screens
from pos.services.people import users
from pos.services.shop import displays, sounds
from tests import said
from tests.factories import charge, open_shift, pair_screen, usd

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def till(shift, shop):
    """What the till has to sound now, and whether it is the one that does."""
    login = users.hash_of(users.log_in(shop.cashier.username, shop.cashier.password))

    def heard():
        sound = screens.till_screen(shift, glance.at_till(login)).sounds
        return sound.names, sound.speaks

    return heard


@pytest.fixture
def pair(shift, shop):
    """Pairs one more display, and gives what that one has to sound now."""

    def paired():
        token = displays.start().token
        till = db.session.get_one(Till, shop.till_id)
        row = pair_screen(displays.of_token(token).pairing_code, till).id
        key = displays.hash_of(token)

        def heard():
            look = glance.at_display(key, displays.SEEN_EVERY)
            sound = screens.display_screen(db.session.get_one(Display, row), look).sounds
            return sound.names, sound.speaks

        return heard

    return paired


def pay(payment, **wrong):
    said.tell(payment, said.paid(payment, **wrong))


def test_a_paid_sale_sounds_at_the_till_alone_unless_the_shop_chose(shift, till, pair):
    display, payment = pair(), charge(shift)
    assert till() == ("", True)
    pay(payment)
    assert till() == (f"success:{payment.tran_id}", True)
    assert display() == ("", False)


def test_the_display_sounds_instead_of_the_till_once_it_was_chosen(shift, till, pair):
    display, payment = pair(), charge(shift)
    sounds.choose(shift.till_id, "display")
    pay(payment)
    assert display() == (f"success:{payment.tran_id}", True)
    assert till() == (f"success:{payment.tran_id}", False)


def test_of_two_displays_the_one_that_was_paired_first_sounds(shift, pair, clock):
    first, second = pair(), pair()
    sounds.choose(shift.till_id, "display")
    pay(charge(shift))
    assert (first()[1], second()) == (True, ("", False))


def test_the_till_sounds_for_a_display_that_is_off_or_not_there(shift, till, pair, clock):
    sounds.choose(shift.till_id, "display")
    assert till() == ("", True)
    display = pair()
    assert (till()[1], display()[1]) == (False, True)
    clock.advance(46)
    assert (till()[1], display()[1]) == (True, False)


def test_what_calls_for_a_manager_is_not_for_the_customers_ears(shift, till, pair):
    display, payment = pair(), charge(shift)
    sounds.choose(shift.till_id, "display")
    pay(payment, amount=usd("0.01"))
    assert till() == (f"attention:{payment.tran_id}", False)
    assert display() == ("", True)


def test_late_money_of_an_older_sale_sounds_beside_the_sale_at_hand(shift, till, clock):
    old = charge(shift)
    pay(old, amount=usd("0.01"))
    new = charge(shift)
    pay(new)
    assert till() == (f"success:{new.tran_id} attention:{old.tran_id}", True)


def test_a_payment_that_failed_is_a_problem_on_both(shift, till, pair):
    display, payment = pair(), charge(shift)
    said.tell(payment, said.FAILED)
    assert till()[0] == f"problem:{payment.tran_id}"
    sounds.choose(shift.till_id, "display")
    assert display()[0] == f"problem:{payment.tran_id}"


def test_a_choice_draws_both_screens_anew_and_no_other_place_is_taken(shift):
    versions = select(Till.screen_version).where(Till.id == shift.till_id)
    before = db.session.scalar(versions)
    sounds.choose(shift.till_id, "display")
    assert db.session.scalar(versions) == before + 1
    with pytest.raises(BadInput):
        sounds.choose(shift.till_id, "street")
