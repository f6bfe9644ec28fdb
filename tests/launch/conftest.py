import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[2]


@dataclass
class Start:
    """One start of the launcher in a process of its own, as a person starts it."""

    process: subprocess.Popen
    output: Path
    errors: Path
    instance: Path
    shop: str
    bank: str
    how: tuple = ()

    def wait_open(self):
        end = time.monotonic() + 45
        while "Ctrl-C ends" not in self.output.read_text():
            assert self.process.poll() is None, self.errors.read_text()
            assert time.monotonic() < end, "it did not open in time"
            time.sleep(0.05)
        return self.output.read_text()

    def parts(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, number=signal.SIGINT):
        """Send a signal; return the exit status, the seconds it took, and who is left."""
        parts, begin = self.parts(), time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(10)
        seconds = time.monotonic() - begin
        return status, seconds, psutil.wait_procs(parts, timeout=5)[1]


def free_ports(count):
    """Ports that nobody listens on, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [str(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


@pytest.fixture(scope="module")
def launch(tmp_path_factory):
    """Start the launcher; whatever a test leaves running is ended after the module."""
    starts = []

    def start(*arguments, instance=None, through=(), stdin=subprocess.DEVNULL, **environ):
        folder = tmp_path_factory.mktemp("start")
        instance = instance or folder / "instance"
        shop, bank = free_ports(2)
        ours = {"POS_PORT": shop, "SANDBOX_PORT": bank, "POS_INSTANCE": str(instance), **environ}
        theirs = {name: text for name, text in os.environ.items() if not name.startswith("POS_")}
        output, errors = folder / "output", folder / "errors"
        with output.open("wb") as out, errors.open("wb") as err:
            process = subprocess.Popen(
                [*through, sys.executable, "-m", "pos.launch", *arguments],
                cwd=ROOT,
                stdin=stdin,
                env=theirs | ours,
                stdout=out,
                stderr=err,
            )
        urls = [f"http://127.0.0.1:{ours[name]}" for name in ("POS_PORT", "SANDBOX_PORT")]
        starts.append(Start(process, output, errors, Path(instance), *urls))
        return starts[-1]

    yield start
    for each in starts:
        each.process.terminate()
        each.process.wait(10)
