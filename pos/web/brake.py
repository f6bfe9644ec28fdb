"""A brake for doors that anybody may knock at: so many a second, and no more.

It counts in the memory of one process, before anything is read or written: it spares processor
and disk. What limits guessing is counted in the database, for all processes together.
"""

import threading
import time


class Brake:
    """Lets so many pass in a second, with a burst now and then."""

    def __init__(self, a_second: float, at_once: int) -> None:
        self._a_second, self._at_once = a_second, at_once
        self._left, self._at = float(at_once), time.monotonic()
        self._lock = threading.Lock()

    def lets_pass(self) -> bool:
        """Return whether one more may pass now, and count it."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self._at_once, self._left + (now - self._at) * self._a_second)
            self._at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True
