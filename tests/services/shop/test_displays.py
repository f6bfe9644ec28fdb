import re

import pytest
from sqlalchemy import func, select, text

from pos.errors import BadInput, NotFound, Refused
from pos.extensions import db
from pos.models import Display, Till
from pos.services.shop import displays
from tests.counting import queries
from tests.factories import pair_screen

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def till(context, shop):
    return db.session.get_one(Till, shop.till_id)


@pytest.fixture
def token(context):
    return displays.start().token


def code(token):
    return displays.of_token(token).pairing_code


def waiting():
    return db.session.scalar(select(func.count(Display.id)))


def test_a_new_screen_shows_six_digits_for_five_minutes(token, clock):
    row = displays.of_token(token)
    assert re.fullmatch("[0-9]{6}", row.pairing_code)
    assert (row.code_expires_at - clock.time).total_seconds() == 300
    assert row.till_id is None


def test_a_screens_token_is_long_and_only_its_hash_is_kept(token):
    assert len(token) >= 43
    rows = db.session.execute(text("SELECT * FROM display")).all()
    assert token not in str(rows)
    assert displays.hash_of(token) in str(rows)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}-", "{:.3} {:.0}"])
def test_a_screen_follows_the_till_where_its_code_is_typed(token, till, clock, typed):
    shown = code(token)
    spaced = {"{:.3} {:.0}": f"{shown[:3]} {shown[3:]}"}.get(typed) or typed.format(shown)
    display = pair_screen(spaced, till)
    assert (display.till_id, display.paired_at) == (till.id, clock.time)
    assert (display.pairing_code, display.code_expires_at) == (None, None)
    assert displays.of_token(token) is display


def test_pairing_redraws_the_till(token, till):
    before = till.screen_version
    pair_screen(code(token), till)
    assert till.screen_version == before + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34", "-"])
def test_what_is_no_code_is_refused_in_words(token, till, typed):
    with pytest.raises(BadInput, match="six digits"):
        pair_screen(typed, till)


def test_a_code_that_nobody_shows_is_refused(token, till):
    wrong = f"{(int(code(token)) + 1) % 10**6:06d}"
    with pytest.raises(BadInput, match="No screen shows this code"):
        pair_screen(wrong, till)


def test_a_code_is_good_for_five_minutes_and_once(token, till, clock):
    first = code(token)
    clock.advance(300)
    with pytest.raises(BadInput):
        pair_screen(first, till)
    displays.refresh(displays.of_token(token))
    pair_screen(second := code(token), till)
    with pytest.raises(BadInput):
        pair_screen(second, till)


def test_a_waiting_screen_gets_a_new_code_when_the_old_one_ends(token, clock):
    first = code(token)
    clock.advance(299.999)
    displays.refresh(displays.of_token(token))
    assert code(token) == first
    clock.advance(0.001)
    displays.refresh(displays.of_token(token))
    assert code(token) != first
    assert (displays.of_token(token).code_expires_at - clock.time).total_seconds() == 300


def test_no_two_waiting_screens_show_one_code(clock):
    codes = [code(displays.start().token) for _ in range(20)]
    assert len(set(codes)) == 20


def test_a_sign_of_life_is_written_every_twenty_seconds_at_most(token, till, clock):
    display = pair_screen(code(token), till)
    for seconds, writes in ((19.999, 0), (0.001, 1), (1, 0), (18.999, 0), (0.001, 1)):
        clock.advance(seconds)
        with queries() as asked:
            displays.refresh(display)
        assert sum(one.startswith("UPDATE") for one in asked) == writes
    assert display.last_seen_at == clock.time


def test_a_screen_taken_back_is_worthless_at_once(token, till, shop):
    display = pair_screen(code(token), till)
    before = till.screen_version
    displays.revoke(display.id, shop.store_id)
    assert displays.of_token(token) is None
    assert till.screen_version == before + 1
    with pytest.raises(NotFound):
        displays.revoke(display.id, shop.store_id)


def test_a_screen_of_another_store_cannot_be_taken_back(token, till, shop):
    display = pair_screen(code(token), till)
    with pytest.raises(NotFound):
        displays.revoke(display.id, shop.store_id + 1)
    assert displays.of_token(token) is display


def test_a_screen_that_waits_for_pairing_is_nobodys_to_take_back(token, shop):
    with pytest.raises(NotFound):
        displays.revoke(displays.of_token(token).id, shop.store_id)


def test_fifty_screens_may_wait_and_gone_ones_make_room(till, clock):
    first = displays.start().token
    pair_screen(code(first), till)
    for _ in range(displays.MOST_WAITING):
        displays.start()
    with pytest.raises(Refused, match="Too many screens"):
        displays.start()
    clock.advance(300.001)
    displays.start()
    assert waiting() == 2
    assert displays.of_token(first) is not None


@pytest.mark.parametrize("token", ["", "x", "'; DROP TABLE display; --", "ក" * 43])
def test_a_token_that_is_none_is_nobodys(context, token):
    assert displays.of_token(token) is None
