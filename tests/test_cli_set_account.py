"""`flask set-account` changes how an account is used, and nothing else of it."""

import logging

import pytest
from sqlalchemy import inspect, select

from pos.extensions import db
from pos.models import GatewayAccount
from pos.services.banking import vault
from tests import payway
from tests.factories import ACCOUNT_ID
from tests.gateways.payway.practice import MERCHANT_ID, merchant
from tests.signing import DONE, PATH, body_of, signed
from tests.test_cli import books, run

__all__ = ["books", "run"]

URL = "https://shop.example/api/payway/v2/webhook"


@pytest.fixture
def account(app, bank, shop, books):
    """The columns of the PayWay account, as they stand now."""
    with app.app_context():
        payway.add_account(bank)

    def read(account_id=MERCHANT_ID):
        query = select(GatewayAccount).where(GatewayAccount.account_id == account_id)
        row = books(lambda: db.session.scalars(query).one())
        return {one.key: one.value for one in inspect(row).attrs}

    return read


def test_each_thing_is_changed_alone_and_told(run, account):
    before = account()
    done = run("set-account", MERCHANT_ID, "--raw-callbacks")
    assert (done.exit_code, done.output) == (0, "takes X-PayWay-Signature: no -> yes\n")
    assert account() == before | {"takes_raw_callbacks": True}
    done = run("set-account", MERCHANT_ID, "--callback-url", URL, "--payment-option", "bakong")
    assert done.output == f"payment option: none -> bakong\naddress for callbacks: none -> {URL}\n"
    wanted = {"callback_url": URL, "payment_option": "bakong", "takes_raw_callbacks": True}
    assert account() == before | wanted


def test_what_was_set_can_be_taken_away_again(run, account):
    before = account()
    run("set-account", MERCHANT_ID, "--callback-url", URL, "--raw-callbacks")
    done = run("set-account", MERCHANT_ID, "--callback-url", "", "--no-raw-callbacks")
    assert done.exit_code == 0 and account() == before
    assert "is so already" in run("set-account", MERCHANT_ID, "--no-raw-callbacks").output


def test_a_new_refund_key_is_sealed_and_not_shown(run, account, settings, tmp_path):
    pem = tmp_path / "aba.pem"
    pem.write_text(merchant().public_key)
    done = run("set-account", MERCHANT_ID, "--refund-key", str(pem))
    assert done.output == "refund key: a new one\n"
    assert vault.unseal(settings, account()["refund_key_sealed"]) == merchant().public_key


@pytest.mark.parametrize(
    ("account_id", "options", "said"),
    [
        (MERCHANT_ID, (), "what is to be changed"),
        (MERCHANT_ID, ("--payment-option", "cards"), "payment option is"),
        (MERCHANT_ID, ("--callback-url", "http://shop.example/"), "starts with https://"),
        (MERCHANT_ID, ("--raw-callbacks", "--email", "a@b.example"), "no such thing: e-mail"),
        (ACCOUNT_ID, ("--raw-callbacks",), "no such thing: takes X-PayWay-Signature"),
        (ACCOUNT_ID, ("--callback-url", URL), "no such thing: address for callbacks"),
        (ACCOUNT_ID, ("--email", "x" * 31), "e-mail address has"),
        ("nobody", ("--raw-callbacks",), "no account nobody"),
    ],
)
def test_what_cannot_be_is_refused_whole_in_one_line(run, account, account_id, options, said):
    before = account()
    done = run("set-account", account_id, *options)
    assert (done.exit_code, done.output.count("\n")) == (1, 1) and said in done.output
    assert account() == before


def test_a_refund_key_that_is_none_is_refused(run, account, tmp_path):
    pem = tmp_path / "aba.pem"
    pem.write_text("no key")
    assert run("set-account", MERCHANT_ID, "--refund-key", str(pem)).exit_code == 1
    assert account()["refund_key_sealed"] == ""


def test_bakongs_address_for_renewals_is_changed(run, account):
    done = run("set-account", ACCOUNT_ID, "--email", "new@shop.example")
    assert done.exit_code == 0 and account(ACCOUNT_ID)["token_email"] == "new@shop.example"


def test_a_change_is_logged_with_who_made_it(run, account, caplog):
    with caplog.at_level(logging.INFO):
        run("set-account", MERCHANT_ID, "--raw-callbacks")
    told = [one.message for one in caplog.records if "changed" in one.message]
    assert told == [f"operator changed {MERCHANT_ID}: takes X-PayWay-Signature: no -> yes"]


def test_the_older_style_is_taken_from_then_on(run, account, client):
    raw, headers = signed(body_of("261122-NOBODYS", webhook_id="webhook_1"), style="raw")
    assert client.post(PATH, data=raw, headers=headers).status_code == 403
    run("set-account", MERCHANT_ID, "--raw-callbacks")
    assert client.post(PATH, data=raw, headers=headers).json == DONE
