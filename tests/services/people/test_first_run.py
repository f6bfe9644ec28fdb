import dataclasses

import pytest
from sqlalchemy import func, select

from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import FirstRun, Merchant, Role, Till, User
from pos.services.people import first_run, users
from pos.services.people.first_run import FirstShop
from pos.services.shop.shops import NewAccount
from tests import racing

NEW = "papaya-temple-99"
WISH = FirstShop(
    merchant="Mekong Coffee",
    city="Phnom Penh",
    store="Riverside",
    till="Till 1",
    account=NewAccount(
        gateway="bakong", base_url="https://api-bakong.nbc.gov.kh", account_id="mekong@prac"
    ),
    name="Sary Chan",
    username="sary",
    password=NEW,
)


@pytest.fixture(autouse=True)
def empty(app, clock):
    """Books in which nobody is paid yet."""
    with app.app_context():
        yield


def made():
    db.session.rollback()
    return [db.session.scalar(select(func.count(kind.id))) for kind in (Merchant, Till, User)]


def test_the_code_makes_the_shop_its_till_and_its_owner(empty):
    code = first_run.begin()
    first_run.finish(code.lower().replace("-", " "), WISH)
    owner = users.of_token(users.log_in("sary", NEW)).user
    assert (owner.role, owner.display_name, owner.store.name) == (
        Role.OWNER,
        "Sary Chan",
        "Riverside",
    )
    assert made() == [1, 1, 1]


def test_the_code_is_kept_as_a_hash_and_taken_once(empty):
    code = first_run.begin()
    assert code.replace("-", "") not in str(db.session.get_one(FirstRun, 1).__dict__)
    first_run.finish(code, WISH)
    with pytest.raises(NotFound):
        first_run.finish(code, WISH)
    with pytest.raises(Refused):
        first_run.begin()


def test_after_fifteen_minutes_another_code_is_needed(clock):
    code = first_run.begin()
    clock.advance(minutes=15)
    with pytest.raises(Refused, match="no code in force"):
        first_run.finish(code, WISH)
    assert made() == [0, 0, 0]


def test_after_five_wrong_codes_not_even_the_right_one_is_taken(empty):
    code = first_run.begin()
    for _ in range(5):
        with pytest.raises(BadInput):
            first_run.finish("AAAA-AAAA", WISH)
    with pytest.raises(Refused, match="no code in force"):
        first_run.finish(code, WISH)
    first_run.finish(first_run.begin(), WISH)


def test_without_a_code_nothing_is_made(empty):
    for code in ("", "AAAA-AAAA", "\0"):
        with pytest.raises(Refused):
            first_run.finish(code, WISH)
    assert made() == [0, 0, 0]


@pytest.mark.parametrize(
    "wrong",
    [{"merchant": ""}, {"city": "x" * 16}, {"till": " "}, {"name": ""}, {"username": "so phea"},
     {"password": "short"}, {"account": dataclasses.replace(WISH.account, account_id="nobody")}],
)  # fmt: skip
def test_what_does_not_fit_makes_nothing_and_the_code_goes_on(wrong):
    code = first_run.begin()
    with pytest.raises(BadInput):
        first_run.finish(code, dataclasses.replace(WISH, **wrong))
    assert made() == [0, 0, 0]
    first_run.finish(code, WISH)


def test_two_who_have_the_code_make_one_shop(app):
    code = first_run.begin()
    racing.race(app, *[lambda: first_run.finish(code, WISH)] * 2)
    assert made() == [1, 1, 1]
