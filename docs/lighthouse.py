"""Lets Lighthouse judge four screens of a practice shop and prints its figures: `make lighthouse`.

It needs Node 22 or newer and, where no `lighthouse` is on the PATH, the network: npm then puts
one into .venv. Each figure is of 100; one under 95 ends it with 1.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from docs.screenshots import FLAGS, ROOT, SIZE, Place, open_shop
from tests.browser.install import chromium_path
from tests.browser.screens import DisplayPage, TillPage

LEAST = 95
TRIES = 2
"""A busy machine is slow for a moment: the better of so many judgements counts."""

CATEGORIES = ("performance", "accessibility", "best-practices")
PACKAGE = "lighthouse@13"
OWN = ROOT / ".venv" / "lighthouse"
INSTALL_SECONDS, JUDGE_SECONDS = 300, 120


def find() -> str:
    """Return the path of Lighthouse, installed with npm if need be; SystemExit where it cannot."""
    own = OWN / "node_modules" / ".bin" / "lighthouse"
    found = shutil.which("lighthouse") or (str(own) if own.exists() else None)
    if found:
        return found
    if not shutil.which("npm"):
        raise SystemExit("Lighthouse needs Node and npm (Debian: apt-get install npm).")
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(OWN), PACKAGE]
    subprocess.run(command, check=True, timeout=INSTALL_SECONDS, stdout=sys.stderr)
    return str(own)


def cookies_of(place: Place) -> dict[str, str]:
    """Log a cashier in, open a shift, pair a screen; return who is who, for each screen's page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        till = TillPage(browser.new_page(viewport=SIZE), place.shop)
        display = DisplayPage(browser.new_page(viewport=SIZE), place.shop)
        till.log_in(place.cashier)
        till.open_shift()
        display.open()
        till.pair(display.code())
        display.sees("idle")
        staff, customer = _cookies(till.page), _cookies(display.page)
        browser.close()
    return {"/login": "", "/till": staff, "/display": customer, "/shifts": staff}


def _cookies(page: Page) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())


def judge(program: str, address: str, cookie: str, folder: Path) -> tuple[int, ...]:
    """Return the figures of one page, in the order of `CATEGORIES`."""
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": cookie} if cookie else {}))
    options = [f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={headers}"]
    options += ["--quiet", "--output=json", f"--chrome-flags={' '.join(FLAGS)}"]
    environ = {**os.environ, "CHROME_PATH": chromium_path()}
    done = subprocess.run(
        [program, address, *options], env=environ, capture_output=True, timeout=JUDGE_SECONDS
    )
    if done.returncode:
        raise SystemExit(done.stderr.decode()[-2_000:])
    found = json.loads(done.stdout)["categories"]
    return tuple(round(100 * (found[name]["score"] or 0)) for name in CATEGORIES)


def main() -> int:
    """Judge each screen, print its figures, and return 1 where one is too low."""
    program, low = find(), False
    with tempfile.TemporaryDirectory() as name, open_shop(Path(name)) as place:
        print(f"{'':10}", *CATEGORIES)  # noqa: T201
        for path, cookie in cookies_of(place).items():
            best: tuple[int, ...] = ()
            for _ in range(TRIES):
                best = max(best, judge(program, place.shop + path, cookie, Path(name)))
                if min(best) >= LEAST:
                    break
            low = low or min(best) < LEAST
            print(f"{path:10}", *best, flush=True)  # noqa: T201
    return int(low)


if __name__ == "__main__":
    sys.exit(main())
