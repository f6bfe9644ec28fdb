"""A client of the shop's JSON API, of Python's standard library alone."""

import json
import os
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any


class Refused(Exception):
    """The shop said no; `status` is the HTTP status, and the text its reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status


class Shop:
    """The shop at an address, with a file that holds this program's refresh token."""

    def __init__(self, base: str, token_file: Path) -> None:
        self._base, self._file = base.rstrip("/"), token_file
        self._access, self._ends = "", 0.0
        self._lock = threading.Lock()

    def get(self, path: str) -> Any:
        """Return what stands at an address."""
        return json.loads(self._ask("GET", path, None, self._token()))

    def picture(self, path: str) -> bytes:
        """Return a file, such as a QR's picture."""
        return self._ask("GET", path, None, self._token())

    def post(self, path: str, body: dict[str, Any], key: str = "") -> Any:
        """Do something, once for each `key`, and return the answer."""
        return json.loads(self._ask("POST", path, body, self._token(), key))

    def _token(self) -> str:
        """Return an access token, a new one half a minute before the last one ends."""
        with self._lock:
            if time.monotonic() >= self._ends - 30:
                spent = {"refresh_token": self._file.read_text().strip()}
                told = json.loads(self._ask("POST", "/api/v1/token", spent, ""))
                self._keep(told["refresh_token"])
                self._access = told["access_token"]
                self._ends = time.monotonic() + told["expires_in"]
            return self._access

    def _keep(self, refresh_token: str) -> None:
        """Write the next refresh token down at once: the last one is spent."""
        beside = self._file.with_suffix(".new")
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(refresh_token)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)

    def _ask(
        self, method: str, path: str, body: dict[str, Any] | None, token: str, key: str = ""
    ) -> bytes:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if key:
            request.add_header("Idempotency-Key", key)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as problem:
            with problem:
                told = json.loads(problem.read() or b"{}")
            raise Refused(problem.code, told.get("detail") or told.get("message", "")) from None
