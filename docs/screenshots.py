"""Plays the story of the README in a practice shop and takes its pictures: `make screenshots`.

It opens the shop with the launcher on free ports and a folder of its own, so nothing of a shop
that is there is touched, and writes docs/images/.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.install import chromium_path
from tests.browser.screens import DisplayPage, PhonePage, TillPage
from tests.factories import Person

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"

SIZE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
LARGEST_FILE = 300_000
GAP = 16
OPEN_SECONDS = 45
PAID_MS = 15_000
"""How long the worker may take to hear of a payment."""


@dataclass(frozen=True)
class Place:
    """An open practice shop: its addresses and the cashier's login."""

    shop: str
    bank: str
    cashier: Person


@contextmanager
def open_shop(folder: Path) -> Iterator[Place]:
    """Open the practice shop with its data in the folder, and end it."""
    shop, bank = _free_ports(2)
    ours = {"POS_PORT": shop, "SANDBOX_PORT": bank, "POS_INSTANCE": str(folder / "instance")}
    others = {name: text for name, text in os.environ.items() if not name.startswith("POS_")}
    output = folder / "output"
    with output.open("wb") as written:
        launcher = subprocess.Popen(
            [sys.executable, "-m", "pos.launch"], cwd=ROOT, env=others | ours, stdout=written
        )
    try:
        _wait_open(launcher, output)
        logins = json.loads((folder / "instance" / "demo-logins.json").read_text())
        cashier = next(one for one in logins if one["role"] == "cashier")
        person = Person(0, cashier["username"], cashier["password"])
        yield Place(f"http://127.0.0.1:{shop}", f"http://127.0.0.1:{bank}", person)
    finally:
        launcher.send_signal(signal.SIGINT)
        launcher.wait(10)


def _free_ports(count: int) -> list[str]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _wait_open(launcher: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + OPEN_SECONDS
    while "Ctrl-C ends" not in output.read_text():
        if launcher.poll() is not None or time.monotonic() > end:
            raise SystemExit("The practice shop did not open.")
        time.sleep(0.1)


def play(browser: Browser, place: Place) -> None:
    """Play the story, from the login to the report, and take the pictures on the way."""
    till, display = TillPage(_page(browser), place.shop), DisplayPage(_page(browser), place.shop)
    phone = PhonePage(_page(browser, PHONE), place.bank)
    till.log_in(place.cashier)
    till.open_shift()
    display.open()
    till.pair(display.code())
    display.sees("idle")
    for keys, currency in (("1250", "USD"), ("15000", "KHR"), ("475", "USD")):
        _sell(till, display, phone, keys, currency)
    till.charge(*"350")
    display.sees("waiting")
    expect(display.qr).to_be_visible()
    expect(till.panel).to_contain_text("Bank last said not paid", timeout=PAID_MS)
    take(till.page, "till")
    take(display.page, "display")
    phone.pay(display.scan())
    display.sees("paid", PAID_MS)
    take(display.page, "paid")
    till.sees("idle", PAID_MS)
    till.close_shift()
    expect(till.page.get_by_role("button", name="Print A4")).to_be_visible()
    take(till.page, "report")


def _page(browser: Browser, size: dict[str, int] = SIZE) -> Page:
    return browser.new_context(viewport=size, timezone_id="Asia/Phnom_Penh").new_page()


def _sell(till: TillPage, display: DisplayPage, phone: PhonePage, keys: str, currency: str) -> None:
    till.charge(*keys, currency=currency)
    display.sees("waiting")
    phone.pay(display.scan())
    display.sees("paid", PAID_MS)
    till.sees("idle", PAID_MS)


def take(page: Page, name: str) -> None:
    """Write a picture of the page as it stands, small enough for a repository."""
    path = IMAGES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    save(Image.open(path), path)


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture with 256 colours; SystemExit for one that is too large all the same."""
    picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST_FILE:
        raise SystemExit(f"{path.name} is larger than {LARGEST_FILE} bytes.")


def put_together() -> None:
    """Write the four pictures as one, at half their size, for the top of the README."""
    width, height = SIZE["width"] // 2, SIZE["height"] // 2
    whole = Image.new("RGB", (2 * width + 3 * GAP, 2 * height + 3 * GAP), "#d5d9df")
    for index, name in enumerate(("till", "display", "paid", "report")):
        small = Image.open(IMAGES / f"{name}.png").convert("RGB")
        small = small.resize((width, height), Image.Resampling.LANCZOS)
        column, row = index % 2, index // 2
        whole.paste(small, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    save(whole, IMAGES / "counter.png")


def main() -> None:
    """Make every picture anew."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open_shop(Path(folder)) as place:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            play(browser, place)
            browser.close()
    put_together()


if __name__ == "__main__":
    main()
