"""How many requests were answered, and how quickly, by all web processes of this machine.

The counts lie in one small file of the instance folder, which every process adds to under a
lock: so each of them can tell the sum, and a restart begins nothing anew. A request is never
held up or failed by it: what cannot be counted is not.
"""

import fcntl
import logging
import os
import struct
import threading
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

NAME = "requests.counts"

BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 8.0)
"""Upper bounds of the buckets, in seconds; a last one has what took longer."""

CLASSES = ("2xx", "3xx", "4xx", "5xx")

_BUCKETS = len(BOUNDS) + 1
_ROW = _BUCKETS + 1
"""A class has its buckets and then the sum of its microseconds, each a number of 8 bytes."""

_FORM = struct.Struct(f"<{_ROW * len(CLASSES)}Q")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClassCounts:
    """The requests of one class; `up_to` counts those up to each bound, and then all."""

    name: str
    up_to: tuple[int, ...]
    seconds: float


class Counts:
    """The counts in one file; safe between threads and between processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mine = threading.Lock()
        self._file = -1

    @classmethod
    def of(cls, instance: Path) -> "Counts":
        """Return the counts that lie in an instance folder."""
        return cls(instance / NAME)

    def note(self, status: int, seconds: float) -> None:
        """Count one answer."""
        row = min(max(status // 100, 2), 5) - 2
        bucket = sum(seconds > bound for bound in BOUNDS)
        try:
            with self._mine:
                self._add(row * _ROW + bucket, row * _ROW + _BUCKETS, int(seconds * 1_000_000))
        except OSError as problem:
            log.debug("a request was not counted: %s", problem.strerror)

    def read(self) -> tuple[ClassCounts, ...]:
        """Return the counts of all processes of this machine; OSError where there are none."""
        with self._mine:
            numbers = _FORM.unpack(self._bytes(self._opened()))
        rows = (numbers[at : at + _ROW] for at in range(0, len(numbers), _ROW))
        return tuple(
            ClassCounts(name, tuple(accumulate(row[:_BUCKETS])), row[_BUCKETS] / 1_000_000)
            for name, row in zip(CLASSES, rows, strict=True)
        )

    def _add(self, bucket: int, total: int, took: int) -> None:
        file = self._opened()
        fcntl.lockf(file, fcntl.LOCK_EX)
        try:
            numbers = list(_FORM.unpack(self._bytes(file)))
            numbers[bucket] += 1
            numbers[total] += took
            os.pwrite(file, _FORM.pack(*numbers), 0)
        finally:
            fcntl.lockf(file, fcntl.LOCK_UN)

    def _bytes(self, file: int) -> bytes:
        return os.pread(file, _FORM.size, 0).ljust(_FORM.size, b"\0")

    def _opened(self) -> int:
        if self._file < 0:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        return self._file
