import pytest
from sqlalchemy import func, select, text

from pos.errors import BadInput, Refused
from pos.extensions import db
from pos.models import LoginTry, Role, User
from pos.services.people import users
from tests import racing
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("context")

NEW = "another-password-7"


@pytest.fixture
def dara(context, shop):
    return db.session.get_one(User, shop.cashier.id)


def fail(name="dara", times=1):
    for _ in range(times):
        with pytest.raises(Refused, match="is wrong"):
            users.log_in(name, "not-the-password")


def test_a_login_is_a_long_token_of_which_only_the_hash_is_kept(dara):
    token = users.log_in("dara", PASSWORD)
    assert len(token) >= 43
    assert users.of_token(token).user is dara
    assert token not in str(db.session.execute(text("SELECT * FROM login")).all())


@pytest.mark.parametrize("typed", ["dara", " Dara ", "DARA"])
def test_a_name_is_typed_as_people_type(dara, typed):
    assert users.of_token(users.log_in(typed, PASSWORD)).user is dara


def test_every_login_is_another(dara):
    assert users.log_in("dara", PASSWORD) != users.log_in("dara", PASSWORD)


def test_whatever_is_wrong_is_told_in_the_same_words(dara):
    users.set_active(dara, False)
    tries = [("dara", PASSWORD), ("dara", "wrong"), ("nobody", PASSWORD), ("", ""), ("x" * 500, "")]
    told = set()
    for name, password in tries:
        with pytest.raises(Refused) as refused:
            users.log_in(name, password)
        told.add((refused.value.text, refused.value.status))
    assert len(told) == 1


@pytest.mark.parametrize("name", ["dara", "nobody"])
def test_ten_wrong_passwords_make_a_name_wait_whether_it_exists_or_not(dara, clock, name):
    fail(name, times=10)
    for password in ("not-the-password", PASSWORD):
        with pytest.raises(Refused, match="Too many wrong passwords"):
            users.log_in(name, password)


def test_after_the_wait_the_right_password_is_taken(dara, clock):
    fail(times=10)
    clock.advance(minutes=15)
    assert users.log_in("dara", PASSWORD)


def test_the_brake_is_for_the_name_not_for_the_shop(dara, shop):
    fail(times=10)
    assert users.log_in(shop.manager.username, PASSWORD)


def test_a_right_password_forgets_the_wrong_ones(dara):
    fail(times=9)
    users.log_in("dara", PASSWORD)
    fail(times=9)
    assert users.log_in("dara", PASSWORD)


def test_guesses_made_at_once_are_all_counted(app, dara):
    guess = racing.race(app, *[lambda: users.log_in("dara", "wrong")] * 8)
    assert {type(one) for one in guess} == {Refused}
    assert db.session.scalars(select(LoginTry.failures)).one() == 8


def test_right_passwords_at_once_all_get_in(app, dara):
    fail()
    results = racing.race(app, *[lambda: users.log_in("dara", PASSWORD)] * 4)
    assert racing.errors(results) == []


def test_a_login_ends_after_its_hours(dara, clock):
    token = users.log_in("dara", PASSWORD)
    clock.advance(hours=11, minutes=59)
    assert users.of_token(token)
    clock.advance(minutes=1)
    assert users.of_token(token) is None


def test_logging_out_ends_one_login_and_no_other(dara):
    here, there = users.log_in("dara", PASSWORD), users.log_in("dara", PASSWORD)
    users.log_out(here)
    assert users.of_token(here) is None
    assert users.of_token(there)


def test_a_new_password_ends_every_other_login(dara, shop):
    here, there = users.log_in("dara", PASSWORD), users.log_in("dara", PASSWORD)
    other = users.log_in(shop.manager.username, PASSWORD)
    users.change_password(dara, PASSWORD, NEW, keep_token=here)
    assert [bool(users.of_token(one)) for one in (here, there, other)] == [True, False, True]
    assert users.log_in("dara", NEW)
    fail()


def test_a_password_set_by_the_operator_ends_them_all(dara):
    here = users.log_in("dara", PASSWORD)
    users.set_password(dara, NEW)
    assert users.of_token(here) is None


def test_changing_a_password_takes_the_old_one(dara):
    with pytest.raises(Refused, match="current password is wrong"):
        users.change_password(dara, "wrong", NEW, keep_token="")
    assert users.log_in("dara", PASSWORD)


def test_guessing_the_current_password_is_braked_as_at_the_login(dara):
    for _ in range(10):
        with pytest.raises(Refused, match="current password is wrong"):
            users.prove(dara, "wrong")
    for guess in ("wrong", PASSWORD):
        with pytest.raises(Refused, match="Too many wrong passwords"):
            users.prove(dara, guess)


def test_a_person_shut_out_is_out_at_once_and_may_come_back(dara):
    token = users.log_in("dara", PASSWORD)
    users.set_active(dara, False)
    assert users.of_token(token) is None
    users.set_active(dara, True)
    assert users.of_token(token) is None
    assert users.log_in("dara", PASSWORD)


@pytest.mark.parametrize(
    "password", ["", "short", "elevenchars", "aaaaaaaaaaaaaaaa", "ababababacab"]
)
def test_a_weak_password_is_refused(dara, password):
    with pytest.raises(BadInput):
        users.set_password(dara, password)
    assert users.log_in("dara", PASSWORD)


def test_a_new_person_can_log_in_with_a_slow_hash_in_the_books(shop):
    user = users.create(shop.store_id, " Sophea ", "", Role.CASHIER, NEW)
    assert (user.username, user.display_name, user.role) == ("sophea", "sophea", Role.CASHIER)
    assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert users.of_token(users.log_in("sophea", NEW)).user is user


@pytest.mark.parametrize("name", ["", "dara", "DARA", "so phea", "ដារា", "a" * 33, "1st", "a@b"])
def test_a_name_that_is_taken_or_hard_to_type_is_refused(dara, shop, name):
    before = db.session.scalar(select(func.count(User.id)))
    with pytest.raises(BadInput):
        users.create(shop.store_id, name, "", Role.CASHIER, NEW)
    assert db.session.scalar(select(func.count(User.id))) == before


@pytest.mark.parametrize("token", ["", "x", "x" * 5_000, "ក"])
def test_a_token_that_is_none_is_nobodys(context, token):
    assert users.of_token(token) is None
