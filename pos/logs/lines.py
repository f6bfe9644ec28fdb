"""The lines of the log: as text for a person or JSON for a program, and never a secret in them.

Each line stays one line, whatever a stranger typed, and says what it belongs to: the request or
the run of a timed job, and who asked. `docs/operations.md` lists the fields.
"""

import json
import logging
import secrets
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from typing import Any
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from pos.config import Settings
from pos.errors import ConfigError
from pos.logs.redaction import SECRETS, Redaction

Facts = Mapping[str, Any]

_FACTS: ContextVar[dict[str, Any] | None] = ContextVar("facts", default=None)

_USUAL = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "taskName"}
ON_A_LINE = ("request_id", "who", "job", "run")
"""The facts that a line of text has; the others stand in its message."""

_UNSEEN = (*range(32), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2066, 0x206A))
_ESCAPED = {sign: chr(sign).encode("unicode_escape").decode() for sign in _UNSEEN}
"""What would begin a new line, colour a terminal, or turn the order of signs around."""

SERVERS_OWN = ("gunicorn.error", "gunicorn.access")
"""Loggers with handlers of their own, of which the lines become like ours."""


def number() -> str:
    """Return a new number for a request or a run: short enough to be read out."""
    return secrets.token_hex(6)


def begin(**facts: Any) -> None:
    """Forget what this thread was about; from now on its lines have these facts."""
    _FACTS.set(facts)


def add(**facts: Any) -> None:
    """Give the lines of what this thread is about more facts."""
    _FACTS.set({**(_FACTS.get() or {}), **facts})


def facts() -> Facts:
    """Return what this thread is about; empty where nobody said."""
    return _FACTS.get() or {}


def facts_of(record: logging.LogRecord) -> Facts:
    """Return what a line says beside its message, as it was given: nothing of it is hidden."""
    more = {name: it for name, it in record.__dict__.items() if name not in _USUAL}
    return {**facts(), **more}


@contextmanager
def about(**facts: Any) -> Iterator[None]:
    """Give the lines of the body these facts, beside those that it has already."""
    before = _FACTS.set({**(_FACTS.get() or {}), **facts})
    try:
        yield
    finally:
        _FACTS.reset(before)


class Lines(logging.Formatter):
    """What both kinds of lines share: the parts of a record, without secrets."""

    def __init__(self, redaction: Redaction = SECRETS) -> None:
        super().__init__()
        self._redaction = redaction

    def _told(self, record: logging.LogRecord) -> str:
        return self._redaction.text(record.getMessage())

    def _trace(self, record: logging.LogRecord) -> str:
        """The traceback of a record, "" without one; what other handlers keep is not used."""
        parts = [self.formatException(record.exc_info)] if record.exc_info else []
        return self._redaction.text("\n".join([*parts, *filter(None, [record.stack_info])]))

    def _why(self, record: logging.LogRecord) -> str:
        kind, problem, _trace = record.exc_info or (None, None, None)
        return self._redaction.text(f"{kind.__name__}: {problem}" if kind else "")

    def _facts(self, record: logging.LogRecord) -> dict[str, Any]:
        return {name: self._redaction.value(name, it) for name, it in facts_of(record).items()}


class TextLines(Lines):
    """Lines for a person; the lines of a traceback are set in, so none can pass for a record."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line, with its traceback below it."""
        known = self._facts(record)
        marks = " ".join(f"{name}={known[name]}" for name in ON_A_LINE if known.get(name))
        trace = self._trace(record).splitlines()
        head = f"{_instant(record)} {record.levelname} {record.name}: {self._told(record)}"
        head += f": {self._why(record)}" if record.exc_info else ""
        head += f" [{marks}]" if marks else ""
        return "\n".join([one_line(head), *("    " + one_line(line) for line in trace)])


class JsonLines(Lines):
    """Lines for a program: one JSON object each, in plain ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one JSON object."""
        told: dict[str, Any] = {
            "time": _instant(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._told(record),
        }
        told |= {name: it for name, it in self._facts(record).items() if name not in told}
        if trace := self._trace(record):
            told["exception"] = trace
        return json.dumps(told, default=str)


def one_line(text: str) -> str:
    """Return a text in which every line's end, and what a terminal obeys, is only written."""
    return text.translate(_ESCAPED)


def _instant(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class _Quiet:
    """A line that cannot be written is not shown raw: it could hold anything."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        if sys.stderr:
            sys.stderr.write(f"a line of {one_line(record.name)} could not be logged\n")


class _ToStderr(_Quiet, logging.StreamHandler[Any]):
    pass


class _ToFile(_Quiet, WatchedFileHandler):
    pass


def open_logs(settings: Settings, level: str = "") -> logging.Handler:
    """Write this process's log as the settings say, at `level` or theirs; return its handler.

    ConfigError where the file cannot be opened. A second call replaces the first.
    """
    for secret in secrets_of(settings):
        SECRETS.learn(secret)
    handler = _handler(settings)
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, _Quiet)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    logging.getLogger("pos").setLevel((level or settings.log_level).upper())
    for one in (one for name in SERVERS_OWN for one in logging.getLogger(name).handlers):
        one.setFormatter(handler.formatter)
    threading.excepthook = _thread_ended
    return handler


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Return what the settings hold of secrets, the database's password with them."""
    kept = (getattr(settings, name) for name in type(settings).model_fields)
    found = [one.get_secret_value() for one in kept if isinstance(one, SecretStr)]
    password = urlsplit(settings.database).password or ""
    return tuple(one for one in (*found, password, unquote(password)) if one)


def _handler(settings: Settings) -> logging.Handler:
    if settings.log_file is None:
        return _ToStderr()
    try:
        # Several processes write it: each line goes to its end, and who moves it is noticed.
        return _ToFile(settings.log_file, encoding="utf-8", errors="backslashreplace")
    except OSError as problem:
        path = settings.log_file
        raise ConfigError(f"POS_LOG_FILE: {problem.strerror}: {path}") from None


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    log = logging.getLogger("pos")
    if told.exc_value is not None:
        trouble = (told.exc_type, told.exc_value, told.exc_traceback)
        log.error("a thread ended by an error", exc_info=trouble)
