"""Hearing the lines of the log as JSON has them, with nothing hidden."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
