import os
import subprocess
from datetime import timedelta
from urllib.parse import quote

import pytest

from tests.browser.install import chromium_path
from tests.sandbox.conftest import Caller
from tests.sandbox.qrs import make_qr

pytestmark = pytest.mark.browser


def seen_after(milliseconds: int, bank: Caller, qr: str) -> str:
    # The virtual time budget makes the page believe so long has gone by; it is over sooner.
    flags = ["--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
    flags += ["--disable-background-networking", f"--virtual-time-budget={milliseconds}"]
    flags += ["--no-sandbox"] if os.geteuid() == 0 else []
    address = f"{bank.http.base_url}/phone?qr={quote(qr)}"
    command = [chromium_path(), *flags, "--dump-dom", address]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_phone_counts_down(far_bank: Caller) -> None:
    page = seen_after(2000, far_bank, make_qr())
    assert "Expires in 4:5" in page
    assert "Valid until 10:05:00" not in page


def test_phone_warns_in_the_last_minute(far_bank: Caller) -> None:
    page = seen_after(2000, far_bank, make_qr(lifetime=timedelta(seconds=40)))
    assert 'data-state="soon"' in page


def test_phone_says_when_the_time_is_over(far_bank: Caller) -> None:
    page = seen_after(5000, far_bank, make_qr(lifetime=timedelta(seconds=3)))
    assert "This QR has expired" in page
    assert 'data-state="over"' in page
