from datetime import timedelta

import pytest
from sqlalchemy import select

from pos.database import writing
from pos.extensions import db
from pos.gateways.base import Trouble
from pos.models import Display, Login, Till
from pos.reports.counter import glance
from pos.services.bookkeeping import shifts
from pos.services.people import users
from pos.services.selling import checkout
from pos.services.settling import answers
from pos.services.shop import displays, lease
from tests import said
from tests.counting import queries
from tests.factories import charge, open_shift, pair_screen

pytestmark = pytest.mark.usefixtures("context")

EVERY = displays.SEEN_EVERY
WHO = "cashier:dara"


@pytest.fixture
def shift(context, shop):
    return open_shift(shop)


@pytest.fixture
def look(context, shop):
    """A look at the cashier's till, as a poll does it."""
    token = users.log_in(shop.cashier.username, shop.cashier.password)
    return lambda: glance.at_till(users.hash_of(token))


@pytest.fixture
def watch(context, shop):
    """A look at a customer's screen that follows the first till."""
    token = displays.start().token
    pair_screen(displays.of_token(token).pairing_code, db.session.get_one(Till, shop.till_id))
    return lambda: glance.at_display(displays.hash_of(token), EVERY)


def test_a_till_is_idle_until_something_is_charged(shift, look, watch):
    assert (look().phase, watch().phase) == ("idle", "idle")
    charge(shift)
    assert (look().phase, watch().phase) == ("waiting", "waiting")


def test_nothing_changed_nothing_to_draw_and_one_query(shift, look, watch):
    charge(shift)
    before = look(), watch()
    with queries() as asked:
        assert (look().mark, watch().mark) == (before[0].mark, before[1].mark)
    assert len(asked) == 2


def test_a_glance_writes_nothing_and_leaves_no_transaction(shift, look):
    charge(shift)
    with queries() as asked:
        look()
    assert asked[0].startswith("SELECT")
    assert not db.session().in_transaction()


CHANGES = [
    lambda payment: said.tell(payment, said.paid(payment)),
    lambda payment: said.tell(payment, said.paid(payment, amount=payment.amount + payment.amount)),
    lambda payment: said.tell(payment, said.FAILED),
    lambda payment: said.tell(payment, said.unknown(Trouble.DOWN)),
    lambda payment: checkout.cancel(payment, who=WHO),
    lambda payment: checkout.new_qr(payment, who=WHO),
]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_screen_shows_changes_its_mark(shift, look, watch, clock, change):
    payment = charge(shift)
    before = look().mark, watch().mark
    clock.advance(1)
    change(payment)
    assert look().mark != before[0]
    assert watch().mark != before[1]


def test_each_question_to_the_bank_is_news_for_the_till_alone(shift, look, watch, clock):
    payment = charge(shift)
    before = look().mark, watch().mark
    clock.advance(3)
    said.tell(payment, said.NOT_FOUND)
    assert look().mark != before[0]
    assert watch().mark == before[1]


@pytest.mark.parametrize("dead_for", [0, 1, 60, 3_600])
def test_a_qr_is_hidden_when_its_time_is_up_even_if_the_worker_is_dead(
    shift, look, watch, clock, dead_for
):
    payment = charge(shift)
    clock.time = payment.expires_at - timedelta(milliseconds=1)
    assert watch().phase == "waiting"
    clock.time = payment.expires_at + timedelta(seconds=dead_for)
    assert (look().phase, watch().phase) == ("checking", "checking")


def test_a_paid_screen_clears_by_itself(shift, look, watch, clock):
    payment = charge(shift)
    said.tell(payment, said.paid(payment))
    shown = look().mark, watch().mark
    clock.advance(7.999)
    assert (look().mark, watch().mark) == shown
    clock.advance(0.001)
    assert (look().phase, watch().phase) == ("idle", "idle")


