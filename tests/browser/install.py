"""Makes sure there is a Chromium for the browser tests: `python -m tests.browser.install`.

It takes the one that is named or installed, else Debian's package where it may install it, else
Playwright's own download. When none of them works it says what to install, and fails: a browser
test is never skipped.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache

_SHELL = "chromium-headless-shell"
"""Debian's Chromium without its windows: the tests take a quarter less time with it."""

_NAMES = (_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ADVICE = (
    "The browser tests need Chromium, and it could not be installed. Install it "
    "(Debian: apt-get install chromium; others: .venv/bin/python -m playwright install "
    "--with-deps chromium), or name one in POS_CHROMIUM."
)


class NoChromiumError(Exception):
    """There is no Chromium here that starts."""


def chromium_path() -> str:
    """Return the Chromium that the tests drive; NoChromiumError says how to get one."""
    found = _find()
    if found is None:
        raise NoChromiumError("There is no Chromium: run `make test`, which installs one.")
    return found


def install() -> str:
    """Return the path of a Chromium that starts, installed if need be; NoChromiumError if not."""
    found = _find()
    for way in (_install_debian, _install_playwright):
        if found is None:
            way()
            found = _look()
    if found is None:
        raise NoChromiumError(_ADVICE)
    return found


@cache
def _find() -> str | None:
    """Find it once: each look starts the browser."""
    return _look()


def _look() -> str | None:
    named = os.environ.get("POS_CHROMIUM")
    if named:
        if not _starts(named):
            raise NoChromiumError(f"POS_CHROMIUM={named}: it does not start.")
        return named
    for name in _NAMES:
        path = shutil.which(name)
        if path and _starts(path):
            return path
    own = _playwright_path()
    return own if _starts(own) else None


def _starts(path: str) -> bool:
    """Return whether it is a browser and not, as on some systems, a note on how to get one."""
    try:
        return _run([path, "--version"], seconds=30)
    except OSError:
        return False


def _playwright_path() -> str:
    """Ask in a process of its own: Playwright cannot be opened twice, and a test may have it."""
    ask = "from playwright.sync_api import sync_playwright as s\n"
    ask += "with s() as p: print(p.chromium.executable_path)"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def _install_debian() -> None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium with apt-get (about a minute).", flush=True)  # noqa: T201
    _run(["apt-get", "-qq", "update"], seconds=300)
    for package in (_SHELL, "chromium"):  # older releases have the second alone
        if _run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", package], 900):
            return


def _install_playwright() -> None:
    print("Installing Chromium with Playwright (about a minute).", flush=True)  # noqa: T201
    extra = ["--with-deps"] if os.geteuid() == 0 else []
    _run([sys.executable, "-m", "playwright", "install", *extra, "chromium"], seconds=900)


def _run(command: Sequence[str], seconds: float) -> bool:
    """Run a command quietly; return whether it went well within its time."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environ, capture_output=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        install()
    except NoChromiumError as problem:
        sys.exit(str(problem))
