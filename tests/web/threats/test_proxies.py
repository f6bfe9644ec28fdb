import pytest
from werkzeug.test import Client

from pos.web import reach

CLAIMS = {"X-Forwarded-For": "10.9.9.9, 203.0.113.7", "X-Forwarded-Proto": "https"}
HERE = {"REMOTE_ADDR": "127.0.0.1"}
CLAIMS |= {"X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}


def seen(settings, proxies):
    """Who asks, by which scheme and under which name, as the app sees it."""
    found = []

    def app(environ, start):
        found.extend(environ[it] for it in ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST"))
        start("204 NO CONTENT", [])
        return [environ["SCRIPT_NAME"].encode()]

    before = reach.behind_proxies(app, settings.model_copy(update={"proxies": proxies}))
    answer = Client(before).get("/", headers=CLAIMS, environ_overrides=HERE)
    return (*found, answer.text)


def test_without_a_proxy_nobody_says_who_they_are(settings):
    assert seen(settings, 0) == ("127.0.0.1", "http", "localhost", "")


def test_one_proxy_is_believed_what_it_added_itself_and_no_more(settings):
    assert seen(settings, 1) == ("203.0.113.7", "https", "localhost", "")


@pytest.mark.parametrize(("proxies", "who"), [(2, "10.9.9.9"), (3, "127.0.0.1")])
def test_of_a_chain_of_proxies_the_first_that_is_counted_is_believed(settings, proxies, who):
    assert seen(settings, proxies)[0] == who


def test_the_app_is_served_behind_as_many_proxies_as_the_settings_say(serve):
    ways = {"environ_overrides": {"REMOTE_ADDR": "192.168.1.5"}, "headers": CLAIMS}
    refused, taken = serve(https_only=True), serve(https_only=True, proxies=1)
    assert refused.test_client().get("/login", **ways).status_code == 403
    assert taken.test_client().get("/login", **ways).status_code == 200
