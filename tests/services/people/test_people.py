import pytest
from sqlalchemy import select

from pos.database import writing
from pos.errors import BadInput, NotAllowed, NotFound, Refused
from pos.extensions import db
from pos.models import AuditEntry, Role, User
from pos.services.people import people, users
from tests import factories, racing
from tests.factories import PASSWORD, create_user

pytestmark = pytest.mark.usefixtures("context")


def row(person):
    return db.session.get_one(User, person.id)


@pytest.fixture
def maly(shop):
    return row(shop.manager)


@pytest.fixture
def owner(shop):
    return row(create_user(shop.store_id, "sary", Role.OWNER))


def test_a_new_person_comes_in_with_a_password_that_must_be_changed(maly):
    user_id, password = people.add(maly, "sophea", " Sophea  Chan ", Role.CASHIER)
    person = users.of_token(users.log_in("sophea", password)).user
    assert (person.id, person.display_name, person.must_change_password) == (
        user_id,
        "Sophea Chan",
        True,
    )


def test_changing_the_first_password_ends_the_need_to(maly):
    _id, password = people.add(maly, "sophea", "Sophea", Role.CASHIER)
    person = users.of_token(users.log_in("sophea", password)).user
    with pytest.raises(BadInput, match="another password"):
        users.change_password(person, password, password, keep_token="")
    users.change_password(person, password, "mango-lotus-4711", keep_token="")
    assert not db.session.get_one(User, person.id).must_change_password


def test_passwords_made_up_are_all_different_and_strong(maly):
    made = {people.one_time_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        users.refuse_weak(password)


def test_a_manager_makes_no_owner(maly, shop):
    with pytest.raises(NotAllowed):
        people.add(maly, "sophea", "Sophea", Role.OWNER)
    with pytest.raises(NotAllowed):
        people.change(maly, shop.cashier.id, "Dara", Role.OWNER)
    assert row(shop.cashier).role is Role.CASHIER


def test_nobody_changes_themselves(maly, owner):
    for person in (maly, owner):
        for deed in (people.shut_out, people.let_in, people.reset_password, people.end_logins):
            with pytest.raises(NotAllowed):
                deed(person, person.id)
        with pytest.raises(NotAllowed):
            people.change(person, person.id, "Me", Role.CASHIER)


def test_a_manager_gives_no_other_manager_a_password_and_an_owner_does(maly, owner, shop):
    other = create_user(shop.store_id, "rith", Role.MANAGER)
    with pytest.raises(NotAllowed):
        people.reset_password(maly, other.id)
    assert users.log_in("rith", PASSWORD)
    assert users.log_in("rith", people.reset_password(owner, other.id))


@pytest.mark.parametrize("role", [Role.CASHIER, Role.SUPERVISOR, Role.AUDITOR])
def test_who_manages_nobody_changes_nobody(shop, role):
    me = row(create_user(shop.store_id, "sophea", role))
    for deed in (people.shut_out, people.reset_password, people.end_logins):
        with pytest.raises(NotAllowed):
            deed(me, shop.cashier.id)
    with pytest.raises(NotAllowed):
        people.add(me, "new", "New", Role.CASHIER)


def test_a_person_of_another_store_is_not_there(maly, shop, bank):
    others = factories.create_other_shop(bank.url, bank.token())
    second = factories.add_store(shop)
    for other in (others.cashier.id, second.cashier.id, 7_777):
        for deed in (people.shut_out, people.reset_password, people.end_logins, people.find):
            with pytest.raises(NotFound):
                deed(maly, other)


def test_another_role_ends_the_logins_and_another_name_does_not(maly, shop):
    token = users.log_in("dara", PASSWORD)
    people.change(maly, shop.cashier.id, "Dara Sok", Role.CASHIER)
    assert users.of_token(token).user.display_name == "Dara Sok"
    people.change(maly, shop.cashier.id, "Dara Sok", Role.SUPERVISOR)
    assert users.of_token(token) is None
    assert row(shop.cashier).role is Role.SUPERVISOR


def test_somebody_with_an_open_shift_goes_on_taking_payments(maly, shop):
    factories.open_shift(shop)
    with pytest.raises(Refused, match="shift is open"):
        people.change(maly, shop.cashier.id, "Dara", Role.AUDITOR)
    assert row(shop.cashier).role is Role.CASHIER


def test_a_person_shut_out_is_out_at_once_and_may_come_back(maly, shop):
    token = users.log_in("dara", PASSWORD)
    people.shut_out(maly, shop.cashier.id)
    assert users.of_token(token) is None
    people.let_in(maly, shop.cashier.id)
    assert users.of_token(token) is None
    assert users.log_in("dara", PASSWORD)


def test_two_owners_who_shut_each_other_out_leave_one(app, owner, shop):
    other = create_user(shop.store_id, "rith", Role.OWNER)
    with writing(db.session):
        row(shop.manager).is_active = False
    pairs = [(owner.id, other.id), (other.id, owner.id)]

    def shut(me_id, other_id):
        return lambda: people.shut_out(db.session.get_one(User, me_id), other_id)

    racing.race(app, *[shut(*pair) for pair in pairs])
    db.session.rollback()
    assert sum(db.session.get_one(User, one).is_active for one, _ in pairs) == 1


def test_what_is_done_to_a_person_is_in_the_log_and_no_password_is(maly, shop):
    user_id, first = people.add(maly, "sophea", "Sophea", Role.CASHIER)
    people.change(maly, user_id, "Sophea", Role.SUPERVISOR)
    second = people.reset_password(maly, user_id)
    people.shut_out(maly, user_id)
    people.let_in(maly, user_id)
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()[-5:]
    assert [(one.deed, one.who, one.about) for one in entries] == [
        (deed, "manager:maly", "sophea")
        for deed in (
            *("person_added", "person_changed", "password_set"),
            *("person_shut_out", "person_let_in"),
        )
    ]
    bodies = "".join(one.body for one in entries)
    assert "supervisor" in bodies
    assert first not in bodies and second not in bodies


def test_a_change_that_was_refused_is_not_in_the_log_as_done(maly, owner):
    with pytest.raises(NotAllowed):
        people.shut_out(maly, owner.id)
    assert db.session.scalar(select(AuditEntry.id).where(AuditEntry.about == "sary")) is None


@pytest.mark.parametrize("name", ["", "  ", "\0", "x" * 65])
def test_a_name_that_is_none_is_refused(maly, shop, name):
    with pytest.raises(BadInput):
        people.add(maly, "sophea", name, Role.CASHIER)
    with pytest.raises(BadInput):
        people.change(maly, shop.cashier.id, name, Role.CASHIER)
