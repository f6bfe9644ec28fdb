import pytest

from tests.web.visitors import DOORS, PUBLIC, SECRETS, VISITORS
from tests.web.world import answered, doors_of

PRIVATE = sorted(set(DOORS) - PUBLIC)
NOT_THEIRS = [
    (door, who)
    for door, told in DOORS.items()
    for who, answer in zip(VISITORS, told, strict=True)
    if answer in ("403", "404")
]
NOT_THERE = [(door, who) for door, who in NOT_THEIRS if DOORS[door][VISITORS.index(who)] == "404"]


def test_every_door_of_the_app_is_in_the_table_of_who_may_do_what(app):
    assert doors_of(app) == set(DOORS)


@pytest.mark.parametrize("who", VISITORS)
def test_each_door_answers_each_visitor_as_the_table_says(world, who):
    told = {door: answered(world.knock(world.browsers[who], door)) for door in DOORS}
    assert told == {door: answers[VISITORS.index(who)] for door, answers in DOORS.items()}


def test_a_visitor_changes_nothing_of_what_is_not_theirs(world, books):
    before = books()
    for door, who in NOT_THEIRS:
        world.knock(world.browsers[who], door)
    assert books() == before


def test_what_is_not_theirs_looks_to_a_visitor_as_if_it_did_not_exist(world):
    def knock():
        return [world.knock(world.browsers[who], door).text for door, who in NOT_THERE]

    theirs = knock()
    world.ids = {endpoint: dict.fromkeys(ids, 77) for endpoint, ids in world.ids.items()}
    assert knock() == theirs


def test_without_a_login_every_private_door_leads_to_it(world, app):
    for door in PRIVATE:
        answer = world.knock(app.test_client(), door)
        away = answer.headers.get("Location") or answer.headers["HX-Redirect"]
        assert (away.split("?")[0], answer.status_code in (303, 401)) == ("/login", True), door


def test_without_a_login_no_private_door_says_anything(world, app):
    for door in PRIVATE:
        said = world.knock(app.test_client(), door).text
        assert [secret for secret in SECRETS if secret in said] == [], door


def test_without_a_login_nothing_changes(world, app, books):
    before = books()
    for door in PRIVATE:
        world.knock(app.test_client(), door)
    assert books() == before


def test_a_fragment_asked_for_without_a_login_sends_the_whole_page_to_it(world, app):
    for door in PRIVATE:
        answer = world.knock(app.test_client(), door, HX_Request="true")
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login"), door
        assert (answer.text, answer.headers.get("Location")) == ("", None)


def test_without_a_login_asking_for_the_head_alone_gets_no_further(world, app):
    for endpoint, _ in PRIVATE:
        answer = app.test_client().head(world.address(endpoint))
        assert answer.status_code in (303, 401, 405), endpoint


def test_the_list_of_shifts_is_of_ones_own_or_for_a_manager_of_ones_store(world):
    def names(who):
        text = world.browsers[who].get("/shifts").text
        return {name for name in ("Dara", "Sokha", "Vuthy") if f">{name}</td>" in text}

    assert names("cashier") == {"Dara"}
    assert names("manager") == {"Dara", "Sokha"}
    assert names("stranger") == names("their manager") == {"Vuthy"}


def test_the_tills_to_choose_from_are_those_of_ones_own_store(world):
    text = world.browsers["their manager"].get("/shifts/open").text
    assert ("Till A" in text, "Till 1" in text) == (True, False)
