from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, text

from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount
from pos.services.banking import accounts, vault
from tests import racing

pytestmark = pytest.mark.usefixtures("context", "bank")


@pytest.fixture
def account(context, shop):
    return db.session.get_one(GatewayAccount, shop.account_id)


def renewals(bank):
    return [call for call in bank.calls() if call["path"] == "/v1/renew_token"]


def token(account, settings):
    return vault.unseal(settings, account.token_sealed)


def test_a_key_is_stored_sealed_with_the_end_that_it_says_itself(account, bank, settings, clock):
    fresh = bank.token(expires_in=3_600)
    accounts.store_token(account.id, fresh)
    assert account.token_expires_at == clock.time + timedelta(hours=1)
    assert token(account, settings) == fresh
    assert fresh not in str(db.session.execute(text("SELECT * FROM gateway_account")).all())


def test_a_renewed_key_is_stored_and_used(account, bank, settings):
    before = token(account, settings)
    assert accounts.renew_token(account.id)
    assert token(account, settings) != before
    assert accounts.open_account(account).check("0" * 32).outcome == "not_found"


def test_eight_who_want_a_new_key_at_once_ask_for_one(app, account, bank):
    results = racing.race(app, *[partial(accounts.renew_token, account.id)] * 8)
    assert sorted(results) == [False] * 7 + [True]
    assert len(renewals(bank)) == 1


def test_a_key_is_renewed_every_five_minutes_at_most(account, bank, clock):
    assert accounts.renew_token(account.id)
    clock.advance(299)
    assert not accounts.renew_token(account.id)
    clock.advance(1)
    assert accounts.renew_token(account.id)


def test_a_fresh_key_that_works_and_ends_soon_is_renewed_after_a_minute(account, bank, clock):
    assert accounts.renew_token(account.id)
    accounts.hear_renewed(account.id)
    clock.advance(59)
    assert not accounts.renew_token(account.id)
    clock.advance(1)
    assert accounts.renew_token(account.id)


@pytest.mark.parametrize(
    "fault", [{"status": 503}, {"error_code": 10}, {"body": "{}"}, {"drop": True}]
)
def test_a_renewal_that_fails_keeps_the_old_key(account, bank, settings, fault):
    before = token(account, settings)
    bank.misbehave(**fault)
    assert not accounts.renew_token(account.id)
    assert token(account, settings) == before


@pytest.mark.parametrize("fault", [{"status": 503}, {"body": "{}"}, {"drop": True}])
def test_a_renewal_without_an_answer_is_tried_again_soon(account, bank, clock, fault):
    bank.misbehave(**fault)
    assert not accounts.renew_token(account.id)
    bank.behave()
    clock.advance(14)
    assert not accounts.renew_token(account.id)
    clock.advance(1)
    assert accounts.renew_token(account.id)


def test_a_renewal_that_was_refused_is_not_tried_again_soon(account, bank, clock):
    bank.misbehave(error_code=10)
    assert not accounts.renew_token(account.id)
    bank.behave()
    clock.advance(299)
    assert not accounts.renew_token(account.id)
    clock.advance(1)
    assert accounts.renew_token(account.id)


@pytest.mark.parametrize(("days", "renewed"), [(6, True), (7, True), (8, False)])
def test_a_key_is_renewed_in_its_last_week(account, bank, days, renewed):
    accounts.store_token(account.id, bank.token(expires_in=days * 86_400))
    accounts.renew_ending_tokens()
    assert len(renewals(bank)) == int(renewed)


def test_a_key_without_an_address_to_renew_it_is_left_alone(app, shop, account, bank):
    with writing(db.session):
        account.token_email = ""
    assert not accounts.renew_token(account.id)
    accounts.renew_ending_tokens()
    assert renewals(bank) == []


def test_an_account_opened_for_a_call_shows_no_key(account, settings):
    gateway = accounts.open_account(account)
    assert token(account, settings) not in repr(vars(gateway))
    assert db.session.scalars(select(GatewayAccount.token_sealed)).one() not in repr(account)
