from pos import demo
from pos.extensions import db
from pos.models import GatewayAccount
from pos.services.people import users


def test_an_empty_shop_gets_a_demo_with_people_who_can_log_in(app, bank):
    with app.app_context():
        assert not demo.has_shop()
        logins = demo.create_demo(bank.url, bank.token())
        assert demo.has_shop()
        assert [(one.role, one.username) for one in logins] == [
            ("cashier", "dara"),
            ("manager", "maly"),
        ]
        assert all(users.log_in(one.username, one.password) for one in logins)
        assert db.session.query(GatewayAccount).one().is_practice


def test_no_two_demo_shops_have_one_password_and_none_shows(app, bank):
    with app.app_context():
        first, second = demo.create_demo(bank.url, bank.token())
    assert first.password != second.password
    assert first.password not in repr(first)
