from collections.abc import Iterable, Iterator

import pytest
from werkzeug.test import TestResponse

from pos.permissions import Right, Role, may
from pos.web.rights import BY_TOKEN, NEEDS, PUBLIC
from tests.factories import create_user, csrf_token, log_in
from tests.web.visitors import DOORS, Door
from tests.web.world import World, answered

NAMED = {"static", "cash.change", "drawer.move", "exports.file", "ereceipts.receipt", "signs.rows"}
"""Doors whose address names no row of any store."""

NOBODYS_LINK = ("ereceipts.receipt", "GET")
"""Public, and asked for here by a secret that opens nothing."""

LAST = ("auth.logout", "POST")
"""Ends the login of who asks."""

SAID_THERE = "Dara", "Riverside", "Mekong", "3.50"
"""What the pages of the store say."""

ANOTHERS = ("logins.end", "POST")
"""A login of the cashier's: nobody else ends it there."""

NO_MORE = tuple(("welcome.welcome", how) for how in ("GET", "POST"))
"""There only until there is a shop."""

SHUT = ("metrics.metrics", "GET")
"""There only where its token is set."""

AT_A_TILL = "/shifts/open"
"""Where a door of the till leads who has no open shift; it says nothing of what was asked for."""


@pytest.fixture(params=list(Role))
def role(request) -> Role:
    return request.param


@pytest.fixture
def ask(world: World, app, shop, role):
    """Asks these doors as a person of this role; `at_home` says whose store they are of."""
    world.knock(world.browsers["cashier"], ("receipts.issue", "POST"))

    def doors(asked: Iterable[Door], at_home: bool) -> Iterator[tuple[Door, TestResponse]]:
        with app.app_context():
            store_id = shop.store_id if at_home else shop.store_id + 1
            person = create_user(store_id, f"somebody{store_id}", role)
        browser = log_in(app.test_client(), person)
        token = csrf_token(browser, "/password")
        for door in sorted(asked, key=lambda door: door == LAST):
            endpoint, method = door
            form = {"csrf_token": token} if method == "POST" else None
            address = world.address(endpoint)
            yield door, browser.open(address, method=method, data=form, buffered=True)

    return doors


def lacks(role: Role, door: Door) -> bool:
    endpoint, method = door
    has_no_login = endpoint in PUBLIC or endpoint in BY_TOKEN
    return not has_no_login and not may(role, NEEDS[endpoint].of(method))


def test_a_role_without_the_right_is_refused_at_every_door_and_one_with_it_at_none(ask, role):
    told = {door: answered(answer) for door, answer in ask(DOORS, at_home=True)}
    refused = {door for door, what in told.items() if what == "403"}
    # The poll looks at the login itself, and leads to where a shift is opened.
    own_check = {("till.payment", "GET")}
    assert refused == {door for door in DOORS if lacks(role, door)} - own_check
    if may(role, Right.SEE_ALL_TILLS):
        gone = {door for door, what in told.items() if what == "404"}
        assert gone == {NOBODYS_LINK, ANOTHERS, SHUT, *NO_MORE}


def test_what_is_another_stores_is_not_there_for_any_role(ask, world, role, books):
    named = world.ids.keys() & NEEDS.keys() - NAMED
    theirs = [door for door in DOORS if door[0] in named]
    before = books(but=("login", "user"))
    for door, answer in ask(theirs, at_home=False):
        allowed = "403" if lacks(role, door) else away(door)
        assert answered(answer) == allowed, door
        assert [word for word in SAID_THERE if word in answer.text] == [], door
    assert books(but=("login", "user")) == before


def away(door: Door) -> str:
    """What who may is answered at a thing of another store."""
    return AT_A_TILL if NEEDS[door[0]].look is Right.CHARGE else "404"


def test_a_refused_door_says_nothing_and_does_nothing(ask, role, books):
    refused = [door for door in DOORS if lacks(role, door) and door[0] != "till.payment"]
    before = books(but=("login", "user"))
    for door, answer in ask(refused, at_home=True):
        assert answered(answer) == "403", door
        assert [word for word in SAID_THERE if word in answer.text] == [], door
    assert books(but=("login", "user")) == before
