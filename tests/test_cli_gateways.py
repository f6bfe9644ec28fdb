"""Accounts from the command line: added, used by a till or a store, and looked over."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from pos import clock as pos_clock
from pos.database import writing
from pos.extensions import db
from pos.models import GatewayAccount, Till
from pos.services.banking import public_address
from tests import payway
from tests.factories import ACCOUNT_ID, create_other_shop
from tests.gateways.payway.practice import MERCHANT_ID, merchant
from tests.test_cli import books, run

__all__ = ["books", "run"]

PAYWAY = ("add-account", "--gateway", "payway", "--account", "ec000999")


@pytest.fixture(params=["bakong", "payway"])
def account_id(request, app, bank, shop):
    """An account at either gateway, with the clock at the true time, as the bank's is."""
    pos_clock.use(None)
    if request.param == "payway":
        with app.app_context():
            payway.add_account(bank)
        return MERCHANT_ID
    return ACCOUNT_ID


def change(app, account_id, **columns):
    with app.app_context(), writing(db.session):
        row = update(GatewayAccount).where(GatewayAccount.account_id == account_id)
        db.session.execute(row.values(**columns))


def lines(done, state):
    return [line for line in done.output.splitlines() if line.startswith(f"  {state}")]


def test_an_account_that_is_right_has_nothing_wrong(run, account_id):
    done = run("check-gateway", account_id)
    assert done.exit_code == 0 and lines(done, "wrong") == [], done.output
    for said in ("A key is stored", "answers (HTTP", "The clock is right", "The key is taken"):
        assert [line for line in lines(done, "ok") if said in line], done.output


@pytest.mark.parametrize(
    ("switches", "said"),
    [
        ({"status": 503}, "The bank's service is down"),
        ({"geo_403": True}, "list"),
        ({"hang": 5}, "does not answer"),
        ({"truncated": True}, "makes no sense"),
    ],
)
def test_a_bank_in_trouble_is_told_with_what_to_do(run, bank, account_id, switches, said):
    bank.misbehave(**switches)
    done = run("check-gateway", account_id)
    assert done.exit_code == 1 and any(said in line for line in lines(done, "wrong")), done.output


def test_a_bank_that_is_not_there_is_unreachable(run, app, account_id):
    change(app, account_id, base_url="http://127.0.0.1:1")
    done = run("check-gateway", account_id)
    (line,) = lines(done, "wrong")
    assert "The bank cannot be reached." in line and "internet" in line


def test_a_key_that_is_not_the_accounts_is_told_apart_from_all_else(run, bank, account_id):
    if account_id == MERCHANT_ID:
        other = {"merchant_id": MERCHANT_ID, "private_key": merchant().private_key}
        bank.http.post("/sandbox/payway/merchants", json=other)
    else:
        bank.http.delete("/sandbox/tokens")
        bank.misbehave(token_expired=True)
    done = run("check-gateway", account_id)
    (line,) = lines(done, "wrong")
    assert "refuses our key" in line and "flask set-token" in line
    assert done.exit_code == 1 and merchant().api_key not in done.output


@pytest.mark.parametrize(
    ("columns", "state", "said"),
    [
        ({"is_practice": False}, "note", "is a host for tests"),
        ({"token_expires_at": None}, "note", "does not say when it ends"),
        ({"takes_raw_callbacks": True}, "note", "X-PayWay-Signature"),
        ({"callback_url": "https://8.8.8.8/api/payway/v2/webhook"}, "ok", "a public address"),
        ({"callback_url": "https://127.0.0.1/api/payway/v2/webhook"}, "wrong", "this network"),
    ],
)
def test_what_else_an_operator_should_know_of_a_payway_account(
    run, app, bank, shop, columns, state, said
):
    pos_clock.use(None)
    with app.app_context():
        payway.add_account(bank)
    change(app, MERCHANT_ID, **columns)
    assert any(said in line for line in lines(run("check-gateway", MERCHANT_ID), state))


@pytest.mark.parametrize(("days", "state"), [(40, "ok"), (3, "note"), (-3, "wrong")])
def test_the_days_that_a_token_has_left_are_told(run, app, days, state):
    ends = datetime.now(UTC) + timedelta(days=days, hours=1)
    pos_clock.use(None)
    change(app, ACCOUNT_ID, token_expires_at=ends)
    assert any("The key " in line for line in lines(run("check-gateway", ACCOUNT_ID), state))


