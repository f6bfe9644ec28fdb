"""The guard over the suite's log lines, with lines that it must find."""

import logging

import pytest

from pos import logs
from tests import factories
from tests.canary import CANARY, Canary
from tests.conftest import BOT_TOKEN, MAIL_PASSWORD, VAULT_KEY
from tests.factories import charge, open_shift
from tests.gateways.payway.practice import merchant
from tests.payway import ask
from tests.payway import open_shop as open_payway
from tests.refunding import give_back, give_keys, money_of

SECRET = "q7Zt-41xPw_Rm93kLd02"


@pytest.fixture
def heard():
    """Whether a line written now is found, by a canary of its own."""
    canary, log = Canary(), logging.getLogger("a-log-of-its-own")
    log.propagate = False
    log.addHandler(canary)

    def heard(*line, **more):
        canary.know("key", SECRET)
        log.warning(*line, **more)
        return len(canary.leaks())

    yield heard
    log.removeHandler(canary)


@pytest.mark.parametrize("at", [0, 5, 12])
def test_eight_characters_of_a_secret_are_found_and_seven_are_not(heard, at):
    assert heard("sent %s", f"<{SECRET[at : at + 8]}>") == 1
    assert heard("sent %s", f"<{SECRET[at : at + 7]}>") == 0
    assert heard("sent %s", SECRET) == 1 and heard("sent nothing") == 0


def test_a_secret_in_a_traceback_is_found(heard):
    try:
        raise ValueError(SECRET)
    except ValueError:
        assert heard("it failed", exc_info=True) == 1


def test_a_secret_beside_the_message_is_found(heard):
    assert heard("it was sent", extra={"body": {"key": SECRET}}) == 1
    with logs.about(who=SECRET[:8]):
        assert heard("it was sent") == 1


def test_a_line_may_come_before_the_request_that_tells_the_secret():
    canary = Canary()
    canary.emit(logging.LogRecord("a", logging.INFO, "", 0, f"sent {SECRET}", (), None))
    canary.know("key", SECRET)
    assert canary.leaks() == [f"key in: a: sent {SECRET}"] and canary.leaks() == []


def test_a_row_of_dashes_and_a_pem_s_first_line_are_no_secret():
    canary = Canary()
    canary.know("key", f"-----BEGIN PRIVATE KEY-----\n{'-' * 40}\n{SECRET}")
    line = f"-----BEGIN PRIVATE KEY----- {'-' * 20}"
    canary.emit(logging.LogRecord("a", logging.INFO, "", 0, line, (), None))
    assert canary.leaks() == []


def test_the_secrets_of_a_refund_are_known_while_it_is_made(app, bank, clock):
    shop = open_payway(app, bank)
    give_keys(app)
    factories.log_in(app.test_client(), shop.cashier)
    with app.app_context():
        payment = charge(open_shift(shop))
        bank.pay(payment.qr_string)
        ask(payment)
        give_back(money_of(payment).id, shop, "1")
    kinds = {"hash", "merchant_auth", "api_key", "private_key", "cookie", "password", "vault key"}
    assert kinds <= CANARY.kinds()


def test_the_keys_of_the_outbox_are_known(caplog):
    assert {"bot token", "mail password"} <= CANARY.kinds()
    for secret in (BOT_TOKEN, MAIL_PASSWORD):
        logging.getLogger("pos.messengers").info("sent with %s", secret[3:12])
        assert [one for one in CANARY.leaks() if secret[3:12] in one]


@pytest.mark.parametrize(
    "secret",
    [VAULT_KEY, merchant().api_key, factories.PASSWORD],
    ids=["vault key", "API key", "password"],
)
def test_the_suite_s_own_guard_hears_what_the_shop_logs(secret):
    CANARY.know("a secret", secret)
    logging.getLogger("pos.services.asking.questions").info("asked with %s", secret[2:10])
    (leak,) = [one for one in CANARY.leaks() if "asked with" in one]
    assert secret[2:10] in leak
