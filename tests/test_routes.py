import re
from pathlib import Path

import pytest
from flask import Flask

from pos import permissions
from pos.permissions import Role
from pos.sandbox import create_sandbox
from pos.web.rights import BY_TOKEN, NEEDS, OWN_CHECK, PUBLIC
from tests.factories import log_in, post

LIST = Path(__file__).parent / "data" / "routes.txt"


def shop_routes(app: Flask) -> list[str]:
    """Each route as a line: where, how, which view answers, and the right it takes."""
    return [f"{line} {right_of(line.split()[-1])}" for line in routes(app)]


def right_of(endpoint: str) -> str:
    """The right to look and, where another is needed, the right to send."""
    if endpoint in BY_TOKEN:
        return f"token:{BY_TOKEN[endpoint]}"
    return "anybody" if endpoint in PUBLIC else str(NEEDS.get(endpoint, "nobody"))


def routes(app: Flask) -> list[str]:
    return sorted(
        f"{rule.rule} {','.join(sorted(rule.methods - {'HEAD', 'OPTIONS'}))} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
    )


def listed(part: str) -> list[str]:
    """The lines under one heading of the list."""
    sections = LIST.read_text().split("\n# ")
    return next(text.splitlines()[1:] for text in sections if text.startswith(f"{part}\n"))


def test_every_route_of_the_shop_is_listed_and_no_other(app):
    assert shop_routes(app) == listed("The shop")


def test_every_route_of_the_practice_bank_is_listed_and_no_other(tmp_path):
    assert routes(create_sandbox(ledger_path=tmp_path / "bank.db")) == listed("The practice bank")


@pytest.mark.parametrize(
    "named",
    [PUBLIC, OWN_CHECK, NEEDS.keys(), BY_TOKEN.keys()],
    ids=["public", "own check", "needs", "by token"],
)
def test_no_list_names_an_endpoint_that_is_gone(app, named):
    assert named <= set(app.view_functions)


def test_every_endpoint_is_public_or_takes_a_right_or_a_token_and_none_is_two(app):
    assert PUBLIC | NEEDS.keys() | BY_TOKEN.keys() == set(app.view_functions)
    assert not PUBLIC & NEEDS.keys()
    assert not BY_TOKEN.keys() & (PUBLIC | NEEDS.keys())


def test_an_endpoint_without_a_right_is_refused_to_everybody(app, shop):
    app.add_url_rule("/new", "new", lambda: "secret", methods=["GET", "POST"])
    for person in (shop.cashier, shop.manager):
        browser = log_in(app.test_client(), person)
        answers = browser.get("/new"), post(browser, "/new", page="/password")
        assert {answer.status_code for answer in answers} == {403}
        assert "secret" not in "".join(answer.text for answer in answers)


def test_nothing_that_an_auditor_may_send_changes_the_shop():
    sends = {name for name, need in NEEDS.items() if permissions.may(Role.AUDITOR, need.send)}
    with_a_form = {line.split()[2] for line in listed("The shop") if "POST" in line.split()[1]}
    own_login = {"auth.logout", "auth.password", "logins.end", "logins.end_others"}
    own_login |= {f"second_step.{it}" for it in ("begin", "turn_on", "turn_off")}
    assert sends & with_a_form == own_login


def test_what_needs_a_login_sends_a_stranger_to_it(app, shop):
    stranger = app.test_client()
    for line in listed("The shop"):
        path, methods, _endpoint, asker = line.split()
        if asker != "anybody" and not asker.startswith("token:") and "GET" in methods.split(","):
            answer = stranger.get(re.sub("<int:[a-z_]+>", "1", path))
            assert answer.status_code in (303, 401), line
            assert "/login" in answer.headers.get("Location", answer.headers.get("HX-Redirect"))


def test_what_changes_something_is_never_answered_to_a_get(app):
    pages_with_a_form = {
        *("auth.login", "auth.password", "auth.pin", "shifts.open_shift", "shifts.close_shift"),
        *("attention.item", "claim.claim", "claim.mark", "cash.take", "drawer.move"),
        *("drawer.refund", "counting.count", "corrections.recount", "rates.rates"),
        "disputes.new",
        *("quick_amounts.quick_amounts", "discounts.discount", "discount_rules.rules"),
        *("quick_amounts.quick_amounts", "people.new", "people.person", "accounts.new"),
        *("devices.devices", "switch.switch", "welcome.welcome", "tip_rules.rules"),
        *("recipients.recipients", "second_step.code", "limits.limits"),
        *("programs.programs", "refunds.reference", "webhooks.webhooks"),
        "receipt_lines.receipt_lines",
        *("attention.item", "claim.claim", "claim.mark", "refunds.payment", "refunds.refund"),
    }
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint not in pages_with_a_form:
            assert "GET" not in rule.methods, rule
