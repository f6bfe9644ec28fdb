from datetime import timedelta

import pytest
from sqlalchemy import func, select

from pos.errors import TooOften
from pos.extensions import db
from pos.models import ApiToken, ApiTry
from pos.services.api import throttle
from tests import racing

pytestmark = pytest.mark.usefixtures("context")

LIMITS = (5, timedelta(minutes=1)), (20, timedelta(hours=1))


def count(token):
    throttle.count(token, "khqr", LIMITS)


def test_five_pass_in_a_minute_and_the_sixth_is_told_how_long_to_wait(token, clock):
    for _ in range(5):
        count(token)
        clock.advance(1)
    with pytest.raises(TooOften) as told:
        count(token)
    assert told.value.seconds == 55
    clock.advance(55)
    count(token)


def test_twenty_pass_in_an_hour(token, clock):
    for _ in range(20):
        count(token)
        clock.advance(60)
    with pytest.raises(TooOften) as told:
        count(token)
    assert told.value.seconds == 40 * 60


def test_of_many_at_once_no_more_pass_than_may(app, token):
    token_id = token.id
    results = racing.race(app, *[lambda: count(db.session.get_one(ApiToken, token_id))] * 8)
    assert len(racing.errors(results)) == 3
    assert db.session.scalar(select(func.count(ApiTry.id))) == 5


def test_what_no_limit_counts_any_more_is_forgotten(token, clock):
    count(token)
    clock.advance(hours=1, seconds=1)
    throttle.forget_old()
    assert db.session.scalar(select(func.count(ApiTry.id))) == 0
