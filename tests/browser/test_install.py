import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.install import chromium_path

ROOT = Path(__file__).parents[2]


def run_install(path: Path, **environ):
    """Run the installer as `make test` does, where only `path` holds programs."""
    return subprocess.run(
        [sys.executable, "-m", "tests.browser.install"],
        cwd=ROOT,
        env={
            "PATH": str(path),
            "PLAYWRIGHT_BROWSERS_PATH": str(path / "playwright"),
            "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
            **environ,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


def write_program(path: Path, text: str):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_the_browser_of_the_tests_starts():
    version = subprocess.run([chromium_path(), "--version"], capture_output=True, text=True)
    assert "Chrom" in version.stdout


def test_a_named_browser_that_does_not_start_fails_in_one_line(tmp_path):
    done = run_install(tmp_path, POS_CHROMIUM="/bin/false")
    assert done.returncode == 1
    assert done.stderr == "POS_CHROMIUM=/bin/false: it does not start.\n"


def test_without_any_browser_it_fails_and_says_what_to_install(tmp_path):
    done = run_install(tmp_path)
    assert done.returncode == 1
    assert "apt-get install chromium" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may install a Debian package")
def test_root_gets_the_package_of_debian(tmp_path):
    browser = tmp_path / "chromium"
    write_program(
        tmp_path / "apt-get",
        f"[ $2 = update ] || {{ printf '#!/bin/sh\\n' >{browser}; /bin/chmod +x {browser}; }}",
    )
    done = run_install(tmp_path)
    assert done.returncode == 0, done.stderr
    assert browser.exists()


def test_a_browser_that_is_only_a_note_is_passed_over(tmp_path):
    write_program(tmp_path / "chromium", "echo install me from elsewhere; exit 1")
    assert run_install(tmp_path).returncode == 1
