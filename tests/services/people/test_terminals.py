from types import SimpleNamespace

import pytest

from pos.errors import BadInput, NotFound, TooSoon, WrongPin
from pos.extensions import db
from pos.models import Role, Terminal, User
from pos.services.people import pins, terminals, users
from tests import factories, racing
from tests.factories import PIN, create_user, give_pin

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def till(shop):
    """An enrolled till at which the cashier has a PIN."""
    give_pin(shop.cashier)
    maly = db.session.get_one(User, shop.manager.id)
    secret = terminals.enroll(maly, "Tablet")
    return SimpleNamespace(secret=secret, id=terminals.of_token(secret).id, person=shop.cashier)


def come_in(till, pin=PIN, person=None):
    person = person or till.person
    row = db.session.get_one(Terminal, till.id)
    return terminals.come_in(row, person.id, pin, "Chrome, Android")


def fail(till, times, person=None):
    for _ in range(times):
        with pytest.raises(WrongPin):
            come_in(till, "999111", person)


def manager_of(shop):
    return db.session.get_one(User, shop.manager.id)


def test_a_pin_opens_a_login_that_says_how_and_where_it_was_made(till):
    login = users.of_token(come_in(till))
    assert (login.user_id, login.by_pin, login.terminal_id) == (till.person.id, True, till.id)
    assert login.device == "Chrome, Android"


def test_only_the_hash_of_the_secret_is_kept(till):
    assert till.secret not in str(db.session.get_one(Terminal, till.id).__dict__)
    assert len(till.secret) >= 43


@pytest.mark.parametrize("secret", ["", "x", "x" * 5_000, "ក"])
def test_a_browser_without_the_secret_is_no_till(till, secret):
    assert terminals.of_token(secret) is None


def test_five_wrong_pins_make_that_person_wait_at_that_till(till, clock, shop):
    give_pin(shop.manager)
    fail(till, 5)
    with pytest.raises(TooSoon):
        come_in(till)
    assert come_in(till, person=shop.manager)
    clock.advance(minutes=15)
    assert come_in(till)


def test_twenty_wrong_pins_make_the_till_wait_for_everybody(till, shop):
    people = [give_pin(create_user(shop.store_id, f"person{at}")) for at in range(5)]
    for person in people:
        fail(till, 4, person)
    with pytest.raises(TooSoon):
        come_in(till)


def test_many_wrong_pins_at_once_are_no_more_than_five_tries(app, till):
    results = racing.race(app, *[lambda: come_in(till, "999111")] * 8)
    told = [type(one) for one in racing.errors(results)]
    assert (told.count(WrongPin), told.count(TooSoon)) == (5, 3)


def test_a_right_pin_forgets_the_wrong_ones(till):
    fail(till, 4)
    come_in(till)
    fail(till, 4)
    assert come_in(till)


def test_nobody_comes_in_who_has_no_pin_or_is_of_another_store(till, shop, bank):
    others = factories.create_other_shop(bank.url, bank.token())
    auditor = create_user(shop.store_id, "sary", Role.AUDITOR)
    for person in (give_pin(others.cashier), shop.manager, auditor):
        with pytest.raises(WrongPin):
            come_in(till, person=person)


def test_an_owner_comes_in_at_the_store_of_the_till(till, shop):
    second = factories.add_store(shop)
    owner = give_pin(create_user(second.store_id, "sary", Role.OWNER))
    assert users.of_token(come_in(till, person=owner)).user.store_id == shop.store_id


def test_a_till_taken_back_is_over_at_once_with_every_login_there(till, shop):
    token = come_in(till)
    terminals.revoke(manager_of(shop), till.id)
    assert users.of_token(token) is None
    assert terminals.of_token(till.secret) is None
    with pytest.raises(NotFound):
        terminals.revoke(manager_of(shop), till.id)


def test_no_store_takes_back_the_till_of_another(till, bank):
    other = factories.create_other_shop(bank.url, bank.token())
    with pytest.raises(NotFound):
        terminals.revoke(manager_of(other), till.id)
    assert terminals.of_token(till.secret)


def test_a_till_that_nobody_touches_is_locked_and_another_login_is_not(till, clock, shop):
    token, elsewhere = come_in(till), users.log_in("dara", shop.cashier.password)
    clock.advance(minutes=5, seconds=-1)
    assert users.of_token(token)
    clock.advance(1)
    assert users.of_token(token) is None
    assert users.of_token(elsewhere)


@pytest.mark.parametrize("name", ["", "\0", "x" * 65])
def test_a_till_has_a_name(shop, name):
    with pytest.raises(BadInput):
        terminals.enroll(db.session.get_one(User, shop.manager.id), name)


def test_a_pin_is_not_the_password(till, shop):
    with pytest.raises(WrongPin):
        come_in(till, shop.cashier.password)
    assert pins.is_pin(None, "") is False