def test_a_practice_account_at_the_live_host_is_wrong(run, app):
    change(app, ACCOUNT_ID, base_url="https://api-bakong.nbc.gov.kh", token_sealed="")
    assert "live host" in run("check-gateway", ACCOUNT_ID).output


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://8.8.8.8/api/payway/v2/webhook", "https"),
        ("https://8.8.8.8:8443/api/payway/v2/webhook", "443"),
        ("https://8.8.8.8:x/api/payway/v2/webhook", "cannot be read"),
        ("https://8.8.8.8/callback", "/api/payway/v2/webhook"),
        ("https://192.168.1.5/api/payway/v2/webhook", "192.168.1.5"),
        ("https://[::1]/api/payway/v2/webhook", "::1"),
        ("https://localhost/api/payway/v2/webhook", "this network"),
        ("https://no-such-name.invalid/api/payway/v2/webhook", "not known"),
        ("https://8.8.8.8/api/payway/v2/webhook", ""),
    ],
)
def test_an_address_that_the_bank_cannot_post_to_is_told_why(url, problem):
    found = public_address.problem_of(url, "payway")
    assert problem in found and bool(found) == bool(problem)


@pytest.mark.parametrize(("hours", "said"), [(7, "slow"), (-1, "fast")])
def test_a_wrong_clock_is_told(run, account_id, hours, said):
    off = timedelta(hours=hours)
    pos_clock.use(lambda: datetime.now(UTC) - off)
    done = run("check-gateway", account_id)
    assert any(f"seconds {said}" in line and "timedatectl" in line for line in lines(done, "wrong"))


def test_no_key_or_one_of_another_vault_is_told_before_anything_is_asked(
    run, app, bank, account_id
):
    before = len(bank.calls())
    for sealed, said in (("", "set-token"), ("not sealed by us", "vault key")):
        change(app, account_id, token_sealed=sealed)
        done = run("check-gateway", account_id)
        assert done.exit_code == 1 and said in lines(done, "wrong")[0]
    assert len(bank.calls()) == before


def test_an_account_is_added_and_used_by_one_till_or_the_whole_store(run, books):
    done = run(*PAYWAY, "--callback-url", "https://x.example/", typed="canary-key\n")
    assert done.exit_code == 0 and "canary" not in done.output, done.output
    assert run("use-account", "ec000999", "--till", "Till 2").exit_code == 0

    def accounts():
        tills = db.session.scalars(select(Till).order_by(Till.id))
        return [db.session.get_one(GatewayAccount, till.account_id).gateway for till in tills]

    assert books(accounts) == ["bakong", "payway"]
    assert run("use-account", "ec000999").exit_code == 0
    assert books(accounts) == ["payway", "payway"]
    assert run("use-account", ACCOUNT_ID, "--till", "Till 1").exit_code == 0
    assert books(accounts) == ["bakong", "payway"]
    assert run("use-account", "ec000999", "--till", "Till 1").exit_code == 0
    own = select(Till.own_account_id).where(Till.name == "Till 1")
    assert books(lambda: db.session.scalar(own)) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*PAYWAY, "--store", "9"), "no store 9"),
        (("add-account", "--account", ACCOUNT_ID), "there already"),
        (("add-account", "--account", "no account"), "name@bank"),
        (("use-account", "nobody@bank"), "no account"),
        (("use-account", ACCOUNT_ID, "--store", "9"), "no store 9"),
        (("use-account", ACCOUNT_ID, "--till", "Till 9"), "no till Till 9"),
        (("use-account", "tonle_books@prac"), "another merchant"),
        (("use-account", "tonle_books@prac", "--till", "Till 1"), "another merchant"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(run, books, bank, arguments, said):
    books(lambda: create_other_shop(bank.url, "x"))
    done = run(*arguments, typed="x\n")
    assert done.exit_code == 1 and said in done.output.splitlines()[-1], done.output
    assert books(lambda: {till.own_account_id for till in db.session.scalars(select(Till))}) == {
        None
    }
