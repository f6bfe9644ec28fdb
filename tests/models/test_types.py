from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import StatementError

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, Merchant, Payment
from pos.money import Currency, Money
from tests.factories import charge, khr, open_shift

pytestmark = pytest.mark.usefixtures("context")


def created_at(instant):
    """Write an instant to the books and read it back."""
    with writing(db.session):
        db.session.execute(update(Merchant).values(created_at=instant))
    return db.session.scalars(select(Merchant.created_at)).one()


def test_a_naive_time_has_no_place_in_the_books():
    with pytest.raises(StatementError, match="naive time"):
        created_at(datetime(2026, 11, 22))


@pytest.mark.parametrize(
    "instant",
    [
        datetime(2026, 11, 22, 2, 0, 0, 123_000, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 1000, tzinfo=UTC),
        datetime(2286, 11, 20, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_aware_and_in_utc(instant):
    assert created_at(instant) == instant
    assert created_at(instant).tzinfo is UTC


def test_an_instant_of_another_zone_is_the_same_instant():
    zoned = datetime(2026, 11, 22, 9, 0, tzinfo=timezone(timedelta(hours=7)))
    assert created_at(zoned) == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


def test_both_databases_keep_an_instant_as_whole_milliseconds():
    created_at(datetime(1970, 1, 1, 0, 0, 1, 2345, tzinfo=UTC))
    assert db.session.scalar(text("SELECT created_at FROM merchant")) == 1002


def test_an_amount_beyond_32_bits_is_kept_whole(shop):
    payment = charge(open_shift(shop), khr("399999999"))
    with writing(db.session):
        payment.amount_minor = 9_007_199_254_740_993
    assert payment.amount == Money(9_007_199_254_740_993, Currency.KHR)


def test_a_status_that_is_no_word_of_ours_cannot_be_written(shop):
    payment = charge(open_shift(shop))
    with pytest.raises(StatementError), writing(db.session):
        db.session.execute(
            update(Payment).where(Payment.id == payment.id).values(status="probably_paid")
        )


def test_a_word_is_stored_as_itself(shop):
    charge(open_shift(shop))
    assert db.session.scalar(text("SELECT status FROM payment")) == "awaiting"


def test_no_secret_shows_when_an_account_is_printed():
    account = db.session.scalars(select(GatewayAccount)).one()
    assert account.token_sealed not in repr(account)
    assert repr(account) == "<GatewayAccount bakong mekong_coffee@prac>"
