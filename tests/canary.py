"""Every log line of the suite is searched for the secrets that the tests use, whole or in part.

What is secret is heard on the way: at the end of each request to the shop or to the practice
bank its keys, hashes, signatures, passwords and cookies are learnt. Lines are kept until the
test ends, so it does not matter which came first. Processes of their own are not heard.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask, Response, request, request_finished
from werkzeug.exceptions import HTTPException

from pos import logs

PART = 8
"""So many characters of a secret, one after the other, are too many."""

FEWEST_SIGNS = 5
"""A part of fewer different characters, such as a row of dashes, says nothing of a secret."""

TYPED = ("password", "new_password", "again", "pin", "csrf_token")
KEYS = ("token", "api_key", "private_key")
HEADERS = ("X-PAYWAY-HMAC-SHA512", "X-PayWay-Signature", "X-CSRFToken")
SIGNED = ("/api/payment-gateway/", "/api/merchant-portal/")


class Canary(logging.Handler):
    """Keeps what is logged and what is secret until `leaks` compares the two."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self._lines: list[str] = []
        self._fixed: dict[str, str] = {}
        self._heard: dict[str, str] = {}
        self._before: dict[str, str] = {}

    def emit(self, record: logging.LogRecord) -> None:
        more = "".join(f" {name}={it}" for name, it in logs.facts_of(record).items())
        self._lines.append(f"{record.name}: {_formatter.format(record)}{more}")

    def know(self, name: str, secret: str, *, for_good: bool = False) -> None:
        """Take a text as secret, for this test and the next one, or for good."""
        kept = self._fixed if for_good else self._heard
        for line in secret.splitlines():
            if not line.startswith("-----"):
                kept[line.strip()] = name

    def kinds(self) -> set[str]:
        """What kinds of secrets are known."""
        return {*self._fixed.values(), *self._heard.values()}

    def leaks(self) -> list[str]:
        """Return the lines that carry a secret, and forget all lines and what is old."""
        known = {**self._fixed, **self._before, **self._heard}
        parts = {part: name for secret, name in known.items() for part in _parts(secret)}
        lines, self._lines = self._lines, []
        self._before, self._heard = self._heard, {}
        found = [(line, _part_in(line, parts)) for line in lines]
        return [f"{name} in: {line}" for line, name in found if name]


def _parts(secret: str) -> Iterator[str]:
    """A short secret is one part; a long one has as many as there are places to begin."""
    if 6 <= len(secret) < PART:
        yield secret
    for at in range(len(secret) - PART + 1):
        part = secret[at : at + PART]
        if len(set(part)) >= FEWEST_SIGNS:
            yield part


def _part_in(line: str, parts: Mapping[str, str]) -> str:
    for length in (6, 7, PART):
        for at in range(len(line) - length + 1):
            name = parts.get(line[at : at + length])
            if name:
                return name
    return ""


_formatter = logging.Formatter("%(message)s")
CANARY = Canary()


def listen(keys: Mapping[str, str]) -> None:
    """Hear every line and every request of this process from now on; `keys` are secret for good.

    SQLAlchemy would write each statement; its parameters are sealed or hashed where it matters.
    """
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    root.addHandler(CANARY)
    for name in ("sqlalchemy", "asyncio", "PIL", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    request_finished.connect(_learn)
    for name, secret in keys.items():
        CANARY.know(name, secret, for_good=True)


@pytest.fixture(autouse=True)
def no_secret_in_a_log() -> Iterator[None]:
    """Fail the test in which a secret, or a part of one, was logged."""
    yield
    leaks = CANARY.leaks()
    assert not leaks, "a secret was logged:\n" + "\n".join(leaks)


def _learn(_app: Flask, response: Response, **_more: Any) -> None:
    """Take the secrets of one request and its answer, whatever became of it."""
    for value in request.cookies.values():
        CANARY.know("cookie", value)
    for cookie in response.headers.getlist("Set-Cookie"):
        CANARY.know("cookie", cookie.partition("=")[2].partition(";")[0])
    for name in HEADERS:
        CANARY.know("signature", request.headers.get(name, ""))
    CANARY.know("token", request.headers.get("Authorization", "").removeprefix("Bearer "))
    try:
        sent = request.get_json(silent=True) if request.is_json else request.form
    except (HTTPException, RecursionError):
        return  # Its body was refused, and read by nobody.
    _learn_fields(sent)
    for name in TYPED:
        CANARY.know(name, str(sent.get(name, "")) if isinstance(sent, Mapping) else "")
    if response.is_json and not response.is_streamed:
        _learn_fields(response.get_json(silent=True))


def _learn_fields(body: Any) -> None:
    if not isinstance(body, Mapping):
        return
    _learn_fields(body.get("data"))
    names = [*KEYS, "merchant_auth"]
    # Bakong's hash is the number of a transfer, PayWay's is made with the key.
    names += ["hash"] if request.path.startswith(SIGNED) else []
    for name in names:
        value = body.get(name)
        if isinstance(value, str) and len(value) >= 2 * PART:
            CANARY.know(name, value)
