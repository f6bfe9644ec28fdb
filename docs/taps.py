"""Counts the taps and measures the seconds of two reference amounts: `python -m docs.taps`.

It opens the practice shop as `docs.screenshots` does, with a till and a paired customer screen,
and prints for $3.50 and ៛15,000 the taps, the seconds of the tapping by a program, and the
seconds from the press of Charge until the QR is on the customer's screen.
"""

import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, expect, sync_playwright

from docs.screenshots import FLAGS, PAID_MS, SIZE, Place, open_shop
from tests.browser.install import chromium_path
from tests.browser.screens import DisplayPage, TillPage

ROUNDS = 7
MOST_TAPS = 4
MOST_SECONDS = 1.0
"""The 95th of a hundred sales has its QR on the display within this, from the press of Charge."""

AMOUNTS = (("$3.50", "USD", ("3", "5", "0")), ("៛15,000", "KHR", ("1", "5", "000")))
"""What is charged, in which currency, by which keys before Charge."""


@dataclass(frozen=True)
class Measured:
    """One reference amount: its taps, and the seconds of each round."""

    amount: str
    taps: int
    tapping: tuple[float, ...]
    to_qr: tuple[float, ...]

    @property
    def line(self) -> str:
        """The figures as a line of the table."""
        return (
            f"{self.amount:10}{self.taps:>5}{median(self.tapping):>12.2f}"
            f"{median(self.to_qr):>16.2f}{max(self.to_qr):>12.2f}"
        )

    @property
    def is_met(self) -> bool:
        """Whether it takes no more taps, and no longer, than it may."""
        return self.taps <= MOST_TAPS and median(self.to_qr) <= MOST_SECONDS


def measure(browser: Browser, place: Place) -> list[Measured]:
    """Charge and cancel each amount some times over, at a till with its customer screen."""
    till = TillPage(browser.new_context(viewport=SIZE).new_page(), place.shop)
    display = DisplayPage(browser.new_context(viewport=SIZE).new_page(), place.shop)
    till.log_in(place.cashier)
    till.open_shift()
    display.open()
    till.pair(display.code())
    display.sees("idle")
    return [_measure(till, display, *one) for one in AMOUNTS]


def _measure(
    till: TillPage, display: DisplayPage, amount: str, currency: str, keys: tuple[str, ...]
) -> Measured:
    till.choose(currency)
    rounds = [_round(till, display, amount, keys) for _ in range(ROUNDS)]
    tapping, to_qr = zip(*rounds, strict=True)
    return Measured(amount, len(keys) + 1, tapping, to_qr)


def _round(
    till: TillPage, display: DisplayPage, amount: str, keys: tuple[str, ...]
) -> tuple[float, float]:
    """Return the seconds of the keys, and from Charge to the QR; the sale is cancelled after."""
    begin = time.monotonic()
    till.press(*keys)
    pressed = time.monotonic()
    till.press("Charge")
    expect(display.qr).to_be_visible()
    shown = time.monotonic()
    expect(till.status).to_have_text(f"Waiting for {amount}")
    till.press("Cancel")
    till.sees("cancelled", PAID_MS)
    expect(display.qr).to_have_count(0)
    return pressed - begin, shown - pressed


def main() -> int:
    """Measure and print; 1 where an amount takes too many taps or too long."""
    with tempfile.TemporaryDirectory() as folder, open_shop(Path(folder)) as place:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            found = measure(browser, place)
            browser.close()
    head = f"{'':10}{'taps':>5}{'tapping, s':>12}{'Charge to QR, s':>16}{'longest, s':>12}"
    load = os.getloadavg()[0]
    busy = f"Busy, load {load:.0f}: count the taps, and measure the seconds again later."
    if load > (os.cpu_count() or 1):
        sys.stdout.write(busy + "\n")
    sys.stdout.write("\n".join([head, *(one.line for one in found), ""]))
    return int(not all(one.is_met for one in found))


if __name__ == "__main__":
    sys.exit(main())
