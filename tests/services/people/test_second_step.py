import pytest
from sqlalchemy import text

from pos import clock as clocks
from pos import totp
from pos.errors import NotAllowed, Refused
from pos.extensions import db
from pos.models import AuditEntry, Role, User
from pos.services.people import codes, people, second_step, users
from tests import racing
from tests.factories import PASSWORD, create_user

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def maly(context, shop, clock):
    return db.session.get_one(User, shop.manager.id)


def app_shows(key, steps=0):
    """What the app on the phone shows now, or some steps from now."""
    return totp.code_at(key, totp.step_of(clocks.now()) + steps)


def turned_on(user):
    """Turn it on: the key of the app, and the recovery codes."""
    second_step.begin(user, PASSWORD)
    key = second_step.begun_key(user)
    return key, second_step.turn_on(user, app_shows(key), keep_token="")


def deeds():
    return [entry.deed for entry in db.session.query(AuditEntry).order_by(AuditEntry.link)]


def refused(user, code, why="is wrong, or was used"):
    with pytest.raises(Refused, match=why):
        second_step.come_in(user, code)


def test_the_key_is_stored_sealed_and_the_codes_hashed(maly):
    key, recovery = turned_on(maly)
    stored = str(db.session.execute(text("SELECT * FROM second_step")).all())
    stored += str(db.session.execute(text("SELECT * FROM recovery_code")).all())
    assert (len(key), len(set(recovery))) == (20, 10)
    for secret in (key.hex(), totp.as_text(key), *recovery, *map(codes.read, recovery)):
        assert secret not in stored


def test_it_is_on_only_after_a_right_code(maly):
    second_step.begin(maly, PASSWORD)
    with pytest.raises(Refused, match="is wrong"):
        second_step.turn_on(maly, "000000x", keep_token="")
    assert not codes.is_on(maly.id)
    assert users.log_in(maly.username, PASSWORD)


def test_it_takes_the_password_to_begin(maly):
    with pytest.raises(Refused, match="current password is wrong"):
        second_step.begin(maly, "not-the-password")
    with pytest.raises(Refused, match="too long"):
        second_step.begun_key(maly)


def test_a_key_that_was_shown_waits_a_quarter_of_an_hour(maly, clock):
    second_step.begin(maly, PASSWORD)
    key = second_step.begun_key(maly)
    clock.advance(minutes=15)
    with pytest.raises(Refused, match="too long"):
        second_step.turn_on(maly, app_shows(key), keep_token="")


def test_once_on_the_password_alone_opens_nothing(maly, clock):
    key, _codes = turned_on(maly)
    with pytest.raises(Refused, match="takes a code as well"):
        users.log_in(maly.username, PASSWORD)
    clock.advance(seconds=30)
    assert users.of_token(second_step.come_in(maly, app_shows(key))).user is maly


def test_turning_it_on_ends_the_other_logins(maly):
    mine, other = users.log_in(maly.username, PASSWORD), users.log_in(maly.username, PASSWORD)
    second_step.begin(maly, PASSWORD)
    code = app_shows(second_step.begun_key(maly))
    second_step.turn_on(maly, code, keep_token=mine)
    assert (users.of_token(mine) is None, users.of_token(other)) == (False, None)


def test_it_is_not_set_up_again_while_it_is_on(maly):
    turned_on(maly)
    with pytest.raises(Refused, match="on already"):
        second_step.begin(maly, PASSWORD)


def test_no_code_is_taken_twice_not_even_the_one_that_turned_it_on(maly, clock):
    key, _codes = turned_on(maly)
    refused(maly, app_shows(key))
    clock.advance(seconds=30)
    second_step.come_in(maly, app_shows(key))
    refused(maly, app_shows(key))


