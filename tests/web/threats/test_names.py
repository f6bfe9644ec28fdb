from itertools import product

import pytest

from pos.config import Settings
from tests.factories import log_in

EVIL = "evil.example"


@pytest.fixture
def named(serve):
    """The shop that is asked for by two names and its public address."""
    return serve(trusted_hosts="pos.example.com,.shop.lan", public_url="https://pay.example.com")


OURS = ["pos.example.com", "till.shop.lan:5000", "pay.example.com", "localhost", "127.0.0.1:5000"]
NOT_OURS = [EVIL, "pos.example.com.evil.example", "", "a b", "xpos.example.com"]
PATHS = ["/login", "/till", "/display", "/api/v1/health", "/nothing"]


def test_the_shop_answers_to_its_names(named, shop):
    for host in OURS:
        assert named.test_client().get("/login", headers={"Host": host}).status_code == 200, host


def test_another_name_is_answered_in_one_sentence_and_never_repeated(named, shop):
    for path, host in product(PATHS, NOT_OURS):
        answer = named.test_client().get(path, headers={"Host": host})
        assert (answer.status_code, answer.mimetype) == (400, "text/plain"), (path, host)
        assert answer.text == "This shop is not asked for by that name."
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_list_another_name_leads_nowhere_either(app, shop):
    browser = log_in(app.test_client(), shop.manager)
    for path in ("/", "/login", "/nothing", "/till", "/shifts", "/office", "/settings/tills"):
        answer = browser.get(path, headers={"Host": EVIL, "X-Forwarded-Host": EVIL})
        assert EVIL not in answer.text + str(answer.headers), path


@pytest.mark.parametrize("bad", ["https://pos.example.com", "pos.example.com:443", "a b", "*"])
def test_what_is_no_name_stops_the_start(settings, bad):
    with pytest.raises(ValueError, match="host names without a port"):
        Settings(**{**settings.model_dump(), "trusted_hosts": bad})
