"""Processes that are started, watched and ended together; none outlives the launcher."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

from pos.errors import PosError

END_SECONDS = 4.0
"""How long a child may take to end by itself before it is ended."""

_STEP_SECONDS = 0.05

_FOLLOW = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.argv[1], sys.argv[1:])"
)
_FOLLOWING = [sys.executable, "-I", "-S", "-c", _FOLLOW] if sys.platform == "linux" else []
"""What starts a program so that it is told to end if the launcher is killed outright: on Linux,
`prctl(PR_SET_PDEATHSIG, SIGTERM)`. Not a `preexec_fn`, which is unsafe beside threads.
"""


class ChildFailed(PosError):
    """A part ended by itself or never became ready; the text says which and where to look."""


class Stopped(Exception):
    """The person, or the system, wants an end. No error."""


class Stop:
    """Notes whatever asks for an end; what is at work then ends at a clean place."""

    def __init__(self) -> None:
        self.asked = False
        self._watches_terminal = False
        self._parent: int | None = None

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and the loss of the terminal, or of make, ask for an end."""
        signal.signal(signal.SIGINT, self._note)
        signal.signal(signal.SIGTERM, self._note)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
            signal.signal(signal.SIGHUP, self._note)
            self._watches_terminal = os.isatty(0)
        if "MAKELEVEL" in os.environ:
            self._parent = os.getppid()

    def pause(self) -> None:
        """Wait a moment; Stopped if an end was asked for."""
        time.sleep(_STEP_SECONDS)
        if self.asked or self._is_deserted():
            raise Stopped

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def _is_deserted(self) -> bool:
        """Whether terminal or make went away without a signal: it reaches only one of a session."""
        if self._watches_terminal and not os.isatty(0):
            return True
        return self._parent is not None and os.getppid() != self._parent


@dataclass(frozen=True)
class Child:
    """One process, leader of its own group, that writes to its own log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    log_start: int

    def failure(self, what: str) -> ChildFailed:
        """Return the error that says what happened to it, in one line."""
        return ChildFailed(f"The {self.name} {what}{self._last_error()} (its log: {self.log}).")

    def _last_error(self) -> str:
        """Return the last line it wrote that names an error, to be put into a sentence."""
        with self.log.open("rb") as file:
            file.seek(self.log_start)
            lines = file.read().decode(errors="replace").splitlines()
        errors = [line for line in lines if "Error" in line and not line.startswith(" ")]
        return f": {errors[-1]}" if errors else ""

    def tell(self, number: signal.Signals) -> None:
        """Send a signal to all of its group that is left."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


@dataclass
class Children:
    """The processes of one start. Leaving the `with` ends them all within five seconds."""

    logs: Path
    stop: Stop
    running: list[Child] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def start(self, name: str, command: Sequence[str], environ: Mapping[str, str]) -> Child:
        """Start a process whose output is added to `<logs>/<name>.log`."""
        path = self.logs / f"{name.replace(' ', '-')}.log"
        with path.open("ab") as log:
            log_start = log.tell()
            process = subprocess.Popen(
                [*_FOLLOWING, *command],
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        child = Child(name, process, path, log_start)
        self.running.append(child)
        return child

    def wait_ready(self, child: Child, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until a child is ready; ChildFailed if it takes longer or any child ends."""
        end = time.monotonic() + seconds
        while not is_ready():
            self._check()
            if time.monotonic() > end:
                raise child.failure(f"was not ready within {seconds:g} s")

    def wait_done(self, child: Child) -> None:
        """Wait until a child has done its work; ChildFailed if it, or another one, failed."""
        while child.process.poll() is None:
            self._check(child)
        if child.process.returncode:
            raise child.failure("could not do its work")
        self.running.remove(child)

    def watch(self) -> None:
        """Look after them until an end is asked for (Stopped) or one ends (ChildFailed)."""
        while True:
            self._check()

    def end(self) -> None:
        """End every child and all that it started: asked first, then made to."""
        for child in self.running:
            child.tell(signal.SIGTERM)
        deadline = time.monotonic() + END_SECONDS
        for child in self.running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, deadline - time.monotonic()))
        for child in self.running:
            child.tell(signal.SIGKILL)
            child.process.wait()
        self.running.clear()

    def _check(self, passing: Child | None = None) -> None:
        """Wait a moment and look: all but the one that is to end by itself must be there."""
        self.stop.pause()
        for child in self.running:
            if child is not passing and child.process.poll() is not None:
                raise child.failure(f"ended by itself (status {child.process.returncode})")
