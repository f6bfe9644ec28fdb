"""The lines of the log in both formats: whole, one line each, and without a secret."""

import json
import logging
import sys
import threading

import pytest

from pos import logs
from pos.errors import ConfigError
from pos.logs.lines import JsonLines
from pos.logs.redaction import Redaction
from tests.canary import Canary
from tests.conftest import BOT_TOKEN, MAIL_PASSWORD, SECRET_KEY, VAULT_KEY, make_settings

KEYS = (SECRET_KEY, VAULT_KEY, BOT_TOKEN, MAIL_PASSWORD)
FORMATS = ("text", "json")


@pytest.fixture
def opened(tmp_path):
    """Opens the log of this process into a file; read it with `opened(...)()`.

    The suite's own guard does not hear it: what is logged here is secret.
    """
    root, hook = logging.getLogger(), threading.excepthook
    before = root.handlers[:], logging.getLogger("pos").level
    path, handlers = tmp_path / "pos.log", []
    root.handlers = []
    logs.begin()

    def opened(kind="text", **more):
        changes = {"log_format": kind, "log_file": path, "smtp_password": MAIL_PASSWORD, **more}
        handlers.append(
            logs.open_logs(make_settings(tmp_path, telegram_token=BOT_TOKEN, **changes))
        )
        return lambda: path.read_text().splitlines()

    yield opened
    root.handlers, threading.excepthook = before[0], hook
    logging.getLogger("pos").setLevel(before[1])
    for handler in handlers:
        handler.close()


def of(name="pos.test"):
    return logging.getLogger(name)


def test_a_line_of_json_says_when_what_and_to_what_it_belongs(opened):
    read = opened("json")
    with logs.about(request_id="abc123def456", who="user:3"):
        of().warning("payment %s waits", 7, extra={"status": 200, "api_key": "K"})
    told = json.loads(read()[-1])
    assert told.pop("time").endswith("Z")
    assert told == {"level": "warning", "logger": "pos.test", "message": "payment 7 waits",
                    "request_id": "abc123def456", "who": "user:3", "status": 200,
                    "api_key": "[hidden]"}  # fmt: skip


def test_a_line_of_text_says_the_same_to_a_person(opened):
    read = opened()
    with logs.about(job="reconcile", run="00ff00ff00ff"):
        of().warning("payment %s waits", 7)
    of().warning("nothing waits")
    assert read()[-2].endswith(
        "Z WARNING pos.test: payment 7 waits [job=reconcile run=00ff00ff00ff]"
    )
    assert read()[-1].endswith("Z WARNING pos.test: nothing waits")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("typed", ["\n", "\r\n", "\x85", "\u2028", "\x1b[2J\x0b"])
def test_a_name_with_a_line_in_it_makes_one_line(opened, kind, typed):
    read = opened(kind)
    of().warning("login of %s failed", f"x{typed}2026-11-22T02:00:00.000Z INFO pos: paid")
    assert len(read()) == 1
    assert typed not in read()[0]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_traceback_cannot_pass_for_a_line_of_its_own(opened, kind):
    read = opened(kind)
    try:
        raise ValueError("x\n2026-11-22T02:00:00.000Z INFO pos: paid")
    except ValueError:
        of().exception("it failed")
    assert [line for line in read() if line.startswith(("2026-11-22", "INFO"))] == []
    assert "ValueError" in read()[0]


@pytest.mark.parametrize("kind", FORMATS)
def test_no_canary_leaves_by_any_part_of_a_line(opened, kind):
    read, canary = opened(kind), Canary()
    for secret in KEYS:
        canary.know("key", secret, for_good=True)
        try:
            raise ValueError(f"{{'got': {secret[3:]!r}}}")
        except ValueError:
            with logs.about(who=secret, request_id=f"a{secret[:9]}"):
                of().exception("sent %s", secret[:12], extra={"body": {"at": [secret]}})
    for line in read():
        canary.emit(logging.LogRecord("a", logging.INFO, "", 0, line, (), None))
    assert len(read()) >= len(KEYS) and canary.leaks() == []


def test_without_redaction_the_canary_finds_each_of_them():
    canary, lines = Canary(), JsonLines(Redaction())
    for secret in KEYS:
        canary.know("key", secret, for_good=True)
        told = lines.format(logging.LogRecord("a", 20, "", 0, f"<{secret[3:12]}>", (), None))
        canary.emit(logging.LogRecord("a", 20, "", 0, told, (), None))
    assert len(canary.leaks()) == len(KEYS)


def test_the_server_s_own_lines_become_like_ours(opened):
    access, own = of("gunicorn.access"), logging.StreamHandler()
    access.addHandler(own)
    try:
        opened()
        line = logging.LogRecord("gunicorn.access", 20, "", 0, '"GET /r/%s"', ("a1b2c3",), None)
        assert "a1b2c3" not in own.format(line) and "/r/[hidden]" in own.format(line)
    finally:
        access.removeHandler(own)


def test_a_line_that_cannot_be_made_is_not_shown_raw(opened, capsys):
    opened()
    record = logging.LogRecord("pos.test", 30, "", 0, "sent %d", (SECRET_KEY,), None)
    logging.getLogger().handlers[-1].handle(record)
    shown = capsys.readouterr().err
    assert shown == "a line of pos.test could not be logged\n"


def test_the_error_that_ends_a_thread_is_in_the_log(opened):
    read = opened()
    thread = threading.Thread(target=lambda: int("x" + SECRET_KEY))
    thread.start()
    thread.join()
    assert "a thread ended by an error: ValueError" in read()[0]
    assert SECRET_KEY not in "".join(read())


def test_a_file_that_was_moved_away_is_begun_anew(opened, tmp_path):
    read = opened()
    of().warning("before")
    (tmp_path / "pos.log").rename(tmp_path / "pos.log.1")
    of().warning("after")
    assert "after" in read()[0] and "before" in (tmp_path / "pos.log.1").read_text()


def test_below_the_level_nothing_is_written_and_a_file_that_cannot_be_stops_the_start(opened):
    read = opened(log_level="warning")
    of().info("a detail")
    assert read() == []
    with pytest.raises(ConfigError, match="POS_LOG_FILE: "):
        opened(log_file=sys.executable + "/pos.log")
