import logging

import pytest

from pos.extensions import db
from pos.models import GatewayAccount
from pos.services.banking import vault
from tests.conftest import SECRET_KEY, VAULT_KEY
from tests.factories import post
from tests.web.visitors import DOORS

PAGES = [endpoint for endpoint, method in DOORS if method == "GET"]


@pytest.fixture
def secrets(world):
    """What opens something: keys, the bank's token, hashes of passwords and PINs."""
    with world.app.app_context():
        account = db.session.get_one(GatewayAccount, 1)
        token = vault.unseal(world.app.extensions["pos_settings"], account.token_sealed)
        return [SECRET_KEY, VAULT_KEY, token, token[-16:], account.token_sealed, "$argon2"]


def test_no_page_or_file_shows_a_secret_to_who_may_see_most(world, secrets):
    for page in PAGES:
        said = world.browsers["manager"].get(world.address(page)).get_data()
        assert [one for one in secrets if one.encode() in said] == [], page


def test_what_is_typed_at_the_login_makes_no_line_of_the_log(client, shop, caplog):
    caplog.set_level(logging.DEBUG)
    for name in ("x\n2026-11-22 INFO paid", "x\r\nWARNING paid", "\x1b[2Jpaid", "x" * 9_000):
        post(client, "/login", {"username": name, "password": "paid paid paid"})
    assert "paid" not in caplog.text
    assert "\x1b" not in caplog.text
