import pytest
from sqlalchemy import select

from pos.errors import Refused, WrongPin
from pos.extensions import db
from pos.models import AuditEntry, User
from pos.services.auditing import audit
from pos.services.people import pins, terminals, users
from pos.services.people.place import Place
from tests.factories import PIN

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def maly(context, shop):
    return db.session.get_one(User, shop.manager.id)


@pytest.fixture
def told(shop):
    before = set(db.session.scalars(select(AuditEntry.id)))

    def read():
        db.session.rollback()
        rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.link)).all()
        return [(row.deed, row.who, row.about) for row in rows if row.id not in before]

    return read


def test_a_login_is_written_down_with_its_device(told, shop):
    users.log_in("maly", shop.manager.password, Place("Chrome, Android"))
    assert told() == [("logged_in", "manager:maly", "Chrome, Android")]


def test_guessing_a_password_is_written_down_once_it_has_to_wait(told, app):
    for _ in range(app.extensions["pos_settings"].login_tries):
        with pytest.raises(Refused):
            users.log_in("nobody_here", "wrong-wrong-wrong")
    assert told() == [("login_waits", "nobody", "nobody_here")]


def test_a_password_and_a_pin_of_ones_own_are_written_down(told, maly, shop):
    pins.set_pin(maly, PIN)
    users.change_password(maly, shop.manager.password, "another-long-password", keep_token="")
    assert told() == [
        ("pin_set", "manager:maly", "maly"),
        ("password_set", "manager:maly", "maly"),
    ]


def test_a_wrong_pin_is_written_down_with_whose_it_was(told, maly, shop):
    pins.set_pin(maly, PIN)
    with pytest.raises(WrongPin):
        pins.approve(maly.id, "908172", shop.till_id, shop.store_id)
    assert told()[-1] == ("refused", "nobody", "PIN of maly, at Till 1")


def test_an_enrolled_device_is_written_down_and_so_is_its_end(told, maly):
    token = terminals.enroll(maly, "Tablet")
    terminals.revoke(maly, terminals.of_token(token).id)
    assert told() == [
        ("device_added", "manager:maly", "Tablet"),
        ("device_revoked", "manager:maly", "Tablet"),
    ]


def test_what_the_operator_does_by_a_command_is_written_down(told, maly, shop):
    users.set_active(maly, False)
    users.set_password(maly, "another-long-password", by=audit.OPERATOR)
    assert [one[:2] for one in told()] == [
        ("person_shut_out", "operator"),
        ("password_set", "operator"),
    ]


def test_no_secret_is_in_the_log(told, maly, shop):
    pins.set_pin(maly, PIN)
    users.log_in("maly", shop.manager.password)
    rows = db.session.scalars(select(AuditEntry)).all()
    text = " ".join(f"{row.who} {row.about} {row.body}" for row in rows)
    assert PIN not in text and shop.manager.password not in text
