"""Thousands of screens at a server of two processes: what they cost, and how soon they know.

They ask as the page does (`static/js/poll-watch.js`). Another program commits meanwhile.
"""

import asyncio
import re
import resource
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import psutil

from pos.config import Settings
from tests.bench import served, tills
from tests.bench.tills import Asker

WARM_SECONDS = 15.0
QUIET_SECONDS = 15.0
WARM_EVENTS, EVENTS = 20, 120
PAUSE = 0.2
"""Seconds between two commits."""

DRAIN_SECONDS = 8.0
GAP = 1.0
"""Seconds between two questions of a screen, unless its answer took longer."""

_NEXT = re.compile(rb'hx-get="[^"]*seen=([^"&]+)"')


@dataclass
class Told:
    """What was seen of one run: milliseconds from a commit to the answer, and shares of a core."""

    waits: bool
    delays: list[float] = field(default_factory=list)
    errors: int = 0
    missed: int = 0
    quiet: float = 0.0
    busy: float = 0.0
    asked: int = 0
    a_second: int = 0

    @property
    def middle(self) -> float:
        """The median of the delays."""
        return median(self.delays)

    @property
    def slow(self) -> float:
        """The delay that 95 of 100 keep."""
        return quantiles(self.delays, n=20)[-1]


def measure(folder: Path, screens: int, *, waits: bool) -> Told:
    """Serve so many screens for a minute and a half; they wait for news, or ask each second."""
    _allow_files(4 * screens)
    with tills.opened(folder, screens // 2) as (askers, settings):
        with _gunicorn(settings, screens if waits else 0) as (server, port):
            return asyncio.run(_Run(askers, settings, port, server, waits).all())


class _Run:
    def __init__(
        self,
        askers: list[Asker],
        settings: Settings,
        port: int,
        server: psutil.Process,
        waits: bool,
    ) -> None:
        self.askers, self.port, self.server = askers, port, server
        self.told = Told(waits)
        self.committed: dict[int, float] = {}
        self.versions: dict[int, int] = {}
        self.books = sqlite3.connect(settings.instance / "pos.db", timeout=10)
        self.books.execute("PRAGMA synchronous = FULL")

    async def all(self) -> Told:
        """Ask from all screens, first in quiet, then while somebody commits."""
        tasks = [asyncio.create_task(self._screen(*one)) for one in enumerate(self.askers)]
        await asyncio.sleep(WARM_SECONDS)
        # A process draws its first fragments slowly: it reads the templates.
        await self._commit(WARM_EVENTS)
        await asyncio.sleep(GAP)
        self.told.delays.clear()
        begin, cpu, asked = time.perf_counter(), self._cpu(), self.told.asked
        await asyncio.sleep(QUIET_SECONDS)
        spent = time.perf_counter() - begin
        self.told.quiet = (self._cpu() - cpu) / spent
        self.told.a_second = round((self.told.asked - asked) / spent)
        begin, cpu = time.perf_counter(), self._cpu()
        await self._commit(EVENTS)
        self.told.busy = (self._cpu() - cpu) / (time.perf_counter() - begin)
        await asyncio.sleep(DRAIN_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.books.close()
        self.told.missed = sum(self._is_behind(one) for one in self.askers)
        return self.told

    def _cpu(self) -> float:
        return sum(served.cpu_seconds(one) for one in self.server.children())

    async def _commit(self, events: int) -> None:
        chosen = [one.till_id for one in self.askers[::2]][:: max(1, len(self.askers) // 2 // 97)]
        for number in range(events):
            till_id = chosen[number % len(chosen)]
            newer = "UPDATE till SET screen_version = screen_version + 1 WHERE id = ?"
            self.books.execute(newer, (till_id,))
            self.books.commit()
            self.committed[till_id] = time.perf_counter()
            asked = "SELECT screen_version FROM till WHERE id = ?"
            self.versions[till_id] = self.books.execute(asked, (till_id,)).fetchone()[0]
            await asyncio.sleep(PAUSE)

    def _is_behind(self, asker: Asker) -> bool:
        newest = self.versions.get(asker.till_id)
        return newest is not None and int(asker.seen.split("-")[1]) < newest

    async def _screen(self, number: int, asker: Asker) -> None:
        await asyncio.sleep(number % 997 / 997 * WARM_SECONDS / 2)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            while True:
                begin = time.perf_counter()
                try:
                    await self._ask(asker, reader, writer)
                except (OSError, asyncio.IncompleteReadError):
                    self.told.errors += 1
                    writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                await asyncio.sleep(max(0.0, begin + GAP - time.perf_counter()))
        finally:
            writer.close()

    async def _ask(
        self, asker: Asker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        wish = f"Prefer: wait={asker.wait}\r\n" if self.told.waits else ""
        writer.write(
            f"GET {asker.path}?seen={asker.seen} HTTP/1.1\r\nHost: localhost\r\n"
            f"Cookie: {asker.cookie}\r\nHX-Request: true\r\n{wish}\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        heard = time.perf_counter()
        self.told.asked += 1
        length = re.search(rb"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        if head[9:12] == b"200" and (new := _NEXT.search(body)):
            asker.seen = new[1].decode()
            if asker.till_id in self.committed:
                self.told.delays.append((heard - self.committed[asker.till_id]) * 1e3)
        elif head[9:12] != b"204":
            self.told.errors += 1


def _allow_files(wanted: int) -> None:
    """Let this process, and the server it starts, open so many connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


@contextmanager
def _gunicorn(settings: Settings, waiting: int) -> Iterator[tuple[psutil.Process, int]]:
    """Serve the shop from two processes; one may get nearly all connections, and so the threads."""
    port, threads = served.free_port(), 16 + waiting * 4 // 3
    command = [part for part in served.command(port) if "--threads" not in part]
    command = [part.replace("--workers=1", "--workers=2") for part in command]
    command[-1:-1] = [
        f"--threads={threads}",
        f"--worker-connections={threads + 2 * waiting + 3000}",
    ]
    command[-1:-1] = ["--backlog=4096"]
    server = subprocess.Popen(command, cwd=served.ROOT, env=served.environ(settings))
    try:
        served.wait_for(server, port)
        yield psutil.Process(server.pid), port
    finally:
        server.terminate()
        server.wait(20)
