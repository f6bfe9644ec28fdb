"""Hearing the lines of the log as JSON has them, with nothing hidden."""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from pos.logs import lines
from pos.logs.lines import JsonLines
from pos.logs.redaction import Redaction


class Lines(logging.Handler):
    """Keeps each line."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines(Redaction()))
        self.all: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.all.append(json.loads(self.format(record)))


@contextmanager
def heard() -> Iterator[list[dict[str, Any]]]:
    """Hear what the program logs meanwhile."""
    handler, log = Lines(), logging.getLogger("pos")
    log.addHandler(handler)
    try:
        yield handler.all
    finally:
        log.removeHandler(handler)


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """Close the log of a program that a test started in this very process, as a server does."""
    root, log, hook = logging.getLogger(), logging.getLogger("pos"), threading.excepthook
    level = log.level
    yield
    for one in [one for one in root.handlers if isinstance(one.formatter, lines.Lines)]:
        root.removeHandler(one)
        one.close()
    log.setLevel(level)
    threading.excepthook = hook
