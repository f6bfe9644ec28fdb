import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from cryptography.fernet import Fernet
from pydantic import SecretStr

from pos.errors import BadInput, NotAllowed, WrongPin
from pos.extensions import db
from pos.models import Role, User
from pos.services.people import pins, users
from tests import factories, racing
from tests.factories import PIN

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def approve(context, shop):
    """The manager's agreement at the first till, or another."""
    factories.give_pin(shop.manager)
    return lambda pin=PIN, till=0: pins.approve(
        shop.manager.id, pin, shop.till_ids[till], shop.store_id
    )


def fail(approve, times, **where):
    for _ in range(times):
        with pytest.raises(WrongPin):
            approve("999999", **where)


def test_the_right_pin_says_who_agreed(approve, shop):
    assert approve().id == shop.manager.id


@pytest.mark.parametrize("pin", ["", "12345", "123456", "987654", "111111", "121212", "12345a",
                                 "1" * 13, "១២៣៤៥៦"])  # fmt: skip
def test_a_pin_that_is_easy_to_guess_is_refused(shop, pin):
    with pytest.raises(BadInput):
        pins.set_pin(db.session.get_one(User, shop.manager.id), pin)


def test_a_pin_is_kept_as_a_hash_only(approve, shop):
    hashed = db.session.get_one(User, shop.manager.id).pin_hash
    assert hashed.startswith("pepper $argon2id$")
    assert PIN not in hashed


def test_a_copy_of_the_books_without_the_vault_key_proves_no_pin(approve, app, shop, settings):
    hashed = db.session.get_one(User, shop.manager.id).pin_hash
    with pytest.raises(VerificationError):
        PasswordHasher().verify(hashed.removeprefix("pepper "), PIN)
    other = {"vault_key": SecretStr(Fernet.generate_key().decode())}
    app.extensions["pos_settings"] = settings.model_copy(update=other)
    assert not pins.is_pin(hashed, PIN)
    app.extensions["pos_settings"] = settings
    assert pins.is_pin(hashed, PIN)


def test_a_pin_from_before_the_pepper_is_taken_until_it_is_set_anew(context):
    assert pins.is_pin(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN), PIN)
    assert not pins.is_pin(None, PIN)


def test_who_takes_no_payments_has_no_pin(shop):
    auditor = factories.create_user(shop.store_id, "sary", Role.AUDITOR)
    with pytest.raises(NotAllowed):
        pins.set_pin(db.session.get_one(User, auditor.id), PIN)


def test_a_cashier_has_a_pin_and_agrees_to_nothing_with_it(approve, shop):
    factories.give_pin(shop.cashier)
    with pytest.raises(BadInput):
        pins.approve(shop.cashier.id, PIN, shop.till_id, shop.store_id)


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MANAGER, Role.OWNER])
def test_who_stands_higher_agrees(shop, role):
    person = factories.give_pin(factories.create_user(shop.store_id, "sary", role))
    assert pins.approve(person.id, PIN, shop.till_id, shop.store_id).id == person.id


def test_an_owner_agrees_in_every_store_of_the_merchant_and_no_other(shop, bank):
    owner = factories.give_pin(factories.create_user(shop.store_id, "sary", Role.OWNER))
    second = factories.add_store(shop)
    assert pins.approve(owner.id, PIN, second.till_id, second.store_id).id == owner.id
    others = factories.create_other_shop(bank.url, bank.token())
    with pytest.raises(BadInput):
        pins.approve(owner.id, PIN, others.till_id, others.store_id)


def test_nobody_else_can_agree(approve, shop):
    for person in (shop.cashier.id, 77, None):
        with pytest.raises(BadInput):
            pins.approve(person, PIN, shop.till_id, shop.store_id)
    with pytest.raises(BadInput):
        pins.approve(shop.manager.id, PIN, shop.till_id, shop.store_id + 1)
    users.set_active(db.session.get_one(User, shop.manager.id), False)
    with pytest.raises(BadInput):
        approve()


def test_five_wrong_pins_make_that_manager_wait_at_that_till(approve, clock):
    fail(approve, 5)
    with pytest.raises(WrongPin, match="Wait"):
        approve()
    assert approve(till=1)
    clock.advance(minutes=15)
    assert approve()


def test_the_right_pin_at_the_fifth_try_clears_the_count(approve):
    fail(approve, 4)
    assert approve()
    fail(approve, 4)
    assert approve()


def test_many_wrong_pins_at_once_are_no_more_than_five_tries(app, approve):
    results = racing.race(app, *[lambda: approve("999999")] * 8)
    told = [one.text for one in racing.errors(results)]
    assert (told.count(pins.WRONG), told.count(pins.WAITING)) == (5, 3)
