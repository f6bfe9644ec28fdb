"""What leaves for a Sentry: an error's place and number, and nothing of a customer or a key."""

import builtins
import gzip
import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import sentry_sdk

from pos import logs
from pos.errors import ConfigError
from pos.logs import sentry
from tests.canary import Canary
from tests.conftest import SECRET_KEY, VAULT_KEY, make_settings

PAYER = "sok_dara_77@bank"


class Ear(BaseHTTPRequestHandler):
    """Takes what is sent, and keeps it on its server."""

    def do_POST(self):  # noqa: N802 - the library's name
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        packed = self.headers.get("Content-Encoding") == "gzip"
        self.server.heard.append((gzip.decompress(raw) if packed else raw).decode())
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_):
        """Be quiet."""


@pytest.fixture
def ear():
    server = HTTPServer(("127.0.0.1", 0), Ear)
    server.heard = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def sent(ear, tmp_path):
    """Runs something with a Sentry; what was sent of it, whole and as JSON. Nobody else hears."""
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    root.handlers = []
    dsn = f"http://{'k' * 32}@127.0.0.1:{ear.server_port}/1"
    handler = sentry.open_sentry(make_settings(tmp_path, sentry_dsn=dsn))

    def sent(deed):
        deed()
        sentry_sdk.flush(2)
        return ear.heard, [json.loads(one.splitlines()[-1]) for one in ear.heard]

    yield sent
    root.handlers = [one for one in before if one is not handler]
    sentry_sdk.get_client().close(0)
    sentry_sdk.get_global_scope().set_client(None)


def fail():
    """Fail with secrets in variables, in the text of the error, and beside the line."""
    api_key, payer, pin = VAULT_KEY, PAYER, "135790"
    with logs.about(request_id="9f1c04be77a2", who="user:3"):
        try:
            raise ValueError(f"key={api_key} {SECRET_KEY}\nDETAIL: Key (payer)=({payer})")
        except ValueError:
            body = {"pin": pin, "payer": payer}
            logging.getLogger("pos.test").exception("sent by %s", payer, extra={"body": body})


def test_an_error_is_sent_with_its_place_and_its_number(sent):
    _raw, (event,) = sent(fail)
    (error,) = event["exception"]["values"]
    assert (error["type"], error["stacktrace"]["frames"][-1]["function"]) == ("ValueError", "fail")
    assert event["tags"] == {"request_id": "9f1c04be77a2", "who": "user:3"}
    assert event["logentry"] == {"message": "sent by %s"}
    assert (event["level"], event["logger"]) == ("error", "pos.test")


def test_no_secret_no_customer_and_no_variable_is_sent(sent):
    (raw,), (event,) = sent(fail)
    canary = Canary()
    for secret in (VAULT_KEY, SECRET_KEY, PAYER):
        canary.know("secret", secret)
    canary.emit(logging.LogRecord("sent", 20, "", 0, raw.replace("%", "%%"), (), None))
    assert canary.leaks() == [] and "135790" not in raw
    not_sent = {"request", "user", "extra", "breadcrumbs", "server_name", "modules", "contexts"}
    assert not not_sent & event.keys()
    assert "vars" not in raw and "context_line" not in raw


def test_what_is_no_error_is_not_sent(sent):
    raw, _events = sent(lambda: logging.getLogger("pos.test").warning("it was slow"))
    assert raw == []


def test_without_a_dsn_nothing_is_opened(tmp_path):
    assert sentry.open_sentry(make_settings(tmp_path)) is None
    assert not sentry_sdk.get_client().is_active()


def test_a_dsn_that_is_none_stops_the_start(tmp_path):
    with pytest.raises(ConfigError, match="POS_SENTRY_DSN: "):
        sentry.open_sentry(make_settings(tmp_path, sentry_dsn="https://sentry.example/"))


def test_a_dsn_without_the_package_stops_the_start_and_says_what_to_install(tmp_path, monkeypatch):
    really = builtins.__import__

    def without(name, *rest):
        if name.startswith("sentry_sdk"):
            raise ImportError(name)
        return really(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"pip install 'khqr-pos\[sentry\]'"):
        sentry.open_sentry(make_settings(tmp_path, sentry_dsn="https://k@sentry.example/1"))


def test_a_dsn_without_tls_stays_on_this_machine(tmp_path):
    with pytest.raises(ValueError, match="https"):
        make_settings(tmp_path, sentry_dsn="http://k@sentry.example/1")
