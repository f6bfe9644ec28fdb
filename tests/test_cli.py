import pytest
from sqlalchemy import select

from pos.extensions import db
from pos.models import GatewayAccount, Printer, Role, Store, Till, User
from pos.services.banking import vault
from pos.services.people import users
from tests.factories import ACCOUNT_ID, PASSWORD
from tests.gateways.payway.practice import merchant

NEW = "another-password-7"


@pytest.fixture
def run(app, shop):
    """Type a command; return what it said and how it ended."""
    runner = app.test_cli_runner()

    def run(*arguments, typed=""):
        result = runner.invoke(args=list(arguments), input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return result

    return run


@pytest.fixture
def books(app):
    """Ask something of the books, in a context of its own."""

    def books(question):
        with app.app_context():
            return question()

    return books


def can_log_in(username, password=PASSWORD):
    return lambda: bool(users.of_token(users.log_in(username, password)))


def test_a_person_is_added_and_may_log_in(run, books):
    done = run("create-user", "sophea", "--role", "manager", "--name", "Sophea", "--password", NEW)
    assert (done.exit_code, done.output) == (0, "sophea may log in.\n")
    assert books(can_log_in("sophea", NEW))
    person = books(lambda: db.session.scalar(select(User).where(User.username == "sophea")))
    assert (person.role, person.display_name) == (Role.MANAGER, "Sophea")


def test_a_password_is_asked_for_and_not_shown(run, books):
    done = run("create-user", "sophea", typed=f"{NEW}\n{NEW}\n")
    assert done.exit_code == 0
    assert NEW not in done.output
    assert books(can_log_in("sophea", NEW))


REFUSED = [
    (("create-user", "dara", "--password", NEW), "taken"),
    (("create-user", "so phea", "--password", NEW), "letters, digits"),
    (("create-user", "sophea", "--password", "short"), "12 characters"),
    (("create-user", "sophea", "--store", "99", "--password", NEW), "no store 99"),
    (("set-password", "nobody", "--password", NEW), "no user nobody"),
    (("set-password", "dara", "--password", "short"), "12 characters"),
    (("disable-user", "nobody"), "no user nobody"),
    (("enable-user", "nobody"), "no user nobody"),
    (("set-token", "nobody@bank", "--token", "x"), "no account nobody@bank"),
    (("check-gateway", "nobody@bank"), "no account nobody@bank"),
]


@pytest.mark.parametrize(("arguments", "reason"), REFUSED)
def test_what_cannot_be_done_is_said_in_one_line(run, arguments, reason):
    done = run(*arguments)
    assert done.exit_code == 1
    assert reason in done.output
    assert done.output.count("\n") == 1


def test_a_new_password_ends_all_logins(run, books):
    token = books(lambda: users.log_in("dara", PASSWORD))
    assert run("set-password", "Dara", "--password", NEW).exit_code == 0
    assert books(lambda: users.of_token(token)) is None
    assert books(can_log_in("dara", NEW))


def test_a_person_is_shut_out_at_once_and_let_in_again(run, books):
    token = books(lambda: users.log_in("dara", PASSWORD))
    assert run("disable-user", "dara").output == "dara is shut out.\n"
    assert books(lambda: users.of_token(token)) is None
    assert run("enable-user", "dara").output == "dara may log in.\n"
    assert books(can_log_in("dara"))


def test_the_last_who_manages_people_is_not_shut_out(run, books):
    done = run("disable-user", "maly")
    assert (done.exit_code, "last person" in done.output) == (1, True)
    assert books(can_log_in("maly"))


def test_a_pasted_key_is_stored_sealed_and_not_shown(run, books, bank, settings):
    token = bank.token()
    done = run("set-token", ACCOUNT_ID, typed=f" {token} \n")
    assert done.exit_code == 0
    assert token not in done.output
    account = books(lambda: db.session.scalars(select(GatewayAccount)).one())
    assert vault.unseal(settings, account.token_sealed) == token


SHOP = (
    *("create-shop", "--name", "Angkor Books", "--city", "Siem Reap", "--store", "Old Market"),
    *("--till", "Desk", "--till", "Window", "--account", "books@aclb", "--quota", "0"),
)


def test_a_real_shop_is_set_up_and_its_key_is_asked_for(run, books, bank, settings):
    token = bank.token()
    done = run(*SHOP, "--url", bank.url, "--email", "books@shop.example", typed=f"{token}\n")
    assert done.exit_code == 0, done.output
    assert token not in done.output
    store = books(lambda: db.session.scalars(select(Store).where(Store.name == "Old Market")).one())
    tills = select(Till.name).where(Till.store_id == store.id).order_by(Till.id)
    assert books(lambda: list(db.session.scalars(tills))) == ["Desk", "Window"]
    account = books(lambda: db.session.get_one(GatewayAccount, store.account_id))
    assert (account.is_practice, account.daily_quota, account.base_url) == (False, 0, bank.url)
    assert vault.unseal(settings, account.token_sealed) == token


def test_a_real_shop_is_paid_through_the_central_bank_unless_told_otherwise(run, books):
    assert run(*SHOP, "--token", "x").exit_code == 0
    urls = books(lambda: list(db.session.scalars(select(GatewayAccount.base_url))))
    assert "https://api-bakong.nbc.gov.kh" in urls


def test_a_shop_may_be_paid_by_payway(run, books, settings, tmp_path):
    pem = tmp_path / "refund.pem"
    pem.write_text(merchant().public_key)
    payway = ("--gateway", "payway", "--account", "ec000262", "--refund-key", str(pem))
    done = run(*SHOP[:-4], *payway, typed="canary-api-key\n")
    assert done.exit_code == 0 and "canary" not in done.output, done.output
    query = select(GatewayAccount).where(GatewayAccount.gateway == "payway")
    account = books(lambda: db.session.scalars(query).one())
    assert (account.base_url, account.daily_quota) == ("https://checkout.payway.com.kh", 0)
    assert vault.unseal(settings, account.token_sealed) == "canary-api-key"
    assert vault.unseal(settings, account.refund_key_sealed) == merchant().public_key


def test_a_shop_that_no_bank_would_pay_is_refused_in_one_line(run, books):
    done = run(*SHOP, "--account", "no account", "--token", "x")
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert "name@bank" in done.output
    assert books(lambda: len(db.session.scalars(select(Store)).all())) == 1


def test_a_till_gets_a_receipt_printer_and_loses_it(run, books, shop):
    done = run("set-printer", str(shop.till_id), "tcp://10.0.0.7", "--drawer")
    assert (done.exit_code, done.output) == (0, f"Till {shop.till_id} prints at tcp://10.0.0.7.\n")
    assert books(lambda: db.session.get_one(Printer, shop.till_id).has_drawer)
    assert run("set-printer", str(shop.till_id)).exit_code == 0
    assert books(lambda: db.session.get(Printer, shop.till_id)) is None


def test_a_printer_outside_the_shop_is_refused(run, shop):
    done = run("set-printer", str(shop.till_id), "tcp://8.8.8.8")
    assert (done.exit_code, "the shop's own network" in done.output) == (1, True)
