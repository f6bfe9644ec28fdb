import re
from pathlib import Path

import pytest
from flask import Flask

from pos.sandbox import create_sandbox
from pos.web.security import OWN_CHECK, PUBLIC

LIST = Path(__file__).parent / "data" / "routes.txt"


def shop_routes(app: Flask) -> list[str]:
    """Each route as a line: where, how, which view answers, and who may ask."""
    return [
        f"{line} {'anybody' if line.split()[-1] in PUBLIC else 'login'}" for line in routes(app)
    ]


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


@pytest.mark.parametrize("exceptions", [PUBLIC, OWN_CHECK], ids=["public", "own check"])
def test_no_list_of_exceptions_names_an_endpoint_that_is_gone(app, exceptions):
    assert exceptions <= set(app.view_functions)


def test_what_needs_a_login_sends_a_stranger_to_it(app, shop):
    stranger = app.test_client()
    for line in listed("The shop"):
        path, methods, _endpoint, asker = line.split()
        if asker == "login" and "GET" in methods.split(","):
            answer = stranger.get(re.sub("<int:[a-z_]+>", "1", path))
            assert answer.status_code in (303, 401), line
            assert "/login" in answer.headers.get("Location", answer.headers.get("HX-Redirect"))


def test_what_changes_something_is_never_answered_to_a_get(app):
    pages_with_a_form = {
        *("auth.login", "auth.password", "auth.pin", "shifts.open_shift", "shifts.close_shift"),
        *("attention.item", "claim.claim", "claim.mark", "cash.take", "drawer.move"),
        *("drawer.refund", "counting.count", "corrections.recount", "rates.rates"),
        "quick_amounts.quick_amounts",
        *("attention.item", "claim.claim", "claim.mark", "refunds.payment", "refunds.refund"),
    }
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and rule.endpoint not in pages_with_a_form:
            assert "GET" not in rule.methods, rule