@pytest.mark.parametrize(("steps", "is_taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(maly, clock, steps, is_taken):
    key, _codes = turned_on(maly)
    clock.advance(minutes=10)
    if is_taken:
        assert second_step.come_in(maly, app_shows(key, steps))
    else:
        refused(maly, app_shows(key, steps))


def test_five_wrong_codes_make_it_wait_even_for_the_right_one(maly, clock):
    key, recovery = turned_on(maly)
    for _ in range(codes.TRIES):
        refused(maly, "000000x")
    for code in (app_shows(key, 1), recovery[0]):
        refused(maly, code, "Too many wrong codes")
    assert deeds()[-1] == "code_waits"
    clock.advance(minutes=15)
    assert second_step.come_in(maly, app_shows(key))


def test_a_right_password_does_not_forgive_wrong_codes(maly):
    turned_on(maly)
    for _ in range(codes.TRIES):
        users.recognise(maly.username, PASSWORD)
        refused(maly, "000000x")
    refused(maly, "000000x", "Too many wrong codes")


def test_each_recovery_code_works_once_and_is_written_down(maly):
    _key, recovery = turned_on(maly)
    assert second_step.come_in(maly, f" {recovery[3].upper().replace('-', ' ')} ")
    assert (codes.left(maly.id), deeds()[-2:]) == (9, ["recovery_code_used", "logged_in"])
    refused(maly, recovery[3])
    assert second_step.come_in(maly, recovery[4])


def test_a_recovery_code_is_for_its_own_person(maly, shop):
    other = create_user(shop.store_id, "sophea", role=Role.MANAGER)
    _key, recovery = turned_on(maly)
    sophea = db.session.get_one(User, other.id)
    turned_on(sophea)
    refused(sophea, recovery[0])


@pytest.mark.parametrize("password", [PASSWORD, "not-the-password"])
def test_it_takes_password_and_code_to_turn_it_off(maly, clock, password):
    key, _codes = turned_on(maly)
    clock.advance(seconds=30)
    code = app_shows(key) if password != PASSWORD else "000000x"
    with pytest.raises(Refused, match="is wrong"):
        second_step.turn_off(maly, password, code)
    assert codes.is_on(maly.id)


def test_off_the_password_is_enough_again_and_the_codes_are_gone(maly):
    _key, recovery = turned_on(maly)
    second_step.turn_off(maly, PASSWORD, recovery[0])
    assert (codes.is_on(maly.id), codes.left(maly.id)) == (False, 0)
    assert users.log_in(maly.username, PASSWORD)
    assert deeds()[-3:] == ["recovery_code_used", "second_step_off", "logged_in"]


def test_who_stands_higher_takes_it_away_and_the_logins_with_it(maly, shop, clock):
    owner = db.session.get_one(User, create_user(shop.store_id, "rith", role=Role.OWNER).id)
    key, _codes = turned_on(maly)
    clock.advance(seconds=30)
    token = second_step.come_in(maly, app_shows(key))
    people.reset_second_step(owner, maly.id)
    assert (users.of_token(token), deeds()[-1]) == (None, "second_step_reset")
    assert users.log_in(maly.username, PASSWORD)
    with pytest.raises(Refused, match="no second step"):
        people.reset_second_step(owner, maly.id)


def test_nobody_takes_it_away_from_themselves_or_who_stands_higher(maly, shop):
    owner = db.session.get_one(User, create_user(shop.store_id, "rith", role=Role.OWNER).id)
    turned_on(maly)
    for other in (maly, owner):
        with pytest.raises(NotAllowed):
            people.reset_second_step(maly, other.id)
    assert codes.is_on(maly.id)


def test_one_code_typed_twice_at_once_opens_one_login(app, maly, clock):
    key, _codes = turned_on(maly)
    clock.advance(seconds=30)
    user_id, code = maly.id, app_shows(key)

    def come_in():
        return second_step.come_in(db.session.get_one(User, user_id), code)

    results = racing.race(app, *[come_in] * 4)
    assert sum(isinstance(one, str) for one in results) == 1
    assert all(isinstance(one, Refused) for one in racing.errors(results))


def test_one_recovery_code_typed_twice_at_once_opens_one_login(app, maly):
    _key, recovery = turned_on(maly)
    user_id = maly.id

    def come_in():
        return second_step.come_in(db.session.get_one(User, user_id), recovery[0])

    results = racing.race(app, *[come_in] * 4)
    assert sum(isinstance(one, str) for one in results) == 1


def test_many_wrong_codes_at_once_are_no_more_than_five(app, maly, clock):
    key, _codes = turned_on(maly)
    user_id = maly.id

    def guess():
        second_step.come_in(db.session.get_one(User, user_id), "000000x")

    told = [str(one) for one in racing.race(app, *[guess] * 8)]
    assert told.count(str(codes.WRONG)) == codes.TRIES
