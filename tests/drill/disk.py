"""What happens to the database: held by another program, or its disk is full."""

import contextlib
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.drill.lines import Line, after
from tests.drill.scene import Scene

REFUSED = (503, 507)


def locked_a_little(scene: Scene) -> Line:
    """Another program holds the database for three seconds."""
    with ThreadLock(scene, 3):
        cash = scene.second.sell_for_cash()
    return Line("the database is held for 3 s", f"cash took {cash:.1f} s", 2 <= cash <= 12)


class ThreadLock:
    """Holds the database for so many seconds, in a program of its own."""

    def __init__(self, scene: Scene, seconds: float) -> None:
        self._path = scene.shop.books.removeprefix("sqlite:///")
        self._seconds = seconds

    def __enter__(self) -> None:
        script = (
            "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], isolation_level=None); "
            "c.execute('BEGIN EXCLUSIVE'); print('held', flush=True); "
            "time.sleep(float(sys.argv[2]))"
        )
        command = [sys.executable, "-c", script, self._path, str(self._seconds)]
        self._other = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._other.stdout is not None
        assert self._other.stdout.readline() == b"held\n", "the database could not be held"

    def __exit__(self, *_: object) -> None:
        self._other.kill()
        self._other.communicate()


def locked_for_long(scene: Scene) -> Line:
    """Another program holds the database for half a minute."""
    page = scene.second.page()
    form = scene.second.form(page)
    with ThreadLock(scene, 30):
        began = time.monotonic()
        answer = scene.second.browser.once("POST", "/till/charge", form)
        waited = time.monotonic() - began
        reads = scene.second.browser.once("GET", "/till").status_code
    told = "Nothing was saved" in answer.text
    panel = scene.second.charged(form, scene.second.browser.post("/till/charge", form, page.csrf))
    count = scene.sales_by(form["key"])
    scene.shop.pay(panel.qr)
    scene.second.wait("paid", 40)
    seen = f"{answer.status_code} after {waited:.0f} s, pages {reads}, then {count} sale"
    held = (answer.status_code, told, reads, count) == (503, True, 200, 1)
    return Line("the database is held for longer than anybody waits", seen, held)


def full(scene: Scene) -> Line:
    """The disk is full, and after a while there is room again."""
    page = scene.till.page()
    form = scene.till.form(page)
    with no_room(scene):
        answer = scene.till.browser.once("POST", "/till/charge", form)
        pages = [scene.till.browser.once("GET", one).status_code for one in ("/till", "/shifts")]
        time.sleep(4)
        worker = scene.shop.running["worker"].process.poll() is None
    panel = scene.till.charged(form, scene.till.browser.post("/till/charge", form, page.csrf))
    scene.shop.pay(panel.qr)
    green, ready = scene.wait_paid(panel.tran_id, 40), scene.shop.wait_ready(20)
    seen = f"a sale {answer.status_code}, pages {pages}, then 1 sale paid {after(green)}"
    right = answer.status_code in REFUSED and pages == [200, 200] and worker
    held = right and scene.sales_by(form["key"]) == 1 and None not in (green, ready)
    return Line(f"the disk is full ({_way(scene)})", seen, held)


def _way(scene: Scene) -> str:
    return "a small file system" if is_small(scene.shop.instance.folder) else "files may not grow"


@contextmanager
def no_room(scene: Scene) -> Iterator[None]:
    """Leave no room for a byte more; where the disk is not the drill's own, by a limit."""
    folder = scene.shop.instance.folder
    if is_small(folder):
        ballast = folder / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)
        yield
        ballast.unlink()
        return
    pids = [*scene.shop.pids("web"), *scene.shop.pids("worker")]
    # No byte more for what SQLite writes next; logs are shorter, and go on.
    log = Path(f"{scene.shop.books.removeprefix('sqlite:///')}-wal")
    _limit(pids, log.stat().st_size)
    yield
    _limit(pids, resource.RLIM_INFINITY)


def _limit(pids: list[int], size: int) -> None:
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[None]:
    """Make a folder a small disk of its own where this is allowed; else it stays a folder."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        is_mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    try:
        yield
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


def is_small(folder: Path) -> bool:
    """Return whether a folder is a disk of its own."""
    return folder.is_mount()


def is_whole(books: str) -> bool:
    """Return whether SQLite finds nothing wrong with a database."""
    with closing(sqlite3.connect(books.removeprefix("sqlite:///"))) as other:
        return bool(other.execute("PRAGMA integrity_check").fetchone()[0] == "ok")
