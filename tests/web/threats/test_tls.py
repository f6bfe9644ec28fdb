import logging

import pytest

from tests.factories import log_in, open_shift
from tests.web.conftest import Screen
from tests.web.pages import pair, press

HOST_ONLY = {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"}
YEAR = "max-age=31536000; includeSubDomains"


def sent(*answers):
    """The cookies of some answers, each with what is said of it."""
    headers = [one for answer in answers for one in answer.headers.getlist("Set-Cookie")]
    return {one.split("=")[0]: set(one.split("; ")[1:]) for one in headers}


def test_behind_tls_every_cookie_is_bound_to_this_host(secure, shop):
    browser = log_in(secure.test_client(), shop.manager)
    cookies = sent(
        secure.test_client().get("/login"),
        browser.get("/display"),
        press(browser, "/devices", "Make it a till", name="Tablet"),
        press(browser, "/password", "ខ្មែរ"),
    )
    assert set(cookies) >= {f"__Host-pos_{it}" for it in ("login", "display", "till", "language")}
    for name, said in cookies.items():
        assert (name[:7], said >= HOST_ONLY) == ("__Host-", True), name
        assert not [it for it in said if it.startswith("Domain")]


def test_behind_tls_till_and_screen_work_with_these_cookies(secure, shop):
    with secure.app_context():
        open_shift(shop)
    browser, screen = log_in(secure.test_client(), shop.cashier), Screen(secure.test_client())
    assert pair(browser, screen.code).status_code == 303
    assert screen.phase == "idle"
    assert screen.poll().status_code == 204
    assert browser.get("/till/payment").status_code == 200


def test_a_cookie_that_a_plain_connection_put_there_is_nobodys_behind_tls(app, secure, shop):
    token = log_in(app.test_client(), shop.cashier).get_cookie("pos_login").value
    thief = secure.test_client()
    thief.set_cookie("pos_login", token, domain="pos.example.com")
    assert thief.get("/till").headers["Location"].startswith("/login")
    thief.set_cookie("__Host-pos_login", token, domain="pos.example.com")
    assert thief.get("/password").status_code == 200


def test_behind_tls_a_browser_is_told_to_come_back_over_tls_alone(secure, client, shop):
    for page in ("/login", "/nothing", "/static/css/tokens.css", "/display/screen"):
        answer = secure.test_client().get(page, buffered=True)
        assert answer.headers["Strict-Transport-Security"] == YEAR, page
        assert "Strict-Transport-Security" not in client.get(page, buffered=True).headers, page


PLAIN = {"base_url": "http://pos.example.com"}
FROM_THE_NET = {"environ_overrides": {"REMOTE_ADDR": "192.168.1.23"}}
THROUGH_A_PROXY = {"headers": {"X-Forwarded-For": "192.168.1.23", "X-Forwarded-Proto": "http"}}


@pytest.mark.parametrize("way", [FROM_THE_NET, THROUGH_A_PROXY], ids=["net", "proxy"])
def test_without_tls_no_page_is_shown_that_could_ask_for_a_password(secure, shop, way):
    for path in ("/login", "/till", "/display", "/switch", "/api/v1/health"):
        answer = secure.test_client().get(path, **PLAIN, **way)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False), path
        assert ("HTTPS" in answer.text, "password" in answer.text) == (True, False), path


def test_without_tls_a_monitor_on_the_machine_is_answered(secure, shop):
    browser = secure.test_client()
    assert browser.get("/healthz", **PLAIN, **FROM_THE_NET).status_code == 200
    assert browser.get("/login", **PLAIN).status_code == 200


def warned(caplog):
    """What was said of TLS; each request has a line of its own beside it."""
    return [one for one in caplog.records if one.name == "pos.web.reach"]


def test_a_shop_that_listens_on_the_network_without_tls_says_so_at_the_start(serve, caplog):
    serve(https_only=True, host="0.0.0.0")
    assert warned(caplog) == []
    serve(host="0.0.0.0")
    (said,) = warned(caplog)
    assert said.levelno == logging.WARNING
    assert "POS_HOST=0.0.0.0 is served without TLS" in said.getMessage()


def test_who_is_served_over_the_network_without_tls_is_told_of_once(serve, shop, caplog):
    browser = serve().test_client()
    browser.get("/login")
    assert warned(caplog) == []
    for _ in range(3):
        browser.get("/login", **FROM_THE_NET)
    (said,) = warned(caplog)
    assert said.getMessage().startswith("192.168.1.23 is served without TLS: ")