def test_a_cancel_leaves_the_customers_screen_at_once_and_ends_as_cancelled(shift, look, watch):
    payment = charge(shift)
    checkout.cancel(payment, who=WHO)
    assert (look().phase, watch().phase) == ("cancelling", "checking")
    said.tell(payment, said.NOT_FOUND)
    assert (look().phase, watch().phase) == ("cancelled", "idle")


def test_an_expired_qr_is_told_and_then_forgotten(shift, look, watch, clock):
    payment = charge(shift)
    clock.time = payment.expires_at
    answers.expire_due()
    assert (look().phase, watch().phase) == ("checking", "checking")
    clock.advance(10)
    said.tell(payment, said.NOT_FOUND)
    assert (look().phase, watch().phase) == ("expired", "expired")
    clock.advance(30)
    assert (look().phase, watch().phase) == ("expired", "idle")
    clock.advance(570)
    assert look().phase == "idle"


def test_an_older_qr_that_is_paid_is_told_as_paid_not_as_cancelled(shift, look, watch, clock):
    older = charge(shift)
    fresh = checkout.new_qr(older, who=WHO)
    said.tell(older, said.paid(older))
    assert (look().phase, watch().phase) == ("paid", "paid")
    clock.advance(1)
    said.tell(fresh, said.NOT_FOUND)
    assert (look().phase, watch().phase) == ("paid", "paid")
    clock.advance(7)
    assert (look().phase, watch().phase) == ("idle", "idle")


def test_a_second_payment_of_a_sale_calls_for_a_person(shift, look, watch):
    older = charge(shift)
    fresh = checkout.new_qr(older, who=WHO)
    for paid in (older, fresh):
        said.tell(paid, said.paid(paid))
    assert (look().phase, watch().phase) == ("late", "ask")


def test_a_qr_that_could_not_be_made_is_told_to_the_till_only(shift, shop, look, watch):
    with writing(db.session):
        shift.till.store.merchant.name = ""
    charge(shift)
    assert (look().phase, watch().phase) == ("create_failed", "idle")


def test_a_silent_worker_is_told_at_the_till(shift, look, clock):
    assert look().worker_silent
    lease.hold("a-worker")
    alive = look()
    assert not alive.worker_silent
    clock.advance(15)
    assert look().mark == alive.mark
    clock.advance(0.001)
    assert look().worker_silent
    assert look().mark != alive.mark


def test_a_login_that_is_over_sees_nothing(shift, shop, look, clock):
    assert look() is not None
    users.set_active(db.session.scalars(select(Login)).one().user, False)
    assert look() is None


def test_a_login_ends_with_its_hours(shift, look, clock):
    clock.advance(hours=11, minutes=59)
    assert look() is not None
    clock.advance(minutes=1)
    assert look() is None


def test_without_a_shift_a_person_has_no_till(shift, shop, look):
    assert look().shift_id == shift.id
    shifts.close_shift(shift.id, shop.cashier.id)
    assert (look().till_id, look().shift_id) == (None, None)


def test_each_till_has_screens_of_its_own(shop, shift, look):
    before = look().mark
    other = shifts.open_shift(shop.till_ids[1], shop.manager.id, shift.floats)
    charge(other)
    assert look().mark == before


def test_an_unpaired_screen_shows_its_code_until_it_is_paired(shop, clock):
    token = displays.start().token
    seen = glance.at_display(displays.hash_of(token), EVERY)
    code = displays.of_token(token).pairing_code
    assert (seen.phase, seen.till_id, seen.mark) == ("pairing", None, f"pairing-{code}")
    pair_screen(code, db.session.get_one(Till, shop.till_id))
    assert glance.at_display(displays.hash_of(token), EVERY).phase == "closed"


def test_a_screen_that_was_taken_back_sees_nothing(shop, watch):
    display = db.session.scalars(select(Display)).one()
    displays.revoke(display.id, shop.store_id)
    assert watch() is None


def test_a_screen_is_due_a_note_of_life_every_twenty_seconds(watch, clock):
    assert not watch().is_due_a_note
    clock.advance(19.999)
    assert not watch().is_due_a_note
    clock.advance(0.001)
    assert watch().is_due_a_note
